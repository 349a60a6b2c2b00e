// A number along each path between two codes: how far from the origin it is, or how improbable under a learned prior.

import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";
import { setAttribute, setText } from "./dom.js";
import { KINDS, numbersOf, spoken } from "./path-quantities.js";

const WIDTH = 600; // units of the drawing
const HEIGHT = 72;
const MARGIN = 6;
const SVG = "http://www.w3.org/2000/svg";

export class PathNumbersView {
  #root;
  #box;
  #parts = {};
  #shown = null; // the paths drawn

  constructor(root) {
    this.#root = root;
    this.#box = root.querySelector("div");
    const svg = element("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    });
    for (const name of ["reference", ...KINDS, "now"]) {
      this.#parts[name] = element("path", { class: name });
      svg.append(this.#parts[name]);
    }
    this.#box.append(svg);
  }

  /** `paths` as in the state; `at` in 0..=1. */
  update({ paths, at }) {
    const values = numbersOf(paths);
    this.#root.hidden = values === null;
    if (!values) return;
    if (paths.rows.straight.norms !== this.#shown) this.#paint(values, paths);
    this.#shown = paths.rows.straight.norms;
    this.#parts.now.setAttribute("d", `M${at * WIDTH} 0V${HEIGHT}`);
  }

  #paint({ quantity, lines, reference }) {
    const all = [
      ...Object.values(lines).flatMap((line) => [...line]),
      ...(reference === null ? [] : [reference]),
    ];
    const [least, most] = [Math.min(...all), Math.max(...all)];
    const y = (value) =>
      HEIGHT - MARGIN - ((value - least) / Math.max(most - least, 1e-6)) * (HEIGHT - 2 * MARGIN);
    for (const kind of KINDS) {
      const line = lines[kind] ?? [];
      const step = WIDTH / Math.max(1, line.length - 1);
      const points = Array.from(line, (value, k) => `${(k * step).toFixed(1)} ${y(value).toFixed(1)}`);
      this.#parts[kind].setAttribute("d", points.length > 0 ? `M${points.join("L")}` : "");
    }
    this.#parts.reference.setAttribute("d", reference === null ? "" : `M0 ${y(reference)}H${WIDTH}`);
    const range = { least: decimal(least, 1), most: decimal(most, 1) };
    const words = [text(`paths.numbers.${quantity}`, range)];
    if (reference !== null) words.push(text("paths.numbers.typical", { value: decimal(reference, 1) }));
    setText(this.#root.querySelector("figcaption"), words.join(" "));
    setAttribute(this.#box, "aria-label", spoken(lines));
    const middle = (line) => line?.[(line.length - 1) / 2].toFixed(3) ?? "";
    Object.assign(this.#root.dataset, {
      quantity,
      straight: middle(lines.straight),
      spherical: middle(lines.spherical),
    });
  }
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
