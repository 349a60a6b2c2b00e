// Training while the page is hidden, frozen or shown again; a wake lock keeps the screen on while it runs.

import { effect } from "@preact/signals-core";
import { text } from "../messages/text.js";

/** `training`: a TrainingController. */
export function watchLifecycle({ state, training, announcer }) {
  const wakeLock = new WakeLock();
  let hiddenAt = null; // the step at which the page was hidden
  effect(() => wakeLock.request(state.run.value.status === "running"));
  document.addEventListener("freeze", () => training.frozen());
  document.addEventListener("visibilitychange", () => {
    const { step } = state.run.peek();
    if (document.hidden) {
      hiddenAt = step;
      return;
    }
    const count = hiddenAt === null ? 0 : step - hiddenAt;
    hiddenAt = null;
    if (count > 0) announcer.say(text("training.spoken.while_hidden", { count }));
    wakeLock.renew();
  });
}

class WakeLock {
  #lock = null;
  #wanted = false;

  request(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) this.#acquire();
    else this.#lock?.release().catch(() => {});
  }

  /** The browser releases the lock of a hidden page. */
  renew() {
    if (this.#wanted) this.#acquire();
  }

  async #acquire() {
    try {
      this.#lock = await navigator.wakeLock?.request("screen");
      if (!this.#wanted) await this.#lock?.release();
    } catch {
      this.#lock = null; // refused (battery saver, hidden page): the screen may turn off, training goes on
    }
  }
}
