// The motion of the map from one snapshot to the next: places and square in between, so that points move instead of jumping.

import { heldSquare, square, squareBetween } from "./plane-geometry.js";

const DURATION_MS = 400; // less than the time between two snapshots

export class PlaneMotion {
  /** The places [n * 2] and the square as they are to be painted now, other objects where they are others; null before the first. */
  places = null;
  square = null;
  #from = null; // {places, square} at the beginning of the motion
  #to = null;
  #begun = 0;

  get moving() {
    return this.#from !== null;
  }

  /** Nothing is shown. */
  clear() {
    this.places = this.square = this.#from = this.#to = null;
  }

  /**
   * Other `places`; `more`: places that have to be inside. `continues`: they are those before, some steps later or in another plane;
   * `animated`: they move there, beginning at `time`, in ms.
   */
  set(places, { more, continues, animated, time }) {
    const wanted = square(places, more);
    const held = continues && this.#to ? heldSquare(this.#to.square, wanted) : wanted;
    const from = { places: this.places, square: this.square };
    this.#to = { places, square: held };
    if (animated && continues && from.places?.length === places.length) {
      this.#from = from;
      this.#begun = time;
    } else this.#arrive();
  }

  /** Makes the square larger where `place` is outside; whether it did. */
  include(place) {
    const { centre, reach } = this.#to.square;
    if (place.every((value, k) => Math.abs(value - centre[k]) <= reach)) return false;
    const wanted = square(this.#to.places, [place]);
    this.#to = { ...this.#to, square: wanted };
    if (!this.moving) this.square = wanted;
    return true;
  }

  /** Moves on to `time`. */
  advance(time) {
    if (!this.moving) return;
    const t = (time - this.#begun) / DURATION_MS;
    if (t >= 1) return this.#arrive();
    const eased = t <= 0 ? 0 : t * t * (3 - 2 * t);
    const { places: from } = this.#from;
    const { places: to } = this.#to;
    const places = from.slice();
    for (let k = 0; k < to.length; k++) places[k] += (to[k] - from[k]) * eased;
    this.places = places;
    if (this.#from.square !== this.#to.square)
      this.square = squareBetween(this.#from.square, this.#to.square, eased);
  }

  #arrive() {
    this.#from = null;
    this.places = this.#to.places;
    this.square = this.#to.square;
  }
}
