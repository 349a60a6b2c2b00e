// A grid of pictures on one canvas.

import { COLUMNS, PIXELS } from "../explore/images.js";
import { setAttribute } from "./dom.js";
import { onFrame } from "./frame.js";
import { paintGrid, span } from "./pixels.js";

const GAP = 2; // pixels

export class PictureGridView {
  #canvas;
  #grid = { pictures: null, columns: COLUMNS };
  #draw;

  /** `rows` that the grid has room for before its pictures are there. */
  constructor(canvas, rows) {
    this.#canvas = canvas;
    this.#draw = onFrame(() => this.#paint(), canvas);
    Object.assign(canvas, { width: span(COLUMNS, GAP), height: span(rows, GAP) });
  }

  /** `pictures`: [n * 784] in reading order, or null for none, in rows of `columns`; `label`: a text alternative. */
  update({ pictures, columns = COLUMNS, label }) {
    this.#canvas.closest("figure")?.toggleAttribute("hidden", pictures === null);
    setAttribute(this.#canvas, "aria-label", label);
    this.#grid = { pictures, columns };
    this.#draw();
  }

  #paint() {
    const { pictures, columns } = this.#grid;
    if (!pictures) return;
    this.#fit(Math.ceil(pictures.length / PIXELS / columns));
    paintGrid(this.#canvas, pictures, columns, GAP);
  }

  /** Always as wide as full rows, so that pictures of all grids have one size; painted over where nothing changes, and blank elsewhere. */
  #fit(rows) {
    const [width, height] = [span(COLUMNS, GAP), span(rows, GAP)];
    if (this.#canvas.width !== width || this.#canvas.height !== height)
      Object.assign(this.#canvas, { width, height });
    else this.#canvas.getContext("2d").clearRect(0, 0, width, height);
  }
}
