// The class that a model with a classifier predicts for the drawing: a bar for each, of many classes for the most probable ones, and the
// prediction in words.

import { percent } from "../messages/format.js";
import { text } from "../messages/text.js";
import { classMarks, mostProbableLabels } from "../settings/class-names.js";
import { create, setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";

const CERTAIN = 0.9; // above this probability the second class is not mentioned
/** There is room for so many bars. */
export const BARS = 10;

export class ClassesView {
  #root;
  #list;
  #bars = [];
  #props = { names: [], classes: null };
  #draw = onFrame(() => this.#paint());

  constructor(root) {
    this.#root = root;
    this.#list = root.querySelector(".class-bars");
  }

  /** `classifier`: whether the model has one; `names` of its classes; `classes`: q(y|x) [n], or null for an empty pad. */
  update({ classifier, ...props }) {
    this.#root.hidden = !classifier;
    this.#props = props;
    this.#draw();
  }

  #paint() {
    const { names } = this.#props;
    const classes = this.#props.classes?.length === names.length ? this.#props.classes : null; // else of a model that has been replaced
    const shown = classes ? mostProbableLabels(classes, BARS) : [...names.keys()].slice(0, BARS);
    const marks = classMarks(names);
    this.#arrange(shown.length);
    setAttribute(this.#list, "data-wide", String(marks.some((mark) => mark.length > 1)));
    for (const [k, label] of shown.entries()) {
      const bar = this.#bars[k];
      bar.style.setProperty("--share", (classes?.[label] ?? 0).toFixed(4));
      setText(bar.querySelector("b"), marks[label]);
      bar.title = names[label];
    }
    const prediction = classes ? predictionText(classes, names) : text("explore.panel.classes_none");
    setText(this.#root.querySelector("#prediction"), prediction);
    const spoken = classes
      ? shown.map((label) => shareText(classes[label], names[label])).join(", ")
      : text("explore.panel.classes_empty");
    setAttribute(this.#list, "aria-label", spoken);
  }

  #arrange(count) {
    if (this.#bars.length === count) return;
    this.#bars = Array.from({ length: count }, () =>
      create("span", { className: "class-bar" }, create("i"), create("b")),
    );
    this.#list.replaceChildren(...this.#bars);
  }
}

function shareText(probability, name) {
  return text("explore.classes.share", { name, share: percent(probability) });
}

/** The most probable class, and the second one where the first is not certain. */
export function predictionText(classes, names) {
  const [first, second] = [...classes.keys()].sort((a, b) => classes[b] - classes[a]);
  const values = { first: names[first], share: percent(classes[first]) };
  if (classes[first] >= CERTAIN || second === undefined) return text("explore.classes.certain", values);
  const other = { second: names[second], second_share: percent(classes[second]) };
  return text("explore.classes.uncertain", { ...values, ...other });
}
