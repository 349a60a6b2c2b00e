// How a path becomes a file: how many pictures, which format, how far it is.

import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";
import { setText } from "./dom.js";
import { onFrame } from "./frame.js";

export class FilmControls {
  #root;
  #props;
  #note = ""; // about the number of pictures
  #draw;

  /**
   * `allowed(typed, back)`: {count, most, corrected}, as many pictures as there may be; `actions`: `make(kind, {count, back})` with the kinds "gif",
   * "webm" and "png", `cancel()`.
   */
  constructor(root, allowed, actions) {
    this.#root = root;
    this.#draw = onFrame(() => this.#paint(), root);
    const [count, back] = [this.#find("#film-count"), this.#find("#film-back")];
    const check = () => {
      const { count: taken, most, corrected } = allowed(Number.parseFloat(count.value), back.checked);
      count.value = String(taken);
      this.#note = corrected ? text("paths.film.corrected", { most }) : "";
      if (this.#props) this.#draw();
      return { count: taken, back: back.checked };
    };
    for (const field of [count, back]) field.addEventListener("change", check);
    for (const kind of ["gif", "webm", "png"])
      this.#find(`#film-${kind}`).addEventListener("click", () => actions.make(kind, check()));
    this.#find("#film-cancel").addEventListener("click", () => actions.cancel());
  }

  /** `film` as in the state, with its `trouble` as a sentence; `ready`: whether there is a path; `webm`: whether this browser records videos. */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #paint() {
    const { film, ready, webm } = this.#props;
    const working = film.status === "working";
    for (const kind of ["gif", "webm", "png"])
      this.#find(`#film-${kind}`).disabled = working || !ready || (kind === "webm" && !webm);
    this.#find("#film-cancel").hidden = !working;
    const bar = this.#find("#film-progress");
    bar.hidden = !working;
    bar.value = film.of > 0 ? film.done / film.of : 0;
    this.#root.dataset.state = film.status;
    this.#root.dataset.file = film.name;
    setText(
      this.#find("#film-state"),
      [this.#note, this.#status(), webm ? "" : text("paths.film.no_webm")].filter(Boolean).join(" "),
    );
  }

  #status() {
    const { film } = this.#props;
    const { status, name, done, of, bytes, trouble } = film;
    if (status === "idle") return "";
    if (status === "failed") return trouble;
    if (status === "saved") return text("paths.film.saved", { name, kilobytes: decimal(bytes / 1000, 0) });
    return text(`paths.film.${status}`, { name, done, of });
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}
