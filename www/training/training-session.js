// Training as the page sees it: idle, starting, running, paused, failed or finished, and the way back from a failure.

import { Loop } from "./loop.js";
import { Run, Spoilt } from "./run.js";
import { modelConfig, place, trainConfig } from "../settings/values.js";

/** How the trainer and `inflate` say that a data file is not what it should be: errors cross from a worker as text. */
const DAMAGED = /^(train|t10k)( (images|labels): |-\S+ is damaged)/;

export class Training {
  status = "idle";
  device = null;
  #open;
  #judge;
  #data;
  #settings;
  #report;
  #now;
  #lab = null;
  #run = null;
  #loop = new Loop(() => this.#piece(() => this.#run.work()));
  #turn = Promise.resolve(); // settles when neither a piece of work nor a measurement is under way
  #judged = null; // the work that the device was chosen for, as text
  #better = null; // {lab, device}: where to move before the next piece
  #good = null; // {bytes, weights, step, epoch, made}: the last snapshot to resume from, and its weights alone
  #pauseWanted = false;
  #activity = null; // promise of the work under way, its last snapshots included

  /**
   * `open(settings, options)` promises {lab, device}; `judge({options, current, quietly})` promises the faster one for that work as {device, lab},
   * the lab null where the `current` device is; `data()` the four raw IDX files; `settings()` the current values;
   * `report(event, detail)` hears "status", "phase", "begin", "device", "progress", "refused" (settings, with a sentence), "testing", "test" and "snapshot".
   */
  constructor({ open, judge, data, settings, report, now = () => performance.now() }) {
    this.#open = open;
    this.#judge = judge;
    this.#data = data;
    this.#settings = settings;
    this.#report = report;
    this.#now = now;
  }

  get busy() {
    return this.status === "starting" || this.status === "running";
  }

  get step() {
    return this.#run?.step ?? 0;
  }

  get epoch() {
    return this.#run?.epoch ?? 0;
  }

  /** The settings that the running model was made with. */
  get made() {
    return this.#run?.made ?? null;
  }

  /** Where a recovery would go on. */
  get good() {
    return this.#good && { step: this.#good.step, epoch: this.#good.epoch };
  }

  /** Whether what comes next makes a new model, from starting weights where there are any. */
  get beginsAnew() {
    return !this.#good && (!this.#lab || this.status === "failed");
  }

  /** Trains until a pause or the last epoch; `weights` to start from, where the model has to be made first. */
  play(weights) {
    return this.#ready(weights, "play");
  }

  oneStep(weights) {
    return this.#ready(weights, "oneStep");
  }

  async pause() {
    this.#pauseWanted = true;
    await this.#loop.pause();
    await this.#activity;
  }

  /** A new model from the current settings; `weights` to start from, or none. `next`: "play", "oneStep", or nothing to rest. */
  async restart(weights, next) {
    if (this.status === "starting") return;
    await this.pause();
    if (this.status === "starting") return; // another restart waited for the same pause
    this.#pauseWanted = false;
    this.#good = null;
    if (await this.#start({ weights })) await this.#goOn(next);
  }

  /** After a failure: a trainer from the last good snapshot, or from the beginning where there is none; then `next`, as above. */
  async recover(weights, next) {
    if (this.busy) return;
    this.#pauseWanted = false;
    if (await this.#start(this.#good ? { resume: this.#good } : { weights })) await this.#goOn(next);
  }

  /** The weights as they are now; as they last were where the trainer is gone. */
  async weights() {
    const lab = this.#lab;
    if (lab && this.status !== "failed") {
      try {
        return await lab.call("checkpoint", { resume: false });
      } catch (error) {
        if (!this.#good) throw error;
        if (!this.busy && this.#lab === lab) this.#lost(error); // at rest nobody else would notice
      }
    }
    if (this.#good) return this.#good.weights.slice();
    throw new Error("There is no trained model yet.");
  }

  async #ready(weights, next) {
    if (this.busy) return;
    this.#pauseWanted = false;
    if (this.#lab || (await this.#start({ weights }))) await this.#goOn(next);
  }

  /** `next`, unless a pause was asked for while the model was made. */
  async #goOn(next) {
    if (!next || this.#pauseWanted) return;
    this.#activity = this.#work(() =>
      next === "play" ? this.#loop.start() : this.#piece(() => this.#run.train(1)),
    );
    await this.#activity;
  }

  /** Makes a model on an open trainer, opening one where there is none for these settings; promises whether that worked. */
  async #start({ weights, resume }) {
    this.#set("starting");
    try {
      const made = resume
        ? { ...this.#settings(), ...modelConfig(resume.made), seed: resume.made.seed }
        : this.#settings();
      const options = {
        model: modelConfig(made),
        train: trainConfig(made),
        weights: resume?.bytes ?? weights,
      };
      this.#report("phase", "loading the training data");
      const data = await this.#data();
      if (!this.#lab || place(this.made) !== place(made)) await this.#openLab(made, options);
      this.#report("phase", "building the model");
      await this.#lab.call(
        "create",
        { options: { ...options, resume: Boolean(resume) }, data },
        data.map((bytes) => bytes.buffer),
      );
      this.#run = new Run({
        lab: this.#lab,
        made,
        resume,
        settings: this.#settings,
        report: (...news) => this.#pass(...news),
        now: this.#now,
      });
      this.#report("begin", {
        step: this.step,
        epoch: this.epoch,
        device: this.device,
        resumed: Boolean(resume),
      });
      if (!resume) await this.#run.keep();
      await this.#run.show();
      this.#set("paused");
      return true;
    } catch (error) {
      this.#drop();
      this.#set("failed", { kind: "start", text: error.message, damaged: DAMAGED.test(error.message) });
      return false;
    } finally {
      this.#report("phase", "");
    }
  }

