// Moves the cross of the latent plane: by mouse, touch and arrow keys.

const STEP = 0.1; // of an arrow key, in latent units
const LARGE_STEP = 5 * STEP; // with Shift
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class PlanePointer {
  dragging = false;
  #plane;

  /**
   * `plane`: `ready()` says whether there is a plane, `placeAt(event)` gives the latent values under a pointer, `cross()` those of the
   * cross, and `move(place, byKey)` moves it.
   */
  constructor(canvas, plane) {
    this.#plane = plane;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !plane.ready()) return;
      this.dragging = true;
      canvas.setPointerCapture(event.pointerId);
      plane.move(plane.placeAt(event), false);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.dragging) plane.move(plane.placeAt(event), false);
    });
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, () => {
        this.dragging = false;
      });
    canvas.addEventListener("keydown", (event) => this.#press(event));
  }

  #press(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || !this.#plane.ready() || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const place = this.#plane.cross().map((value, k) => value + step * arrow[k]);
    this.#plane.move(place, true);
  }
}
