// The drawing pad: strokes by mouse, touch and pen, with undo, eraser and sample digits.

import { grey, PIXELS, paint, SIDE } from "./pixels.js";
import { drawStroke, inkOf } from "../explore/strokes.js";

/** Side of the ink handed to the model, in pixels: eight for each of MNIST's, so that framing can average. */
const INK = 224;

export class DrawView {
  #canvas;
  #visible;
  #ink;
  #items = []; // strokes, and at most one sample digit at the bottom
  #cleared = []; // the items of each paper that was cleared, for undo
  #stroke = null;
  #pointer = null;
  #erasing = false;
  #changed;
  #elements;

  /** `changed(time)` hears of every change, with the time of the event that made it. */
  constructor(root, changed) {
    this.#elements = Object.fromEntries(
      ["pad-hint", "undo", "clear", "eraser"].map((id) => [id, root.querySelector(`#${id}`)]),
    );
    this.#canvas = root.querySelector("#pad");
    this.#visible = this.#canvas.getContext("2d");
    this.#ink = Object.assign(document.createElement("canvas"), { width: INK, height: INK }).getContext(
      "2d",
      { willReadFrequently: true },
    );
    this.#changed = changed;
    this.#canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#extend(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
      this.#canvas.addEventListener(end, (event) => this.#end(event));
    this.#elements.undo.addEventListener("click", (event) => this.undo(event.timeStamp));
    this.#elements.clear.addEventListener("click", (event) => this.clear(event.timeStamp));
    this.#elements.eraser.addEventListener("click", () => this.#toggleEraser());
  }

  /** What to encode: `{image}` for an untouched sample digit, `{ink, width}` for a drawing, null for empty paper. */
  drawing() {
    if (this.#items.length === 0) return null;
    if (this.#items.length === 1 && this.#items[0].image) return { image: this.#items[0].image.slice() };
    return { ink: inkOf(this.#ink.getImageData(0, 0, INK, INK).data), width: INK };
  }

  takeSample(image, digit, time) {
    this.#items = [{ image, digit }];
    this.#redraw();
    this.#tell(time);
  }

  undo(time) {
    if (this.#items.length > 0) this.#items.pop();
    else if (this.#cleared.length > 0) this.#items = this.#cleared.pop();
    else return;
    this.#redraw();
    this.#tell(time);
  }

  /** Empties the paper; an undo brings it back. */
  clear(time) {
    if (this.#items.length > 0) this.#cleared.push(this.#items);
    this.#items = [];
    this.#redraw();
    this.#tell(time);
  }

  #begin(event) {
    if (this.#pointer !== null || event.button > 0) return;
    event.preventDefault();
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#stroke = { points: [this.#point(event)], erase: this.#erasing || event.buttons === 32 };
    this.#items.push(this.#stroke);
    this.#draw(this.#stroke);
    this.#tell(event.timeStamp);
  }

  #extend(event) {
    if (event.pointerId !== this.#pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    const from = this.#stroke.points.length;
    for (const each of events.length > 0 ? events : [event]) this.#stroke.points.push(this.#point(each));
    this.#draw(this.#stroke, from);
    this.#tell(event.timeStamp);
  }

  #end(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.#stroke = null;
    this.#redraw(); // as one path: smoother than its pieces, and what an undo will bring back
    this.#tell(event.timeStamp);
  }

  #point(event) {
    const box = this.#canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  #draw(item, from) {
    for (const context of [this.#visible, this.#ink]) {
      const size = context.canvas.width;
      if (item.image) drawImage(context, item.image, size);
      else drawStroke(context, item, size, from);
    }
  }

  #redraw() {
    for (const context of [this.#visible, this.#ink])
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    for (const item of this.#items) this.#draw(item);
  }

  #toggleEraser() {
    this.#erasing = !this.#erasing;
    this.#elements.eraser.setAttribute("aria-pressed", String(this.#erasing));
    this.#canvas.classList.toggle("erasing", this.#erasing);
  }

  #tell(time) {
    const empty = this.#items.length === 0;
    const sample = this.#items.find((item) => item.image);
    this.#canvas.dataset.empty = String(empty);
    this.#canvas.setAttribute(
      "aria-label",
      empty
        ? "Drawing area, empty"
        : sample
          ? `Drawing area, test digit ${sample.digit}`
          : "Drawing area, your drawing",
    );
    this.#elements["pad-hint"].hidden = !empty;
    this.#elements.undo.disabled = empty && this.#cleared.length === 0;
    this.#elements.clear.disabled = empty;
    this.#changed(time);
  }
}

/** A 28 x 28 picture as ink: black whose opacity is the grey value. */
function drawImage(context, image, size) {
  const small = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const bytes = new Uint8ClampedArray(PIXELS * 4);
  for (let i = 0; i < PIXELS; i++) bytes[i * 4 + 3] = 255 * image[i];
  small.getContext("2d").putImageData(new ImageData(bytes, SIDE, SIDE), 0, 0);
  context.globalCompositeOperation = "source-over";
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, size, size);
}

/** Fills `root` with one button for each sample digit; `choose(index, time)` hears which was pressed. */
export function sampleButtons(root, images, choose) {
  const count = Math.min(10, images.length / PIXELS);
  for (let digit = 0; digit < count; digit++) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sample";
    button.dataset.digit = String(digit);
    button.setAttribute("aria-label", `Test digit ${digit}`);
    const canvas = Object.assign(document.createElement("canvas"), {
      className: "digit",
      width: SIDE,
      height: SIDE,
    });
    canvas.setAttribute("aria-hidden", "true");
    paint(canvas, grey(images.subarray(digit * PIXELS, (digit + 1) * PIXELS)));
    button.append(canvas);
    button.addEventListener("click", (event) => choose(digit, event.timeStamp));
    root.append(button);
  }
}
