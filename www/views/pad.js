// The drawing pad: shows the drawing, and reports strokes by mouse, touch and pen.

import { canUndo } from "../explore/drawing.js";
import { DrawingPainter } from "../explore/drawing-painter.js";
import { text } from "../messages/text.js";
import { setAttribute } from "./dom.js";
import { onFrame } from "./frame.js";
import { PadPointer } from "./pad-pointer.js";

export class PadView {
  #canvas;
  #painter;
  #elements;
  #drawing = null;
  #names = [];
  #erasing = false;
  #draw = onFrame(() => this.#paint());

  /**
   * `actions`: begin({point, erase}, time), extend(points, time), end(time), cancel(time), undo(time), clear(time); `widths` {pen, eraser};
   * points and widths in units of the pad.
   */
  constructor(root, actions, widths) {
    this.#elements = Object.fromEntries(
      ["pad-hint", "undo", "clear", "eraser"].map((id) => [id, root.querySelector(`#${id}`)]),
    );
    this.#canvas = root.querySelector("#pad");
    this.#painter = new DrawingPainter(this.#canvas.getContext("2d"), widths);
    const begin = ({ point, erase }, time) => actions.begin({ point, erase: erase || this.#erasing }, time);
    new PadPointer(this.#canvas, { ...actions, begin });
    this.#elements.undo.addEventListener("click", (event) => actions.undo(event.timeStamp));
    this.#elements.clear.addEventListener("click", (event) => actions.clear(event.timeStamp));
    this.#elements.eraser.addEventListener("click", () => this.#toggleEraser());
  }

  /** `drawing`: {items, cleared, demonstrated}; `names` of the classes. */
  update({ drawing, names }) {
    this.#drawing = drawing;
    this.#names = names;
    this.#draw();
  }

  #toggleEraser() {
    this.#erasing = !this.#erasing;
    this.#elements.eraser.setAttribute("aria-pressed", String(this.#erasing));
    this.#canvas.classList.toggle("erasing", this.#erasing);
  }

  #paint() {
    const { items } = this.#drawing;
    const empty = items.length === 0;
    this.#painter.update(items);
    this.#canvas.dataset.empty = String(empty);
    setAttribute(this.#canvas, "aria-label", description(items, this.#names));
    this.#elements["pad-hint"].hidden = !empty;
    this.#elements.eraser.classList.toggle("idle", Boolean(this.#drawing.demonstrated)); // what is replayed is nobody's to erase
    this.#elements.undo.disabled = !canUndo(this.#drawing);
    this.#elements.clear.disabled = empty;
  }
}

function description(items, names) {
  if (items.length === 0) return text("explore.panel.pad_empty");
  const sample = items.find((item) => item.image);
  if (!sample) return text("explore.pad.drawing");
  const name = names[sample.label];
  return name ? text("explore.pad.test_image", { name }) : text("explore.pad.unlabelled_image");
}
