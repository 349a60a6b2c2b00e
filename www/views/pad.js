// The drawing pad: shows the drawing, and reports strokes by mouse, touch and pen.

import { canUndo } from "../explore/drawing.js";
import { DrawingPainter } from "../explore/drawing-painter.js";
import { text } from "../messages/text.js";
import { setAttribute } from "./dom.js";
import { onFrame } from "./frame.js";

const PEN_ERASER = 32; // the button of a pen's eraser end, in PointerEvent.buttons

export class PadView {
  #canvas;
  #painter;
  #elements;
  #actions;
  #drawing = null;
  #pointer = null; // the pointer that draws
  #erasing = false;
  #draw = onFrame(() => this.#paint());

  /** `actions`: begin({point, erase}, time), extend(points, time), end(time), undo(time), clear(time); points lie in the unit square. */
  constructor(root, actions) {
    this.#actions = actions;
    this.#elements = Object.fromEntries(
      ["pad-hint", "undo", "clear", "eraser"].map((id) => [id, root.querySelector(`#${id}`)]),
    );
    this.#canvas = root.querySelector("#pad");
    this.#painter = new DrawingPainter(this.#canvas.getContext("2d"));
    this.#canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    // Not at pointerdown: WebKit would send nothing more of a pen.
    this.#canvas.addEventListener("mousedown", (event) => event.preventDefault());
    this.#canvas.addEventListener("pointermove", (event) => this.#extend(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
      this.#canvas.addEventListener(end, (event) => this.#end(event));
    this.#elements.undo.addEventListener("click", (event) => actions.undo(event.timeStamp));
    this.#elements.clear.addEventListener("click", (event) => actions.clear(event.timeStamp));
    this.#elements.eraser.addEventListener("click", () => this.#toggleEraser());
  }

  /** `drawing`: {items, cleared}. */
  update({ drawing }) {
    this.#drawing = drawing;
    this.#draw();
  }

  #begin(event) {
    if (this.#pointer !== null || event.button > 0) return;
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    const erase = this.#erasing || event.buttons === PEN_ERASER;
    this.#actions.begin({ point: this.#point(event), erase }, event.timeStamp);
  }

  #extend(event) {
    if (event.pointerId !== this.#pointer) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const events = coalesced.length > 0 ? coalesced : [event];
    this.#actions.extend(
      events.map((each) => this.#point(each)),
      event.timeStamp,
    );
  }

  #end(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.#actions.end(event.timeStamp);
  }

  #point(event) {
    const box = this.#canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
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
    setAttribute(this.#canvas, "aria-label", description(items));
    this.#elements["pad-hint"].hidden = !empty;
    this.#elements.undo.disabled = !canUndo(this.#drawing);
    this.#elements.clear.disabled = empty;
  }
}

function description(items) {
  if (items.length === 0) return text("explore.panel.pad_empty");
  const sample = items.find((item) => item.image);
  return sample ? text("explore.pad.test_digit", { digit: sample.digit }) : text("explore.pad.drawing");
}
