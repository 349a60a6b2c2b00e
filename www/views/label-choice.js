// The label that conditions the model: a button for each digit and, where the model has a classifier, one for its prediction.

import { text } from "../messages/text.js";
import { create, setText } from "./dom.js";

const DIGITS = 10;
const INFERRED = "inferred"; // the value of the button that stands for no digit

export class LabelChoiceView {
  #root;
  #inferred;
  #inputs;

  /** `choose(digit)` is called with the label chosen, or null for the one that the classifier infers. */
  constructor(root, choose) {
    this.#root = root;
    this.#inferred = button(INFERRED, text("explore.label.inferred"));
    const digits = Array.from({ length: DIGITS }, (_, digit) => button(digit, String(digit)));
    const buttons = [this.#inferred, ...digits];
    root.querySelector(".digit-buttons").append(...buttons);
    this.#inputs = buttons.map((each) => each.querySelector("input"));
    root.addEventListener("change", ({ target }) =>
      choose(target.value === INFERRED ? null : Number(target.value)),
    );
  }

  /** `labelled`: whether the model takes a label; `classifier`: whether it can infer one; `label`: a digit, or null for that one. */
  update({ labelled, classifier, label }) {
    this.#root.hidden = !labelled;
    this.#inferred.hidden = !classifier;
    const note = classifier ? text("explore.label.note_inferred") : text("explore.panel.label_note");
    setText(this.#root.querySelector("#digit-note"), note);
    const value = label === null ? INFERRED : String(label);
    this.#inputs.find((input) => input.value === value).checked = true;
  }
}

function button(value, words) {
  const input = create("input", { type: "radio", name: "digit", value: String(value) });
  return create("label", { className: "digit-button" }, input, create("span", { textContent: words }));
}
