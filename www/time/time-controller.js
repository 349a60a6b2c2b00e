// Shows the run as it was at an earlier snapshot, in every view, and trains on from there.

import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { latest } from "../worker/latest.js";

/** Between two snapshots of a replay, at least. */
const REPLAY_MS = 180;

export class TimeController {
  #state;
  #snapshots;
  #shownModel;
  #branch;
  #announcer;
  #notices;
  #aim = null; // {snapshot}: what was asked for and is not shown yet; its snapshot is null for the present

  /** `snapshots`: the RunSnapshots; `branch(snapshot, begins)` trains another run with its weights; `begins()` is called before. */
  constructor({ state, snapshots, shownModel, branch, announcer, notices }) {
    this.#state = state;
    this.#snapshots = snapshots;
    this.#shownModel = shownModel;
    this.#branch = branch;
    this.#announcer = announcer;
    this.#notices = notices;
  }

  /** Shows the run as it was after `step` steps, which is one of its snapshots; otherwise as it is now. */
  goTo(step) {
    this.stop();
    return this.#go(this.#state.snapshots.peek().find((snapshot) => snapshot.step === step) ?? null);
  }

  /** To the snapshot before or after the one shown; after the last one comes the present. */
  move(by) {
    this.stop();
    const snapshots = this.#state.snapshots.peek();
    const { snapshot } = this.#wanted;
    const at = snapshot ? snapshots.findIndex(({ step }) => step === snapshot.step) : snapshots.length;
    return this.#go(snapshots[Math.max(0, at + by)] ?? null);
  }

  /** Back to the present weights of the run. */
  async present() {
    this.stop();
    await this.#go(null);
    this.#announcer.say(text("time.at_present"));
  }

  /** Shows snapshot after snapshot, from the first to the present, until `stop`. */
  async replay() {
    const { replaying, snapshots } = this.#state;
    const replay = Symbol("replay");
    replaying.value = replay;
    for (const snapshot of snapshots.peek()) {
      const pause = new Promise((resolve) => setTimeout(resolve, REPLAY_MS));
      await this.#go(snapshot);
      await pause;
      if (replaying.peek() !== replay) return;
    }
    replaying.value = null;
    await this.#go(null);
  }

  stop() {
    this.#state.replaying.value = null;
  }

  /** Another run begins with the weights of the snapshot shown; the one that there is stays as it is. */
  async branch() {
    this.stop();
    const { snapshot } = this.#wanted;
    if (!snapshot) return; // the present is on its way already
    try {
      await this.#branch(snapshot, () =>
        this.#notices.show({ name: "time", text: text("time.branched", snapshot), kind: "info" }),
      );
    } catch (error) {
      this.#notices.show({ name: "time", text: text("time.not_branched", { reason: sentence(error) }) });
    }
  }

  /** {snapshot}: what is shown, or about to be. */
  get #wanted() {
    return this.#aim ?? { snapshot: this.#state.snapshot.peek() };
  }

  /** To a snapshot, or with null to the present. */
  async #go(snapshot) {
    if (snapshot?.step === this.#wanted.snapshot?.step) return;
    const aim = { snapshot };
    this.#aim = aim;
    await this.#show(snapshot);
    if (this.#aim === aim) this.#aim = null;
  }

  #show = latest(async (snapshot) => {
    if (!snapshot) return this.#shownModel.choose("training");
    try {
      await this.#shownModel.showSnapshot(this.#snapshots.weights(snapshot), snapshot);
      this.#notices.clear("time");
    } catch (error) {
      this.stop();
      this.#notices.show({ name: "time", text: text("time.not_shown", { reason: sentence(error) }) });
    }
  });
}
