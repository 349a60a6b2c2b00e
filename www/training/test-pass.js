// A pass over test images, a piece at a time, so that a pause never waits long.

import { TestMean } from "./test-mean.js";

export const PIECE = 256; // images
/** Images of the quick test, where there are so many. */
export const QUICK = 512;

export class TestPass {
  /** Time spent on it, in milliseconds. */
  cost = 0;
  #mean = new TestMean();

  /** `which`: "quick", on the first test images, or "full", on all `images`. */
  constructor(which, images) {
    this.which = which;
    this.of = which === "quick" ? Math.min(QUICK, images) : images;
  }

  /** Images tested so far. */
  get done() {
    return this.#mean.images;
  }

  get complete() {
    return this.done >= this.of;
  }

  /** Tests the next piece; `evaluate(from, count)` resolves to the mean losses of these images. */
  async piece(evaluate, now) {
    const begun = now();
    this.#mean.add(await evaluate(this.done, Math.min(PIECE, this.of - this.done)));
    this.cost += now() - begun;
  }

  /** As `TestMean.mean`. */
  mean() {
    return this.#mean.mean();
  }
}
