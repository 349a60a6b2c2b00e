// The label that conditions the model: a button for each class, with the code decoded as that class, and, where the model has a classifier,
// one for its prediction.

import { PIXELS, SIDE } from "../explore/images.js";
import { text } from "../messages/text.js";
import { create, setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";
import { grey, paint } from "./pixels.js";

const INFERRED = "inferred"; // the value of the button that stands for no label
const FEW = 10; // as many classes have large buttons
const SHORT = 4; // characters of a name that fit below a picture

export class LabelChoiceView {
  #root;
  #list;
  #inferred;
  #canvases = []; // by label
  #names = null;
  #pictures = null;
  #draw;

  /** `actions`: `choose(label)` is called with the label chosen, or null for the one that the classifier infers; `visible(isVisible)`. */
  constructor(root, { choose, visible }) {
    this.#root = root;
    this.#list = root.querySelector(".label-buttons");
    this.#draw = onFrame(() => this.#paint(), root);
    this.#inferred = button(INFERRED, text("explore.label.inferred"));
    root.addEventListener("change", ({ target }) =>
      choose(target.value === INFERRED ? null : Number(target.value)),
    );
    new IntersectionObserver(([{ isIntersecting }]) => visible(isIntersecting)).observe(root);
  }

  /**
   * `labelled`: whether the model takes a label; `classifier`: whether it can infer one; `names` of its classes; `label`, or null for the one that it
   * infers; `pictures`: the code as each class [n * 784], or null.
   */
  update({ labelled, classifier, names, label, pictures }) {
    this.#root.hidden = !labelled;
    this.#offer(names);
    this.#inferred.hidden = !classifier;
    const note = classifier ? text("explore.label.note_inferred") : text("explore.panel.label_note");
    setText(this.#root.querySelector("#label-note"), note);
    const value = label === null ? INFERRED : String(label);
    const chosen = this.#list.querySelector(`input[value="${value}"]`);
    if (chosen) chosen.checked = true;
    if (pictures === this.#pictures) return;
    this.#pictures = pictures;
    this.#draw();
  }

  #offer(names) {
    if (names.join() === this.#names?.join()) return;
    this.#names = names;
    this.#canvases = names.map(picture);
    const ofClasses = this.#canvases.map((canvas, label) => button(label, names[label], canvas));
    setAttribute(this.#list, "data-many", String(names.length > FEW));
    setAttribute(this.#list, "data-long", String(names.some((name) => name.length > SHORT)));
    this.#list.replaceChildren(this.#inferred, ...ofClasses);
    if (this.#pictures) this.#draw();
  }

  /** Pictures of another number of classes are of a model that has been replaced. */
  #paint() {
    if (this.#pictures?.length !== this.#canvases.length * PIXELS) return;
    for (const [label, canvas] of this.#canvases.entries())
      paint(canvas, grey(this.#pictures.subarray(label * PIXELS, (label + 1) * PIXELS)));
  }
}

/** A picture beside the name that says the same. */
function picture() {
  const canvas = create("canvas", { className: "digit", width: SIDE, height: SIDE });
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

function button(value, words, ...pictures) {
  const input = create("input", { type: "radio", name: "label", value: String(value), autocomplete: "off" });
  const name = create("span", { textContent: words });
  return create("label", { className: "label-button" }, input, ...pictures, name);
}
