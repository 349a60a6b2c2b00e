// The digit that a model with a classifier predicts for the drawing: ten bars, and the prediction in words.

import { percent } from "../messages/format.js";
import { text } from "../messages/text.js";
import { create, setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";

const CERTAIN = 0.9; // above this probability the second digit is not mentioned
const DIGITS = 10;

export class ClassesView {
  #root;
  #bars;
  #classes = null;
  #draw = onFrame(() => this.#paint());

  constructor(root) {
    this.#root = root;
    this.#bars = Array.from({ length: DIGITS }, (_, digit) =>
      create("span", { className: "class-bar" }, create("i"), create("b", { textContent: String(digit) })),
    );
    root.querySelector(".class-bars").append(...this.#bars);
  }

  /** `classifier`: whether the model has one; `classes`: q(y|x) [10], or null for an empty pad. */
  update({ classifier, classes }) {
    this.#root.hidden = !classifier;
    this.#classes = classes;
    this.#draw();
  }

  #paint() {
    const classes = this.#classes;
    for (const [digit, bar] of this.#bars.entries())
      bar.style.setProperty("--share", (classes?.[digit] ?? 0).toFixed(4));
    const prediction = classes ? predictionText(classes) : text("explore.panel.classes_none");
    setText(this.#root.querySelector("#prediction"), prediction);
    const spoken = classes ? [...classes].map(shareText).join(", ") : text("explore.panel.classes_empty");
    setAttribute(this.#root.querySelector(".class-bars"), "aria-label", spoken);
  }
}

function shareText(probability, digit) {
  return text("explore.classes.share", { digit, share: percent(probability) });
}

/** The most probable digit, and the second one where the first is not certain. */
export function predictionText(classes) {
  const [first, second] = [...classes.keys()].sort((a, b) => classes[b] - classes[a]);
  const values = { first, share: percent(classes[first]), second, second_share: percent(classes[second]) };
  return classes[first] >= CERTAIN
    ? text("explore.classes.certain", values)
    : text("explore.classes.uncertain", values);
}
