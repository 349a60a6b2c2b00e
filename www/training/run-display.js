// Shows the run in the pictures, a snapshot at a time, until another model is chosen.

import { effect } from "@preact/signals-core";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { latest } from "../worker/latest.js";

export class RunDisplay {
  #state;
  #shownModel;
  #notices;
  #requested = false; // whether the next snapshot makes the run the model shown
  #fresh = false; // whether the next snapshot is the first of a new model

  constructor({ state, shownModel, notices }) {
    this.#state = state;
    this.#shownModel = shownModel;
    this.#notices = notices;
    effect(() => {
      state.shown.value; // the run is shown by now, or another model was chosen
      this.#requested = false;
    });
  }

  /** Whether the run is shown, as it is now. */
  get isShown() {
    const shown = this.#state.shown.peek();
    return shown?.source === "training" && !shown.snapshot;
  }

  /** Someone started or resumed the run: its next snapshot is shown, whichever model was shown before. */
  request() {
    this.#requested = true;
  }

  /** `fresh`: the run's next snapshot is the first of a new model. */
  begin({ fresh }) {
    this.#fresh = fresh;
  }

  async show(weights) {
    if (!this.#isWanted) return;
    try {
      if (await this.#show(weights)) this.#fresh = false;
    } catch (error) {
      this.#notices.show({
        name: "snapshot",
        text: text("training.notice.not_shown", { reason: sentence(error) }),
      });
    }
  }

  get #isWanted() {
    return this.#requested || this.isShown;
  }

  #show = latest(async (weights) => {
    if (this.#isWanted) await this.#shownModel.showRun(weights, { fresh: this.#fresh });
  });
}
