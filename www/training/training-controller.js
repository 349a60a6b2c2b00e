// Controls training: what each button does.

import { isDamagedData } from "../files/dataset.js";
import { text } from "../messages/text.js";
import { SettingsController } from "../settings/settings-controller.js";
import { modelConfig } from "../settings/values.js";
import { RunDisplay } from "./run-display.js";
import { isFitted, MORE_EPOCHS } from "./run-settings.js";
import { SessionReports } from "./session-reports.js";

const MOST_EPOCHS = 1000;
const SEEDS = 1_000_000; // a new seed is below this, short enough to be copied by hand

export class TrainingController {
  #state;
  #settings;
  #session;
  #trainers;
  #data;
  #viewer;
  #shownModel;
  #notices;
  #display;
  #lastAction = "play"; // what a retry repeats: "play", "oneStep" or null
  #retry = null; // repeats what failed before the session began, or null

  /** `session`: a TrainingSession; `trainers`: its Trainers; `data`: the TrainingData; `shownModel` and `explore` as in main.js. */
  constructor({ state, session, trainers, data, viewer, explore, shownModel, announcer, notices }) {
    this.#state = state;
    this.#settings = new SettingsController({ state });
    this.#session = session;
    this.#trainers = trainers;
    this.#data = data;
    this.#viewer = viewer;
    this.#shownModel = shownModel;
    this.#notices = notices;
    this.#display = new RunDisplay({ state, shownModel, notices });
    const reports = new SessionReports({
      state,
      data,
      explore,
      display: this.#display,
      announcer,
      notices,
      failed: (trouble) => this.#setTrouble(trouble),
    });
    session.subscribe((event, detail) => reports.take(event, detail));
  }

  /** Fetches what training needs, so that it starts at once, even without a network. */
  async prepare() {
    await Promise.allSettled([this.#loadData(), this.#trainers.prepare(this.#values.device)]);
  }

  /** Pauses training where it runs; otherwise trains: resumes, recovers, adds epochs to a finished run, or begins a new one. */
  toggle() {
    const { status, busy, epoch } = this.#session;
    if (busy) return this.#session.pause();
    if (this.#ofOtherSystem) return this.#beginAnew("play");
    if (status === "failed") return this.recover();
    if (isFitted(this.#run, this.#values)) return this.#beginAnew("play");
    if (status === "finished")
      this.#settings.set({ epochs: Math.min(MOST_EPOCHS, Math.ceil(epoch) + MORE_EPOCHS) });
    this.#lastAction = "play";
    return this.#begin((weights) => this.#session.play(weights));
  }

  /** Takes one training step. */
  step() {
    if (this.#session.busy) return;
    if (this.#ofOtherSystem) return this.#beginAnew("oneStep");
    if (this.#session.status === "failed") return;
    this.#lastAction = "oneStep";
    return this.#begin((weights) => this.#session.oneStep(weights));
  }

  /** Makes a new model with the settings and this `change` of them; it trains if the one before did. */
  async restart(change = {}) {
    if (this.#session.status === "starting") return;
    const wasRunning = this.#session.status === "running";
    await this.#session.pause();
    this.#settings.set(change);
    await this.#beginAnew(wasRunning ? "play" : null);
  }

  newSeed() {
    return this.restart({ seed: crypto.getRandomValues(new Uint32Array(1))[0] % SEEDS });
  }

  /** Another system was chosen: training is paused. */
  systemChanged() {
    return this.#session.pause();
  }

  /** Repeats what failed, from the last checkpoint where there is one. */
  async recover() {
    if (this.#retry) return this.#retry();
    const { trouble } = this.#run;
    if (trouble?.kind === "data") {
      this.#setTrouble(null);
      return this.#loadData();
    }
    return this.#begin(async (weights) => {
      if (isDamagedData(trouble?.error)) await this.#data.forget();
      await this.#session.recover(weights, trouble?.kind === "diverged" ? null : this.#lastAction);
    });
  }

  /** Continues a run of the chosen system from a `checkpoint` of an earlier visit, as in TrainingSession.resume. */
  async resume(checkpoint) {
    if (this.#session.status === "starting") return;
    this.#lastAction = "play";
    this.#setTrouble(null);
    this.#write({ system: this.#state.system.peek().name });
    this.#display.request();
    await this.#session.resume(checkpoint, "play");
  }

  /** The browser is about to freeze this hidden page. */
  frozen() {
    if (!this.#session.busy) return;
    this.#session.pause();
    this.#notices.show({
      name: "frozen",
      text: text("training.notice.frozen"),
      kind: "info",
      actions: { [text("training.button.resume")]: () => this.toggle() },
    });
  }

  get #values() {
    return this.#state.values.peek();
  }

  get #run() {
    return this.#state.run.peek();
  }

  get #ofOtherSystem() {
    return this.#state.runIsOfOtherSystem.peek();
  }

  /** A new model from the settings, and then `next`: "play", "oneStep" or null. */
  #beginAnew(next) {
    this.#lastAction = next;
    return this.#begin((weights) => this.#session.restart(weights, next), true);
  }

  /** Does `act(weights)`, with starting weights where it makes a new model. */
  async #begin(act, anew = false) {
    this.#setTrouble(null);
    const making = anew || this.#session.beginsAnew;
    const system = this.#state.system.peek().name;
    try {
      const weights = making ? await this.#startingWeights() : undefined;
      if (making) this.#write({ system });
      this.#display.request();
      await act(weights);
    } catch (error) {
      this.#setTrouble({ kind: "start", error }, () => this.#begin(act, anew));
    }
  }

  /** The weights to start from, undefined for random ones; their shape then decides the settings of the model. */
  async #startingWeights() {
    const { from } = this.#values;
    if (from === "scratch") return undefined;
    const weights = await this.#shownModel.startingWeights(from);
    const { model } = await this.#viewer.call("inspect", { weights });
    this.#settings.set(modelConfig(model));
    return weights;
  }

  /** Loads the data files; a failure is shown unless training shows one of its own. */
  #loadData() {
    return this.#data.load().catch((error) => {
      const { busy, status } = this.#session;
      if (!busy && status !== "failed") this.#setTrouble({ kind: "data", error });
    });
  }

  #setTrouble(trouble, retry = null) {
    this.#retry = retry;
    const resumeAt = this.#session.checkpoint?.step ?? null;
    this.#write({ trouble: trouble && { ...trouble, resumeAt } });
  }

  #write(change) {
    this.#state.run.value = { ...this.#run, ...change };
  }
}
