// The drawing as input of the model.

import { DrawingPainter } from "./drawing-painter.js";
import { inkOf } from "./strokes.js";

/** Side of the ink handed to the model, in pixels: eight for each of MNIST's, so that framing can average. */
const WIDTH = 224;

export class Ink {
  #context = null;
  #painter = null;

  /** The input for `items`: `{image}` for a test image without strokes, `{ink, width}` for a drawing, null for an empty pad. */
  of(items) {
    if (items.length === 0) return null;
    if (items.length === 1 && items[0].image) return { image: items[0].image.slice() };
    if (!this.#context) this.#open();
    this.#painter.update(items);
    return { ink: inkOf(this.#context.getImageData(0, 0, WIDTH, WIDTH).data), width: WIDTH };
  }

  #open() {
    const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: WIDTH });
    this.#context = canvas.getContext("2d", { willReadFrequently: true });
    this.#painter = new DrawingPainter(this.#context);
  }
}
