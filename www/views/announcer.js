// Speaks to screen readers, politely and seldom.

const SPACING_MS = 10_000;

export class Announcer {
  #root;
  #spoken = -Infinity;
  #now;

  constructor(root, now = () => performance.now()) {
    this.#root = root;
    this.#now = now;
  }

  /** Says it now if the last word was long enough ago, else not at all. */
  perhaps(text) {
    if (this.#now() - this.#spoken >= SPACING_MS) this.say(text);
  }

  say(text) {
    this.#spoken = this.#now();
    this.#root.textContent = text;
  }
}
