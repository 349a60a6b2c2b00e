// Writes one after the other, soon after a change: of several values for the same key that wait, only the newest is written.

/** A change is written this long after the first that waits, so that a stroke or a slider is not written at each event. */
const DELAY_MS = 400;

export class WriteQueue {
  #write;
  #delay;
  #waiting = new Map(); // values by key
  #timer = null;
  #writing = null; // settles when nothing waits any more

  /** `write(key, value)` resolves once it is written and deals with its own failures. */
  constructor(write, delay = DELAY_MS) {
    this.#write = write;
    this.#delay = delay;
  }

  put(key, value) {
    this.#waiting.set(key, value);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.flush();
    }, this.#delay);
  }

  /** Writes what waits now; resolves once it is written. */
  flush() {
    if (this.#waiting.size > 0) this.#writing ??= this.#writeAll();
    return this.#writing ?? Promise.resolve();
  }

  /** What waits is not wanted any more; resolves once nothing is being written. */
  drop() {
    this.#waiting.clear();
    return this.flush();
  }

  async #writeAll() {
    while (this.#waiting.size > 0) {
      const [key, value] = this.#waiting.entries().next().value;
      this.#waiting.delete(key);
      await this.#write(key, value);
    }
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = null;
  }
}
