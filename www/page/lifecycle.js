// The screen stays awake while training, and a hidden tab is told of honestly.

export class Attention {
  #lock = null;
  #wanted = false;

  /** `frozen()` hears that the browser is about to stop this page; `back()` that it is seen again. */
  constructor({ frozen, back }) {
    document.addEventListener("freeze", frozen);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      back();
      if (this.#wanted) this.#request();
    });
  }

  keepAwake(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) this.#request();
    else this.#lock?.release().catch(() => {});
  }

  async #request() {
    try {
      this.#lock = await navigator.wakeLock?.request("screen");
      if (!this.#wanted) await this.#lock?.release();
    } catch {
      this.#lock = null; // refused (battery saver, hidden page): the screen may sleep, training does not depend on it
    }
  }
}
