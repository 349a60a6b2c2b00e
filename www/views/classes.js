// Which digit a model with a classifier takes the drawing for: ten bars, and the guess in words.

import { percent } from "../messages/format.js";
import { onFrame } from "./frame.js";

const SURE = 0.9; // a guess above this is said without a second one
const DIGITS = 10;

export class ClassesView {
  #root;
  #bars;
  #classes = null;
  #draw = onFrame(() => this.#paint());

  constructor(root) {
    this.#root = root;
    this.#bars = Array.from({ length: DIGITS }, (_, digit) => bar(digit));
    root.querySelector(".class-bars").append(...this.#bars);
  }

  /** `guesses`: whether the model does; `classes`: q(y|x), [10], or null for an empty drawing. */
  update({ guesses = !this.#root.hidden, classes = this.#classes }) {
    this.#root.hidden = !guesses;
    this.#classes = classes;
    this.#draw();
  }

  #paint() {
    const classes = this.#classes;
    this.#bars.forEach((each, digit) => {
      each.style.setProperty("--share", (classes?.[digit] ?? 0).toFixed(4));
    });
    const guess = classes ? inWords(classes) : "Nothing is drawn yet.";
    const text = this.#root.querySelector("#guess");
    if (text.textContent !== guess) text.textContent = guess;
    const spoken = classes
      ? [...classes].map((share, digit) => `${digit}: ${percent(share)}`).join(", ")
      : "No bars yet";
    this.#root.querySelector(".class-bars").setAttribute("aria-label", spoken);
  }
}

/** The likeliest digit, and the next where that is not much less likely. */
export function inWords(classes) {
  const [first, second] = [...classes.keys()].sort((a, b) => classes[b] - classes[a]);
  const best = `The model guesses ${first}, and is ${percent(classes[first])} sure`;
  return classes[first] >= SURE
    ? `${best}.`
    : `${best}; or else ${second}, with ${percent(classes[second])}.`;
}

function bar(digit) {
  const element = Object.assign(document.createElement("span"), { className: "class-bar" });
  element.append(
    document.createElement("i"),
    Object.assign(document.createElement("b"), { textContent: String(digit) }),
  );
  return element;
}
