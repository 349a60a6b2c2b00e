// Looks back: shows the run as it was at an earlier moment, in every view, and trains on from there.

import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { latest } from "../worker/latest.js";

/** Between two moments of a replay, at least. */
const REPLAY_MS = 180;

export class TimeController {
  #state;
  #moments;
  #shownModel;
  #branch;
  #announcer;
  #notices;
  #aim = null; // {moment}: what was asked for and is not shown yet; its moment is null for the present

  /** `moments`: the RunMoments; `branch(moment, begins)` trains another run with its weights; `begins()` is called before. */
  constructor({ state, moments, shownModel, branch, announcer, notices }) {
    this.#state = state;
    this.#moments = moments;
    this.#shownModel = shownModel;
    this.#branch = branch;
    this.#announcer = announcer;
    this.#notices = notices;
  }

  /** Shows the run as it was after `step` steps, which is one of its moments; otherwise as it is now. */
  look(step) {
    this.stop();
    return this.#go(this.#state.moments.peek().find((moment) => moment.step === step) ?? null);
  }

  /** To the moment before or after the one shown; after the last one comes the present. */
  move(by) {
    this.stop();
    const moments = this.#state.moments.peek();
    const { moment } = this.#wanted;
    const at = moment ? moments.findIndex(({ step }) => step === moment.step) : moments.length;
    return this.#go(moments[Math.max(0, at + by)] ?? null);
  }

  /** Back to the present weights of the run. */
  async present() {
    this.stop();
    await this.#go(null);
    this.#announcer.say(text("time.at_present"));
  }

  /** Shows moment after moment, from the first to the present, until `stop`. */
  async replay() {
    const { replaying, moments } = this.#state;
    const replay = Symbol("replay");
    replaying.value = replay;
    for (const moment of moments.peek()) {
      const pause = new Promise((resolve) => setTimeout(resolve, REPLAY_MS));
      await this.#go(moment);
      await pause;
      if (replaying.peek() !== replay) return;
    }
    replaying.value = null;
    await this.#go(null);
  }

  stop() {
    this.#state.replaying.value = null;
  }

  /** Another run begins with the weights of the moment shown; the one that there is stays as it is. */
  async branch() {
    this.stop();
    const { moment } = this.#wanted;
    try {
      await this.#branch(moment, () =>
        this.#notices.show({ name: "time", text: text("time.branched", moment), kind: "info" }),
      );
    } catch (error) {
      this.#notices.show({ name: "time", text: text("time.not_branched", { reason: sentence(error) }) });
    }
  }

  /** {moment}: what is shown, or about to be. */
  get #wanted() {
    return this.#aim ?? { moment: this.#state.moment.peek() };
  }

  /** To a moment, or with null to the present. */
  async #go(moment) {
    if (moment?.step === this.#wanted.moment?.step) return;
    const aim = { moment };
    this.#aim = aim;
    await this.#show(moment);
    if (this.#aim === aim) this.#aim = null;
  }

  #show = latest(async (moment) => {
    if (!moment) return this.#shownModel.choose("training");
    try {
      await this.#shownModel.showMoment(this.#moments.weights(moment), moment);
      this.#notices.clear("time");
    } catch (error) {
      this.stop();
      this.#notices.show({ name: "time", text: text("time.not_shown", { reason: sentence(error) }) });
    }
  });
}
