// Bringing files: picking them, how far they are read, what was found in them, and how the set is made of it.

import { PIXELS, SIDE } from "../explore/images.js";
import { sentence } from "../messages/failure.js";
import { megabytes } from "../messages/format.js";
import { text } from "../messages/text.js";
import { DataSummaryView } from "./data-summary.js";
import { create, setText, setValue, showTrouble } from "./dom.js";
import { onFrame } from "./frame.js";
import { paintGrid, span } from "./pixels.js";

const GAP = 2; // pixels
const SEEN = 10; // pictures before and after a change
const LISTED = 20; // refused files

export class DataFilesView {
  #root;
  #summary;
  #props = null;
  #listed = null;
  #draw;

  /** `actions`: add([File]), cancel(), change({..}), renameClass(index, name), use({keep}). */
  constructor(root, actions) {
    this.#root = root;
    this.#draw = onFrame(() => this.#paint(), root);
    this.#summary = new DataSummaryView(this.#find("files-seen"), actions.renameClass);
    const on = (id, event, act) => this.#find(id).addEventListener(event, act);
    for (const [button, id] of [
      ["files-pick", "files-input"],
      ["files-pick-folder", "files-folder"],
    ]) {
      on(button, "click", () => this.#find(id).click());
      on(id, "change", ({ target }) => {
        actions.add([...target.files]);
        target.value = ""; // so that the same files can be chosen again
      });
    }
    on("files-cancel", "click", () => {
      actions.cancel();
      this.#find("files-pick").focus();
    });
    for (const name of ["invert", "transpose", "frame"])
      on(`files-${name}`, "change", ({ target }) => actions.change({ [name]: target.checked }));
    on("files-name", "change", ({ target }) =>
      actions.change({ name: target.value.trim() || text("data.files.name") }),
    );
    on("files-share", "change", ({ target }) => actions.change({ testShare: Number(target.value) }));
    on("files-use", "click", () => actions.use({ keep: this.#find("files-keep").checked }));
    root.querySelector(".trouble button").addEventListener("click", actions.cancel);
  }

  /** As the state's `imported`. */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #paint() {
    const { status, progress, summary, trouble } = this.#props;
    const busy = status === "reading" || status === "making";
    for (const id of ["files-pick", "files-pick-folder"]) this.#find(id).disabled = busy;
    this.#find("files-cancel").hidden = status === "none";
    const bar = this.#root.querySelector("progress");
    bar.hidden = !busy;
    if (progress) bar.value = progress.done / Math.max(1, progress.of);
    else bar.removeAttribute("value");
    setText(this.#find("files-state"), this.#stateText());
    showTrouble(this.#root, trouble && sentence(trouble));
    this.#paintRefused();
    const isFound = summary !== null && summary.count > 0;
    this.#find("files-found").hidden = !isFound;
    if (isFound) this.#paintFound();
  }

  #stateText() {
    const { status, progress, summary } = this.#props;
    if (status === "reading" && progress) return text(`data.files.stage.${progress.stage}`, progress);
    if (status === "reading" || status === "making") return text(`data.files.status.${status}`);
    if (!summary) return "";
    const { count, labelled, classes } = summary;
    if (count === 0) return text("data.files.nothing");
    return text(labelled ? "data.files.found" : "data.files.found_unlabelled", {
      count,
      classes: classes.length,
    });
  }

  #paintRefused() {
    const { refused, summary } = this.#props;
    const all = [...refused, ...(summary?.refused ?? [])];
    const box = this.#find("files-refused");
    box.hidden = all.length === 0;
    const listed = `${all.length} ${all.at(-1)?.file}`;
    if (box.hidden || listed === this.#listed) return;
    this.#listed = listed;
    setText(box.querySelector("summary"), text("data.files.refused", { count: all.length }));
    const items = all
      .slice(0, LISTED)
      .map((each) => create("li", {}, create("b", { textContent: each.file }), ` ${sentence(each)}`));
    const more = all.length - items.length;
    if (more > 0) items.push(create("li", { textContent: text("data.files.refused_more", { count: more }) }));
    box.querySelector("ul").replaceChildren(...items);
  }

  #paintFound() {
    const { status, summary, classes, name, invert, transpose, frame, testShare } = this.#props;
    this.#summary.update({ summary, names: classes });
    for (const advice of this.#root.querySelectorAll("[data-advice]"))
      advice.hidden = !summary[advice.dataset.advice];
    const switches = { invert, transpose, frame };
    for (const [each, isOn] of Object.entries(switches)) this.#find(`files-${each}`).checked = isOn;
    setValue(this.#find("files-name"), name);
    setValue(this.#find("files-share"), String(testShare));
    setText(this.#find("files-size"), megabytes(summary.count * PIXELS));
    this.#find("files-use").disabled = status !== "read";
    this.#paintChange(summary.examples, { invert, transpose });
  }

  /** What inverting and transposing do, before anything is done. */
  #paintChange(examples, change) {
    const { looks_inverted, looks_transposed } = this.#props.summary;
    const suggested = { invert: looks_inverted, transpose: looks_transposed };
    const wanted = change.invert || change.transpose ? change : suggested;
    const figure = this.#find("files-change");
    figure.hidden = !wanted.invert && !wanted.transpose;
    if (figure.hidden) return;
    const before = examples.subarray(0, SEEN * PIXELS);
    const pictures = { before, after: changed(before, wanted) };
    for (const canvas of figure.querySelectorAll("canvas")) {
      const count = before.length / PIXELS;
      Object.assign(canvas, { width: span(count, GAP), height: span(1, GAP) });
      paintGrid(canvas, pictures[canvas.dataset.when], count, GAP);
    }
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

/** Pictures as they would be: ink and paper exchanged, rows and columns exchanged. */
export function changed(pictures, { invert, transpose }) {
  return pictures.map((_, at) => {
    const [start, pixel] = [at - (at % PIXELS), at % PIXELS];
    const [y, x] = [Math.floor(pixel / SIDE), pixel % SIDE];
    const value = pictures[start + (transpose ? x * SIDE + y : pixel)];
    return invert ? 1 - value : value;
  });
}
