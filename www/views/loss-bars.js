// The losses of models side by side: bars on one axis in nats, with marks of simple reconstructions, and a table of the numbers.

import { nats } from "../messages/format.js";
import { count } from "../messages/language.js";
import { text } from "../messages/text.js";
import { create } from "./dom.js";
import { onFrame } from "./frame.js";
import { endOf, TICK, withError } from "./loss-axis.js";

const MOST_TICKS = 8;
const TERMS = ["cross_entropy", "kl", "total"];

export class LossBars {
  #root;
  #models = [];
  #references = [];
  #draw;

  constructor(root) {
    this.#root = root;
    this.#draw = onFrame(() => this.#paint(), root);
    new ResizeObserver(this.#draw).observe(root);
  }

  /** `models`: [{name, losses}], `losses` as in `state.columns`; `references`: [{kind, components, nats}]. */
  update({ models, references }) {
    this.#models = models;
    this.#references = references;
    this.#draw();
  }

  #paint() {
    const end = endOf(this.#models);
    this.#find(".loss-rows").replaceChildren(...this.#models.map((model) => bar(model, end)));
    const marks = this.#references.map((each) => mark(each, end));
    this.#find(".loss-marks").replaceChildren(...marks);
    place(marks);
    this.#find(".loss-axis").replaceChildren(...ticks(end));
    this.#find("tbody").replaceChildren(...this.#models.map(row));
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}

function at(element, value, end) {
  element.style.setProperty("--at", (value / end).toFixed(4));
  return element;
}

function bar({ name, losses }, end) {
  const [reconstruction, kl] = ["reconstruction", "kl"].map((className) => create("i", { className }));
  if (losses) {
    at(reconstruction, losses.cross_entropy.mean, end);
    at(kl, losses.kl.mean, end);
  }
  const track = create("span", { className: "loss-track" }, reconstruction, kl);
  return create("div", { className: "loss-row" }, create("span", { textContent: name }), track);
}

function mark({ kind, components, nats: value }, end) {
  const words = text(`compare.references.${kind}`, { components, nats: nats(value) });
  const label = create("span", { textContent: words });
  return at(create("div", { className: `loss-mark ${kind}` }, label), value, end);
}

/** Labels that would write over each other are at different heights; one that would leave the axis is on the other side of its mark. */
function place(marks) {
  const ends = []; // of the last label at each height, CSS pixels
  for (const element of marks) {
    const { offsetLeft, firstChild, parentElement } = element;
    const width = firstChild.offsetWidth;
    const turned = offsetLeft + width > parentElement.clientWidth;
    const left = turned ? offsetLeft - width : offsetLeft;
    const free = ends.findIndex((end) => end < left);
    const level = free < 0 ? ends.length : free;
    ends[level] = left + width;
    element.classList.toggle("turned", turned);
    element.style.setProperty("--level", String(level));
  }
}

function ticks(end) {
  const step = TICK * Math.ceil(end / TICK / MOST_TICKS);
  const values = Array.from({ length: Math.floor(end / step) + 1 }, (_, k) => k * step);
  return values.map((value) => at(create("span", { textContent: count(value) }), value, end));
}

function row({ name, losses }) {
  const cells = TERMS.map((term) => {
    const cell = create("td", { textContent: losses ? withError(losses[term]) : "–" });
    cell.dataset.term = { cross_entropy: "reconstruction" }[term] ?? term;
    return cell;
  });
  const images = losses ? text("compare.images", { count: losses.images }) : "";
  const head = create("th", { scope: "row", textContent: name }, create("small", { textContent: images }));
  return create("tr", {}, head, ...cells);
}
