// How fast a trainer is, and how many steps make a chunk: by what the steps cost, apart from the wait for their result, which in some browsers is
// longer than many steps (Firefox looks for finished readings every 100 ms).

import { nextSteps } from "./loop.js";

const MEMORY = 0.8; // share of the old value in the running mean of ms per step
/** The wait is found by comparing a chunk with one of twice the length, unless a single step takes longer than this. */
const SLOW_MS = 300;
/** A chunk that takes so many times as long as expected, and at least so many milliseconds, was interrupted: the machine slept. */
const INTERRUPTED = { times: 8, ms: 2000 };

export class Pace {
  /** Steps of the next chunk, a power of two. */
  steps = 1;
  /** Running mean, with the wait, or null before the first chunk. */
  msPerStep = null;
  #other = null; // {steps, elapsed} of the last chunk of another length
  #interrupted = false; // whether the last chunk was taken for interrupted

  /** Takes the duration of a chunk in milliseconds. */
  add(steps, elapsed) {
    if (this.#wasInterrupted(steps, elapsed)) return;
    const speed = elapsed / steps;
    this.msPerStep = this.msPerStep === null ? speed : MEMORY * this.msPerStep + (1 - MEMORY) * speed;
    if (steps !== this.steps) return; // cut short by the end of an epoch
    const next = this.#next(elapsed);
    if (next !== steps) this.#other = { steps, elapsed };
    this.steps = next;
  }

  /** A second such chunk in a row is a slower machine. */
  #wasInterrupted(steps, elapsed) {
    const expected = (this.msPerStep ?? elapsed) * steps;
    const late = elapsed > INTERRUPTED.times * expected && elapsed > INTERRUPTED.ms;
    this.#interrupted = late && !this.#interrupted;
    return this.#interrupted;
  }

  #next(elapsed) {
    if (!this.#other) return elapsed <= SLOW_MS ? 2 : 1;
    const perStep = Math.max(0, (elapsed - this.#other.elapsed) / (this.steps - this.#other.steps));
    return nextSteps(this.steps, Math.min(elapsed, perStep * this.steps));
  }
}
