// What mouse, touch and keys do to the map: move the cross, show the picture under the pointer, zoom and pan.
//
// One finger never zooms nor pans, and the wheel only where the page does not need it, so that neither is kept from scrolling.

import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const STEP = 0.1; // of an arrow key, in latent units without zoom
const LARGE = 5; // steps with Shift
const KEY_ZOOM = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, _: 1 / 1.5 };
const MOST_ZOOM = 40;
const GRIP = { mouse: 10, touch: 28 }; // distance to the cross at which it can be taken, CSS pixels

export class PlaneGestures {
  #canvas;
  #plane;
  #zoom;
  #left; // of the plane in its canvas, CSS pixels: d3-zoom counts from the canvas
  #dragging = false; // whether the cross is

  /**
   * `plane`: `ready()` says whether there is a map; `placeAt(event)` gives the place under a pointer and `distance(event)` that to the
   * cross, in CSS pixels; `cross()` gives its place and `move(place, byKey)` moves it; `hover(place)` shows the picture at a place, or
   * at the cross for null; `zoomed(transform)` takes {k, x, y}. `left`: where the plane
   * begins in the canvas, CSS pixels.
   */
  constructor(canvas, left, plane) {
    this.#canvas = canvas;
    this.#left = left;
    this.#plane = plane;
    this.#zoom = zoom()
      .scaleExtent([1, MOST_ZOOM])
      .filter((event) => plane.ready() && this.#zooms(event))
      .on("zoom", ({ transform: { k, x, y } }) => plane.zoomed({ k, x: x + (k - 1) * left, y }));
    select(canvas).call(this.#zoom).on("dblclick.zoom", null);
    this.#listen();
  }

  get dragging() {
    return this.#dragging;
  }

  /** The side of the plane, CSS pixels. */
  fit(side) {
    const left = this.#left;
    const all = [
      [left, 0],
      [left + side, side],
    ];
    this.#zoom.extent(all).translateExtent(all);
  }

  /** Shows the whole map. */
  reset() {
    select(this.#canvas).call(this.#zoom.transform, zoomIdentity);
  }

  /** Zooms by {k, x, y}, as `zoomed` takes it. */
  show({ k, x, y }) {
    const transform = zoomIdentity.translate(x - (k - 1) * this.#left, y).scale(Math.min(k, MOST_ZOOM));
    select(this.#canvas).call(this.#zoom.transform, transform);
  }

  /** Moves the middle to a point of the map without zoom, in CSS pixels. */
  moveTo([x, y]) {
    select(this.#canvas).call(this.#zoom.translateTo, x + this.#left, y);
  }

  #zooms(event) {
    if (event.type === "wheel")
      return (
        event.ctrlKey || event.metaKey || document.activeElement === this.#canvas || !scrolls(this.#canvas)
      );
    if (event.touches) return event.touches.length > 1;
    return event.button === 0 && !event.ctrlKey && this.#plane.distance(event) > GRIP.mouse;
  }

  #listen() {
    const canvas = this.#canvas;
    const plane = this.#plane;
    canvas.addEventListener("click", (event) => {
      if (plane.ready() && !event.defaultPrevented) plane.move(plane.placeAt(event), false);
    });
    canvas.addEventListener("dblclick", () => this.reset());
    // Only here, where the cross is taken, a finger does not scroll the page.
    canvas.addEventListener("touchstart", (event) => this.#touch(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      const grip = event.pointerType === "mouse" ? GRIP.mouse : GRIP.touch;
      if (event.button !== 0 || !event.isPrimary || !plane.ready() || plane.distance(event) > grip) return;
      this.#dragging = true;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!plane.ready()) return;
      if (this.#dragging) plane.move(plane.placeAt(event), false);
      else if (event.pointerType !== "touch" && event.buttons === 0) plane.hover(plane.placeAt(event));
    });
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, () => {
        this.#dragging = false;
      });
    canvas.addEventListener("pointerleave", () => plane.hover(null));
    canvas.addEventListener("keydown", (event) => this.#press(event));
  }

  #touch(event) {
    const [touch] = event.touches;
    if (event.touches.length > 1 || !this.#plane.ready() || this.#plane.distance(touch) > GRIP.touch) return;
    event.preventDefault();
  }

  #press(event) {
    if (!this.#plane.ready() || event.ctrlKey || event.altKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    const factor = KEY_ZOOM[event.key];
    if (arrow) this.#step(arrow, event.shiftKey);
    else if (factor) select(this.#canvas).call(this.#zoom.scaleBy, factor);
    else if (event.key === "0") this.reset();
    else return;
    event.preventDefault();
  }

  #step(arrow, large) {
    const step = ((large ? LARGE : 1) * STEP) / this.#canvas.__zoom.k;
    this.#plane.move(
      this.#plane.cross().map((value, k) => value + step * arrow[k]),
      true,
    );
  }
}

/** Whether what the map lies in has more than it shows: then the wheel is for that. */
function scrolls(canvas) {
  const around = [canvas.closest(".panel"), document.scrollingElement];
  return around.some(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 2);
}
