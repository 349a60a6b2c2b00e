// Announces sentences to screen readers through a live region.

const KEPT = 3; // sentences in the region, so that one does not replace another before it is read
const SPACING_MS = 10_000;

export class Announcer {
  #root;
  #spoken = -Infinity;
  #now;

  constructor(root, now = () => performance.now()) {
    this.#root = root;
    this.#now = now;
  }

  /** Says it if nothing was said for a while, else not at all. */
  sayOccasionally(text) {
    if (this.#now() - this.#spoken >= SPACING_MS) this.say(text);
  }

  /** Says it now. */
  say(text) {
    this.#spoken = this.#now();
    const sentence = Object.assign(document.createElement("p"), { textContent: text });
    this.#root.replaceChildren(...[...this.#root.children].slice(1 - KEPT), sentence);
  }
}
