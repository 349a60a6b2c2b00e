// The training panel: what its buttons do, and where the news of a run goes.

import { Attention } from "../page/lifecycle.js";
import { count } from "../messages/format.js";
import { latest } from "../worker/latest.js";
import { News } from "./metrics.js";
import { closedForm } from "../settings/schema.js";
import { modelConfig, pending } from "../settings/values.js";
import { Supplies } from "./supplies.js";
import { Training } from "./training-session.js";
import { ProgressView } from "../views/progress.js";

const MORE_EPOCHS = 5;
const ACTIONS = { start: "Retry", spoilt: "Back to the last good snapshot" };

export class Classroom {
  #root;
  #viewer;
  #studio;
  #controls;
  #weightsOf;
  #announcer;
  #news;
  #notices;
  #shown;
  #supplies;
  #progress;
  #training;
  #trouble = null;
  #asked = "play"; // what a retry repeats: "play", "oneStep", or nothing
  #choice = 0; // counts the systems chosen
  #begun = null; // the choice that the last run was begun for
  #following = false; // whether the pictures show this run
  #fresh = false; // whether the next snapshot is the first of a new model
  #hiddenAt = null; // the step at which the tab was hidden
  #attention;

  /**
   * `digits`: the sample digits as raw [images, labels]; `controls` has the settings; `weightsOf(from)` promises bytes to start from;
   * `shown(source)` hears that the pictures now follow the run.
   */
  constructor({ root, viewer, dataset, digits, studio, controls, weightsOf, announcer, notices, shown }) {
    this.#shown = shown;
    this.#root = root;
    this.#viewer = viewer;
    this.#studio = studio;
    this.#controls = controls;
    this.#weightsOf = weightsOf;
    this.#announcer = announcer;
    this.#notices = notices;
    this.#progress = new ProgressView(root);
    this.#supplies = new Supplies({
      dataset,
      viewer,
      digits,
      progress: this.#progress,
      phase: (phase) => this.#news.phase(phase),
      software: new URLSearchParams(location.search).get("software") === "measure",
    });
    this.#news = new News({ root, progress: this.#progress, studio, announcer });
    this.#training = new Training({
      open: (values, options) => this.#supplies.open(values, options),
      judge: (work) => this.#supplies.judge(work),
      data: () => this.#supplies.data(),
      settings: () => controls.values,
      report: (event, detail) => this.#hear(event, detail),
    });
    this.#attention = new Attention({ frozen: () => this.#frozen(), back: () => this.#back() });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#hiddenAt = this.#training.step;
    });
    this.#listen();
    this.settingsChanged();
  }

  /** What can be fetched before anyone asks, so that training starts at once, even without a network. */
  async prepare() {
    await Promise.allSettled([
      this.#supplies.load().catch((error) => this.#dataFailed(error)),
      this.#supplies.prepareLabs(this.#controls.values.device),
    ]);
  }

  openChart() {
    return this.#news.openChart().catch(() =>
      this.#notices.show({
        name: "chart",
        text: "The loss chart could not be loaded; the numbers below it are complete.",
        kind: "info",
      }),
    );
  }

  toggle() {
    if (this.#training.busy) return this.#training.pause();
    if (this.#anew) return this.#beginAnew("play");
    if (this.#training.status === "failed") return this.#recover();
    if (this.#fitted) return this.#beginAnew("play");
    if (this.#training.status === "finished")
      this.#controls.set({ epochs: Math.min(1000, Math.ceil(this.#training.epoch) + MORE_EPOCHS) });
    this.#asked = "play";
    return this.#begin((weights) => this.#training.play(weights));
  }

  step() {
    if (this.#training.busy) return;
    if (this.#anew) return this.#beginAnew("oneStep");
    if (this.#training.status === "failed") return;
    this.#asked = "oneStep";
    return this.#begin((weights) => this.#training.oneStep(weights));
  }

  async restart(change = {}) {
    if (this.#training.status === "starting") return;
    const wasRunning = this.#training.status === "running";
    await this.#training.pause();
    this.#controls.set(change);
    await this.#beginAnew(wasRunning ? "play" : null);
  }

  /** Another system was chosen: what runs is paused, and the next run begins anew. */
  async otherSystem() {
    this.#choice += 1;
    this.settingsChanged();
    await this.#training.pause();
  }

  newSeed() {
    return this.restart({ seed: crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000 });
  }

  /** The weights of this run, for a download or for the pictures. */
  weights() {
    return this.#training.weights();
  }

  /** How far this run is, and the settings that its model was made with. */
  get run() {
    return { step: this.#training.step, made: this.#training.made };
  }

  /** Whether the pictures follow this run from now on. */
  async follow(following) {
    this.#following = following;
    if (!following) return;
    try {
      await this.#studio.show("training", await this.#training.weights());
    } catch (error) {
      this.#following = false;
      throw error;
    }
  }

  settingsChanged() {
    const { values } = this.#controls;
    const running = this.#running;
    this.#controls.update({ waiting: pending(values, this.#training.made) });
    const fits = closedForm(this.#anew || this.#fitted ? values : running);
    const closed = fits && closedForm(values);
    this.#progress.update({ epochs: values.epochs, anew: this.#anew, fits, closed });
    this.#news.measure(running);
  }

  #listen() {
    const on = (id, act) => this.#root.querySelector(`#${id}`).addEventListener("click", () => act());
    on("play", () => this.toggle());
    on("step", () => this.step());
    on("restart", () => this.restart());
    on("restart-new", () => this.newSeed());
    on("trouble-action", () => this.#recover());
  }

  /** Whether the run is of another system than the one chosen now. */
  get #anew() {
    return this.#begun !== null && this.#begun !== this.#choice;
  }

  /** The settings as they hold for the running model; those of the form where there is none. */
  get #running() {
    const { made } = this.#training;
    return { ...this.#controls.values, ...(made && modelConfig(made)) };
  }

  /** Whether the run was a closed form and is done: there is nothing to go on with. */
  get #fitted() {
    return this.#training.status === "finished" && closedForm(this.#running);
  }

  /** A new model from the settings, and then, where `next` says so, "play" or "oneStep". */
  #beginAnew(next) {
    this.#asked = next;
    return this.#begin((weights) => this.#training.restart(weights, next), true);
  }

  async #begin(act, anew = false) {
    this.#setTrouble(null);
    const making = anew || this.#training.beginsAnew;
    const choice = this.#choice;
    try {
      const weights = making ? await this.#startingWeights() : undefined;
      if (making) this.#begun = choice;
      this.#following = true;
      await act(weights);
    } catch (error) {
      this.#setTrouble({ kind: "start", text: error.message, again: () => this.#begin(act, anew) });
    }
  }

  /** The weights to start from; their shape then decides the settings of the model. */
  async #startingWeights() {
    const { from } = this.#controls.values;
    if (from === "scratch") return undefined;
    const weights = await this.#weightsOf(from);
    const { model } = await this.#viewer.call("inspect", { weights });
    this.#controls.set(modelConfig(model));
    return weights;
  }

  async #recover() {
    const { kind, damaged, again } = this.#trouble ?? {};
    if (again) return again();
    if (kind === "data") {
      this.#setTrouble(null);
      return this.#supplies.load().catch((error) => this.#dataFailed(error));
    }
    return this.#begin(async (weights) => {
      if (damaged) await this.#supplies.forget();
      await this.#training.recover(weights, kind === "spoilt" ? null : this.#asked);
    });
  }

  #dataFailed(error) {
    if (!this.#training.busy && this.#training.status !== "failed")
      this.#setTrouble({
        kind: "data",
        text: `The training data are missing: ${error.message} Everything else works with the pre-trained model.`,
      });
  }

  #setTrouble(trouble) {
    this.#trouble = trouble;
    const { good } = this.#training;
    const action =
      trouble?.kind === "lost"
        ? good
          ? `Continue from step ${count(good.step)}`
          : "Start again"
        : (ACTIONS[trouble?.kind] ?? "Retry");
    this.#progress.update({ trouble: trouble && { text: trouble.text, action } });
  }

  #show = latest(async (bytes) => {
    if (this.#following) await this.#studio.show("training", bytes, this.#fresh);
  });

  #hear(event, detail) {
    if (event === "snapshot") return this.#showWeights(detail);
    this.#news[event](detail);
    if (event === "status") this.#statusChanged(detail);
    if (event === "refused") this.#controls.say(`${detail} The run goes on as it was.`);
    if (event === "begin") {
      this.#fresh = !detail.resumed;
      this.#supplies.keep();
      this.settingsChanged();
    }
  }

  #statusChanged({ status, trouble }) {
    this.#attention.keepAwake(status === "running");
    if (status === "finished") this.settingsChanged();
    if (trouble) this.#setTrouble(trouble);
  }

  async #showWeights(bytes) {
    if (!this.#following) return;
    try {
      if (await this.#show(bytes)) this.#fresh = false;
      if (this.#following) this.#shown("training");
    } catch (error) {
      this.#notices.show({
        name: "snapshot",
        text: `The pictures could not follow the training: ${error.message}`,
      });
    }
  }

  #frozen() {
    if (!this.#training.busy) return;
    this.#training.pause();
    this.#notices.show({
      name: "frozen",
      text: "The browser froze this hidden tab, so training was paused.",
      kind: "info",
      actions: { "Train on": () => this.toggle() },
    });
  }

  #back() {
    const trained = this.#hiddenAt === null ? 0 : this.#training.step - this.#hiddenAt;
    this.#hiddenAt = null;
    if (trained > 0) this.#announcer.say(`While the tab was hidden, training went on for ${trained} steps.`);
  }
}
