// Which part of the map is seen: all of it, as it moves from one snapshot to the next, and what a zoom leaves of that.

import { Frame, zoomedSquare, zoomTo } from "../evaluation/plane-geometry.js";
import { PlaneMotion } from "../evaluation/plane-motion.js";

const NO_ZOOM = { k: 1, x: 0, y: 0 };
const PAUSE_MS = 25; // between two pictures of a motion: thirty a second look smooth, and leave the processor to the training

export class PlaneCamera {
  #actions;
  #motion = new PlaneMotion();
  #movedAt = 0; // when a motion was painted last
  #zoom = NO_ZOOM;
  #first = null; // what the first map zooms to
  #seen = null; // the square seen, and what it was computed from
  #still = matchMedia("(prefers-reduced-motion: reduce)");

  /** `actions`: `zoom(transform)` by {k, x, y}, which comes back through `zoomed`, and `look(square, k)` at another square {centre, reach}, or with another zoom. */
  constructor(actions) {
    this.#actions = actions;
  }

  /** Whether a map is seen. */
  get ready() {
    return this.#seen !== null;
  }

  get moving() {
    return this.#motion.moving;
  }

  /** The places [n * 2] of the codes as they are to be painted now. */
  get places() {
    return this.#motion.places;
  }

  /** The part that is seen, {centre, reach}; the same object as long as nothing changes. */
  get square() {
    return this.#seen.square;
  }

  /** The coordinates of what is seen, on a plane of this `side` in CSS pixels. */
  frame(side) {
    return new Frame(this.#seen.square, side);
  }

  /** Those of all of the map, as without a zoom. */
  wholeFrame(side) {
    return new Frame(this.#motion.square, side);
  }

  /** The first map begins with this `part`, {centre, reach}, or with all of it for null. */
  beginAt(part) {
    if (!this.#seen) this.#first = part;
  }

  /** As in PlaneMotion, but that nothing is `animated` for people who want no motion. */
  set(places, { animated, ...options }) {
    const time = performance.now();
    this.#motion.set(places, { ...options, animated: animated && !this.#still.matches, time });
  }

  /** There is no map. */
  clear() {
    this.#motion.clear();
    this.#seen = null;
  }

  /** Enlarges the map where `place` is outside. */
  include(place) {
    this.#motion.include(place);
  }

  zoomed(transform) {
    this.#zoom = transform;
  }

  /** Moves on to `time`, in ms; whether there is a new picture. */
  advance(time) {
    if (this.moving && time - this.#movedAt < PAUSE_MS) return false;
    if (this.moving) this.#movedAt = time;
    this.#motion.advance(time);
    return true;
  }

  /** Computes the part that is seen on a plane of this `side`. */
  look(side) {
    const { square } = this.#motion;
    if (this.#first) this.#actions.zoom(zoomTo(square, side, this.#first));
    this.#first = null;
    const zoom = this.#zoom;
    if (this.#seen?.of === square && this.#seen.zoom === zoom && this.#seen.side === side) return;
    this.#seen = { square: zoomedSquare(square, side, zoom), of: square, zoom, side };
    this.#actions.look(this.#seen.square, zoom.k);
  }
}
