// Files of the path that is played: one at a time, a piece at a time, until it is offered as a download or cancelled.

import { saveFile } from "../files/save-file.js";
import { encodeGif, encodeStrip, recordWebm } from "./film-encoder.js";
import { filmName, filmOrder } from "./film-name.js";
import { STRIP } from "./path-counts.js";

export class FilmExport {
  #state;
  #paths;
  #save;
  #current = null; // a token of the file under way

  /** `paths`: a PathController; `save(blob, name)` offers a file. */
  constructor({ state, paths, save = saveFile }) {
    this.#state = state;
    this.#paths = paths;
    this.#save = save;
  }

  /** `kind`: "gif" or "webm", of `count` pictures along the path and maybe `back`; or "png", the strip. */
  async make(kind, { path, count, back }) {
    const current = {};
    this.#current = current;
    const { source } = this.#state.paths.value;
    const ends = this.#state.ends.value;
    const pictures = kind === "png" ? STRIP : count;
    const order = filmOrder(pictures, kind !== "png" && back);
    const name = filmName({ source, ends, path, count: order.length, suffix: kind });
    const wanted = () => this.#current === current;
    const show = (change) => {
      if (wanted())
        this.#state.film.value = { status: "working", kind, done: 0, of: order.length, name, ...change };
    };
    show({});
    try {
      const along = await this.#paths.pictures(path, pictures, { wanted });
      const blob = along && (await encoded(kind, along, order, { report: (done) => show({ done }), wanted }));
      if (!wanted()) return;
      this.#save(blob, name);
      show({ status: "saved", done: order.length, bytes: blob.size });
    } catch (error) {
      show({ status: "failed", trouble: error });
    }
  }

  cancel() {
    this.#current = null;
    const { film } = this.#state;
    if (film.value.status === "working") film.value = { ...film.value, status: "cancelled" };
  }
}

async function encoded(kind, pictures, order, options) {
  if (kind === "png") return encodeStrip(pictures);
  if (kind === "webm") return recordWebm(pictures, order, options);
  const bytes = await encodeGif(pictures, order, options);
  return bytes && new Blob([bytes], { type: "image/gif" });
}
