// Play and pause: the page requests one piece of work after another, so a pause only stops requesting.
// There are no timers and no animation frames between pieces: a hidden tab throttles those, but not a worker's replies.

/** A chunk of steps should take this long: short enough to pause at once, long enough that messages cost nothing. */
const CHUNK_MS = 50;
export const MOST_STEPS = 32;

export class Loop {
  #work;
  #wanted = false;
  #run = null;

  /** `work` does one piece and resolves to whether there is more to do. */
  constructor(work) {
    this.#work = work;
  }

  get running() {
    return this.#run !== null;
  }

  /** Settles when the run ends: after `pause`, when no work is left, or with the error of a piece that failed. */
  start() {
    this.#wanted = true;
    this.#run ??= this.#go().finally(() => {
      this.#run = null;
      this.#wanted = false;
    });
    return this.#run;
  }

  /** Resolves when nothing runs any more; an error of the run reaches only the caller of `start`. */
  async pause() {
    this.#wanted = false;
    await this.#run?.catch(() => {});
  }

  async #go() {
    while (this.#wanted && (await this.#work()));
  }
}

/** Steps for the next chunk, a power of two, from how long the last chunk took. */
export function nextSteps(steps, elapsed, aim = CHUNK_MS, most = MOST_STEPS) {
  if (elapsed > aim * 1.5) return Math.max(1, steps / 2);
  if (elapsed * 2 <= aim * 1.5) return Math.min(most, steps * 2);
  return steps;
}

/** The largest power of two up to `steps` that is no more than the steps `left` in the epoch. */
export function fitting(steps, left) {
  let fit = steps;
  while (fit > 1 && fit > left) fit /= 2;
  return fit;
}
