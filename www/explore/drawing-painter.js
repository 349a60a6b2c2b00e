// Paints the items of a drawing on a canvas; of a growing stroke only the new piece.

import { PIXELS, SIDE } from "./images.js";
import { drawStroke } from "./strokes.js";

export class DrawingPainter {
  #context;
  #widths;
  #size; // px
  #painted = []; // the items on the canvas

  /** `widths`: {pen, eraser}, in units of the pad. */
  constructor(context, widths) {
    this.#context = context;
    this.#widths = widths;
    this.#size = context.canvas.width;
  }

  /** Makes the canvas show `items`. A stroke that has ended is painted again, as one path: that is smoother than its pieces. */
  update(items) {
    const before = this.#painted;
    const [last, lastBefore] = [items.at(-1), before.at(-1)];
    if (items.length === before.length + 1 && beginWithSame(items, before, before.length)) this.#paint(last);
    else if (
      isLonger(last, lastBefore) &&
      items.length === before.length &&
      beginWithSame(items, before, items.length - 1)
    )
      this.#drawStroke(last, lastBefore.points.length);
    else if (items !== before) this.#repaint(items);
    this.#painted = items;
  }

  #repaint(items) {
    this.#context.clearRect(0, 0, this.#size, this.#size);
    for (const item of items) this.#paint(item);
  }

  #paint(item) {
    if (item.image) drawImage(this.#context, item.image, this.#size);
    else this.#drawStroke(item);
  }

  #drawStroke(stroke, from = 0) {
    const { pen, eraser } = this.#widths;
    drawStroke(this.#context, stroke, stroke.erase ? eraser : pen, this.#size, from);
  }
}

function beginWithSame(items, others, count) {
  for (let k = 0; k < count; k++) if (items[k] !== others[k]) return false;
  return true;
}

/** Whether `stroke` is the growing stroke `before` with more points. */
function isLonger(stroke, before) {
  return Boolean(stroke?.growing && before?.growing && stroke.points[0] === before.points[0]);
}

/** A 28 x 28 image as ink: black whose opacity is the grey value. */
function drawImage(context, image, size) {
  const small = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const bytes = new Uint8ClampedArray(PIXELS * 4);
  for (let i = 0; i < PIXELS; i++) bytes[i * 4 + 3] = 255 * image[i];
  small.getContext("2d").putImageData(new ImageData(bytes, SIDE, SIDE), 0, 0);
  context.globalCompositeOperation = "source-over";
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, size, size);
}
