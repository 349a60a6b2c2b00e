// Speaks to screen readers, politely: every change of state, and progress seldom.

const KEPT = 3; // sentences: one that comes right after another does not wipe it out unheard
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

  /** Says it now. */
  say(text) {
    this.#spoken = this.#now();
    const sentence = Object.assign(document.createElement("p"), { textContent: text });
    this.#root.replaceChildren(...[...this.#root.children].slice(1 - KEPT), sentence);
  }
}