  /** Work with the trainer, on the device that has shown to be faster, and not while one is measured. */
  async #piece(body) {
    this.#consider();
    if (this.#better) await this.#move();
    return this.#exclusively(body);
  }

  #exclusively(body) {
    const done = this.#turn.then(body);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Has the device judged wherever a step has become other work, beside the training. */
  async #consider() {
    if (place(this.made) !== "auto") return;
    const options = { model: modelConfig(this.made), train: trainConfig(this.#settings(), this.made) };
    const { batch, samples } = options.train;
    const work = JSON.stringify([options.model, batch, samples]);
    if (work === this.#judged) return;
    this.#reject();
    this.#judged = work;
    const lab = this.#lab;
    const better = await this.#judge({
      options,
      current: this.device.kind,
      quietly: (measure) => this.#exclusively(measure),
    });
    if (lab !== this.#lab || work !== this.#judged || this.#better) better.lab?.close();
    else if (better.lab) this.#better = better;
    else this.#nowOn(better.device);
  }

  /** Takes the run to the better device as it stands; where that fails, it goes on where it is. */
  async #move() {
    const { lab, device } = this.#better;
    const options = await this.#run.transferable();
    this.#better = null;
    try {
      const data = await this.#data();
      await lab.call(
        "create",
        { options, data },
        data.map((bytes) => bytes.buffer),
      );
    } catch (error) {
      lab.close();
      return this.#nowOn({ ...this.device, reason: `${device.name} was to take over, but ${error.message}` });
    }
    this.#lab.close();
    this.#lab = lab;
    this.#run.moveTo(lab, options);
    this.#nowOn(device);
  }

  #nowOn(device) {
    if (device.kind === this.device.kind && device.reason === this.device.reason) return;
    this.device = device;
    this.#report("device", device);
  }

  async #openLab(made, options) {
    this.#drop();
    const { lab, device } = await this.#open(made, options);
    this.#lab = lab;
    this.device = device;
  }

  /** Does `body`, then leaves everything in a state to rest in, or to recover from. */
  async #work(body) {
    this.#set("running");
    try {
      await body();
      await this.#run.keep();
      await this.#run.show();
      this.#set(this.#run.finished ? "finished" : "paused");
    } catch (error) {
      if (error instanceof Spoilt) {
        this.#set("failed", { kind: "spoilt", text: error.message });
      } else {
        this.#lost(error);
      }
    }
  }

  #lost({ message }) {
    this.#drop();
    this.#set("failed", { kind: "lost", text: `Training stopped: ${message}` });
  }

  #pass(event, detail) {
    if (event === "keep") this.#good = detail;
    else this.#report(event, detail);
  }

  #drop() {
    this.#lab?.close();
    this.#lab = null;
    this.#reject();
  }

  /** What was found out about devices does not hold any more. */
  #reject() {
    this.#better?.lab.close();
    this.#better = null;
    this.#judged = null;
  }

  #set(status, trouble = null) {
    this.status = status;
    this.#report("status", { status, trouble });
  }
}
