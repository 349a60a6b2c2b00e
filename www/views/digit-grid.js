// A grid of digits on one canvas.

import { COLUMNS } from "../explore/images.js";
import { setAttribute } from "./dom.js";
import { onFrame } from "./frame.js";
import { paintGrid, span } from "./pixels.js";

const GAP = 2; // pixels

export class DigitGridView {
  #canvas;
  #pictures = null;
  #draw;

  constructor(canvas, rows) {
    this.#canvas = canvas;
    this.#draw = onFrame(() => this.#paint(), canvas);
    Object.assign(canvas, { width: span(COLUMNS, GAP), height: span(rows, GAP) });
  }

  /** `pictures`: [n * 784] in reading order, or null for none; `label`: a text alternative. */
  update({ pictures, label }) {
    this.#canvas.closest("figure")?.toggleAttribute("hidden", pictures === null);
    setAttribute(this.#canvas, "aria-label", label);
    this.#pictures = pictures;
    this.#draw();
  }

  #paint() {
    if (this.#pictures) paintGrid(this.#canvas, this.#pictures, COLUMNS, GAP);
  }
}
