// A grid of digits on one canvas: fixed test digits above their reconstructions, or samples from the prior.

import { paintGrid, span } from "./pixels.js";
import { onFrame } from "./frame.js";

export const COLUMNS = 10;
const GAP = 2;

export class DigitsView {
  #canvas;
  #layers = [];
  #draw = onFrame(() => this.#paint());

  constructor(canvas, rows) {
    this.#canvas = canvas;
    Object.assign(canvas, { width: span(COLUMNS, GAP), height: span(rows, GAP) });
  }

  /** `layers`: [pictures, cellOf] pairs, where `cellOf(k)` is the grid cell of the k-th picture; `label` for those who hear. */
  update({ layers, label }) {
    this.#layers = layers;
    this.#canvas.closest("figure")?.toggleAttribute("hidden", layers.length === 0);
    if (this.#canvas.getAttribute("aria-label") !== label) this.#canvas.setAttribute("aria-label", label);
    this.#draw();
  }

  #paint() {
    for (const [pictures, cellOf] of this.#layers) paintGrid(this.#canvas, pictures, COLUMNS, GAP, cellOf);
  }
}

/** Cells of rows that alternate with another layer's: row 0, 2, 4.. for `first`, row 1, 3, 5.. otherwise. */
export function everySecondRow(first) {
  return (k) => (Math.floor(k / COLUMNS) * 2 + (first ? 0 : 1)) * COLUMNS + (k % COLUMNS);
}
