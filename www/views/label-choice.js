// The label that conditions the model: a button for each digit, with the code decoded as that digit, and, where the model has a classifier,
// one for its prediction.

import { PIXELS, SIDE } from "../explore/images.js";
import { text } from "../messages/text.js";
import { create, setText } from "./dom.js";
import { onFrame } from "./frame.js";
import { grey, paint } from "./pixels.js";

const DIGITS = 10;
const INFERRED = "inferred"; // the value of the button that stands for no digit

export class LabelChoiceView {
  #root;
  #inferred;
  #inputs;
  #canvases;
  #pictures = null;
  #draw;

  /** `actions`: `choose(digit)` is called with the label chosen, or null for the one that the classifier infers; `visible(isVisible)`. */
  constructor(root, { choose, visible }) {
    this.#root = root;
    this.#draw = onFrame(() => this.#paint(), root);
    this.#inferred = button(INFERRED, text("explore.label.inferred"));
    this.#canvases = Array.from({ length: DIGITS }, picture);
    const digits = this.#canvases.map((canvas, digit) => button(digit, String(digit), canvas));
    const buttons = [this.#inferred, ...digits];
    root.querySelector(".digit-buttons").append(...buttons);
    this.#inputs = buttons.map((each) => each.querySelector("input"));
    root.addEventListener("change", ({ target }) =>
      choose(target.value === INFERRED ? null : Number(target.value)),
    );
    new IntersectionObserver(([{ isIntersecting }]) => visible(isIntersecting)).observe(root);
  }

  /**
   * `labelled`: whether the model takes a label; `classifier`: whether it can infer one; `label`: a digit, or null for that one; `pictures`: the
   * code as each digit [10 * 784], or null.
   */
  update({ labelled, classifier, label, pictures }) {
    this.#root.hidden = !labelled;
    this.#inferred.hidden = !classifier;
    const note = classifier ? text("explore.label.note_inferred") : text("explore.panel.label_note");
    setText(this.#root.querySelector("#digit-note"), note);
    const value = label === null ? INFERRED : String(label);
    this.#inputs.find((input) => input.value === value).checked = true;
    if (pictures === this.#pictures) return;
    this.#pictures = pictures;
    this.#draw();
  }

  #paint() {
    for (const [digit, canvas] of this.#canvases.entries())
      paint(canvas, grey(this.#pictures.subarray(digit * PIXELS, (digit + 1) * PIXELS)));
  }
}

/** A picture beside the numeral that says the same. */
function picture() {
  const canvas = create("canvas", { className: "digit", width: SIDE, height: SIDE });
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

function button(value, words, ...pictures) {
  const input = create("input", { type: "radio", name: "digit", value: String(value) });
  const name = create("span", { textContent: words });
  return create("label", { className: "digit-button" }, input, ...pictures, name);
}
