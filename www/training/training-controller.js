// Controls training: what each button does.

import { isDamagedData } from "../data-sets/idx-files.js";
import { Failure } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { SettingsController } from "../settings/settings-controller.js";
import { branched } from "../settings/settings-record.js";
import { modelConfig, trainConfig } from "../settings/values.js";
import { MemoryCheck } from "./memory-check.js";
import { RunDisplay } from "./run-display.js";
import { isFitted, MORE_EPOCHS, settingsOfRun } from "./run-settings.js";
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
  #memory;
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
    this.#memory = new MemoryCheck({ viewer, images: () => imagesOf(state) });
    const reports = new SessionReports({
      state,
      data,
      explore,
      display: this.#display,
      announcer,
      notices,
      failed: (trouble) => this.#sessionFailed(trouble),
    });
    session.subscribe((event, detail) => reports.take(event, detail));
  }

  /** Fetches what training needs, so that it starts at once, even without a network. */
  async prepare() {
    await Promise.allSettled([this.#loadData(), this.#trainers.prepare(this.#values.device)]);
  }

  /**
   * Pauses training where it runs; otherwise trains: resumes, recovers, adds epochs to a finished run, or begins a new one. While another
   * system is chosen than the run's, begins a run of that one.
   */
  toggle() {
    const { status, busy, epoch } = this.#session;
    if (this.#ofOtherSystem) return this.#beginAnew("play");
    if (busy) return this.pause();
    if (status === "failed") return this.#again();
    if (isFitted(this.#run, this.#values)) return this.#beginAnew("play");
    if (status === "finished")
      this.#settings.set({ epochs: Math.min(MOST_EPOCHS, Math.ceil(epoch) + MORE_EPOCHS) });
    return this.#resumeRun();
  }

  /** Takes one training step. */
  step() {
    if (this.#ofOtherSystem) return this.#beginAnew("oneStep");
    if (this.#session.busy) return;
    if (this.#session.status === "failed") return;
    this.#lastAction = "oneStep";
    return this.#begin((weights) => this.#session.oneStep(weights));
  }

  /** Makes a new model with the settings and this `change` of them; it trains if the one before did. */
  async restart(change = {}) {
    if (this.#session.status === "starting") return;
    const wasRunning = this.#session.status === "running";
    await this.#session.pause(); // with its own seed
    this.#settings.set(change);
    await this.#beginAnew(wasRunning ? "play" : null);
  }

  /** A new run with the settings as they are, which trains at once; the one before is kept. */
  begin() {
    return this.#beginAnew("play");
  }

  newSeed() {
    return this.restart({ seed: crypto.getRandomValues(new Uint32Array(1))[0] % SEEDS });
  }

  /** Pauses training where it runs, whichever system is chosen. */
  pause() {
    return this.#session.pause();
  }

  /** Forgets the run, which is about to be deleted, and begins no other; resolves to whether it is forgotten. */
  async discard() {
    if (this.#session.status === "starting") return false;
    await this.#session.pause();
    const isShown = this.#state.shown.peek()?.source === "training";
    if (isShown) await this.#shownModel.choose(this.#shownModel.before); // its weights will be gone
    if (!(await this.#session.discard())) return false;
    this.#retry = null;
    return true;
  }

  /** Repeats what failed, from the last checkpoint where there is one; after a lack of memory with a smaller batch. */
  async recover() {
    const { trouble } = this.#run;
    if (trouble?.batch) this.#settings.set({ batch: trouble.batch });
    return this.#again();
  }

  /** Continues a run of the chosen system on the present data set from a `checkpoint` of an earlier visit, as in TrainingSession.resume. */
  async resume(checkpoint) {
    if (this.#session.status === "starting") return;
    this.#lastAction = "play";
    this.#setTrouble(null);
    try {
      await this.#memory.check(this.#values, settingsOfRun(checkpoint, this.#values));
    } catch (error) {
      return this.#refused(error, () => this.resume(checkpoint));
    }
    const dataset = this.#state.dataset.peek();
    this.#write({ system: this.#state.system.peek().name, dataset });
    this.#display.request();
    await this.#session.resume({ ...checkpoint, dataset }, "play");
  }

  /**
   * Begins another run that goes on from the `weights` which the present one had at a `snapshot`, {step, epoch}; its optimiser begins anew.
   * `beginning()` is called before.
   */
  async branch({ step, epoch }, weights, beginning) {
    if (this.#session.status === "starting") return;
    await this.#session.pause();
    const { made, dataset, record } = this.#run;
    const options = { model: modelConfig(made), train: trainConfig(this.#values, made), weights };
    const bytes = await this.#viewer.call("branch", { options, step, epoch, images: dataset.train });
    beginning();
    this.#lastAction = "play";
    this.#setTrouble(null);
    this.#display.request();
    const history = this.#state.history.peek();
    const losses = { train: null, quick: null, full: null };
    const own = { made, dataset, record: branched(record, step), history, losses };
    await this.#session.resume({ bytes, weights, step, epoch, testing: false, ...own }, "play");
  }

  /** The browser is about to freeze this hidden page. */
  frozen() {
    if (!this.#session.busy) return;
    this.#session.pause();
    this.#notices.show({
      name: "frozen",
      text: text("training.notice.frozen"),
      kind: "info",
      actions: { [text("training.button.resume")]: () => this.#resumeRun() },
    });
  }

  /** The run goes on after a pause, whichever system is chosen. */
  #resumeRun() {
    this.#lastAction = "play";
    return this.#begin((weights) => this.#session.play(weights));
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

  /** Does again what failed, with the settings as they are now. */
  async #again() {
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

  /** A new model from the settings, and then `next`: "play", "oneStep" or null. A run before it is paused, and kept as it is then. */
  async #beginAnew(next) {
    if (this.#session.status === "starting") return;
    await this.#session.pause();
    this.#lastAction = next;
    await this.#begin((weights) => this.#session.restart(weights, next), true);
  }

  /** Does `act(weights)`, with starting weights where it makes a new model. */
  async #begin(act, anew = false) {
    this.#setTrouble(null);
    const making = anew || this.#session.beginsAnew;
    const system = this.#state.system.peek().name;
    try {
      if (making) this.#checkLabels();
      const weights = making ? await this.#startingWeights() : undefined;
      this.#display.request();
      await this.#checkMemory(making);
      if (making) this.#write({ system, dataset: this.#state.dataset.peek() });
      await act(weights);
    } catch (error) {
      this.#refused(error, () => this.#begin(act, anew));
    }
  }

  /** A model that needs labels is not made for images without. */
  #checkLabels() {
    const { labelled, name } = this.#state.dataset.peek();
    if (this.#values.labelled && !labelled) throw new Failure("data_without_labels", { data: name });
  }

  /** Settings that a run refuses do not stop it: it says so and goes on with those that it has. */
  async #checkMemory(making) {
    if (making) return this.#memory.check(this.#values);
    try {
      await this.#memory.check(this.#values, settingsOfRun(this.#run, this.#values));
    } catch (error) {
      if (isLackOfMemory(error)) throw error;
    }
  }

  /** What was asked for did not begin; `retry` asks for it again. */
  #refused(error, retry) {
    const lack = isLackOfMemory(error) && { kind: "memory", batch: error.values.batch ?? null };
    this.#setTrouble({ kind: "start", error, ...lack }, retry);
  }

  /** The weights to start from, undefined for random ones; their shape then decides the settings of the model. */
  async #startingWeights() {
    const { from } = this.#values;
    if (from === "scratch") return undefined;
    const weights = await this.#shownModel.startingWeights(from);
    const { model } = await this.#viewer.call("inspect", { weights });
    const { classes: _, ...config } = modelConfig(model); // those of a new model are the data set's
    this.#settings.set(config);
    return weights;
  }

  /** Where memory ran out, a smaller batch is found for the next attempt. */
  async #sessionFailed(trouble) {
    this.#setTrouble(trouble);
    if (trouble.error.kind !== "worker_out_of_memory") return;
    const { batch = null } = await this.#memory.lower(this.#values, settingsOfRun(this.#run, this.#values));
    if (this.#run.trouble?.error === trouble.error) this.#setTrouble({ ...trouble, kind: "memory", batch });
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

/** How many images of the present data set a trainer holds in memory. */
function imagesOf({ dataset }) {
  const { train, test } = dataset.peek();
  return train + test;
}

function isLackOfMemory({ kind }) {
  return /^memory_/.test(kind);
}
