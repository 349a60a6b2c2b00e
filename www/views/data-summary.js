// What is in a data set: its mean picture, its classes with their counts, and some of its images.

import { COLUMNS, PIXELS, SIDE } from "../explore/images.js";
import { text } from "../messages/text.js";
import { create, setAttribute } from "./dom.js";
import { grey, paint, paintGrid, span } from "./pixels.js";

const GAP = 2; // pixels
const MOST = 40; // examples

export class DataSummaryView {
  #root;
  #rename;
  #mean = picture("data-mean");
  #examples = picture("digit wide data-examples");
  #classes = create("ul", { className: "data-classes" });
  #shown = {};

  /** Fills `root`. With `rename(index, name)`, which returns whether that is the class's name now, classes of files can be renamed; without, it is about the test images. */
  constructor(root, rename = null) {
    this.#root = root;
    this.#rename = rename;
    this.#mean.className = "digit";
    const caption = (textContent) => create("figcaption", { textContent });
    const mean = text(rename ? "data.summary.mean" : "data.summary.mean_test");
    const counted = text(rename ? "data.summary.classes" : "data.summary.classes_test");
    const figure = (...children) => create("figure", {}, ...children);
    root.append(
      figure(this.#mean, caption(mean)),
      create("div", {}, create("h3", { textContent: counted }), this.#classes),
      figure(this.#examples, caption(text("data.summary.examples"))),
    );
  }

  /** `summary`: {count, classes: [{name, count}], mean [784], examples [k * 784]} or null; `names` of the classes, where they were renamed. */
  update({ summary, names }) {
    this.#root.hidden = summary === null;
    const isSame = summary === this.#shown.summary && names?.join("\n") === this.#shown.names?.join("\n");
    if (summary === null || isSame) return;
    if (summary !== this.#shown.summary) this.#paint(summary);
    this.#shown = { summary, names };
    this.#list(summary.classes, names ?? summary.classes.map(({ name }) => name));
  }

  #paint({ count, mean, examples }) {
    paint(this.#mean, grey(mean));
    setAttribute(this.#mean, "aria-label", text("data.summary.mean_of", { count }));
    const seen = examples.subarray(0, MOST * PIXELS);
    const images = seen.length / PIXELS;
    const columns = Math.max(1, Math.min(COLUMNS, images));
    Object.assign(this.#examples, {
      width: span(columns, GAP),
      height: span(Math.ceil(images / columns) || 1, GAP),
    });
    paintGrid(this.#examples, seen, columns, GAP);
    setAttribute(this.#examples, "aria-label", text("data.summary.examples_of", { count: images }));
  }

  #list(classes, names) {
    if (classes.length === 0)
      return this.#classes.replaceChildren(create("li", { textContent: text("data.summary.no_classes") }));
    if (this.#rename && this.#classes.querySelectorAll("input").length === classes.length) return; // someone may be typing
    this.#classes.replaceChildren(...classes.map(({ count }, k) => this.#item(k, names[k], count)));
  }

  #item(index, name, count) {
    const number = create("small", { textContent: text("data.summary.count", { count }) });
    if (!this.#rename) return create("li", {}, create("b", { textContent: name }), " ", number);
    const input = create("input", { type: "text", value: name, maxLength: 24, autocomplete: "off" });
    setAttribute(input, "aria-label", text("data.summary.rename", { name }));
    input.addEventListener("change", () => {
      if (!this.#rename(index, input.value)) input.value = name;
    });
    return create("li", {}, input, " ", number);
  }
}

function picture(className) {
  const canvas = create("canvas", { className, width: SIDE, height: SIDE });
  setAttribute(canvas, "role", "img");
  return canvas;
}
