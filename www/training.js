// Training as the page sees it: idle, starting, running, paused, failed or finished, and the way back from a failure.

import { Loop } from "./loop.js";
import { Run, Spoilt } from "./run.js";
import { trainConfig } from "./state.js";

export class Training {
  status = "idle";
  device = null;
  #open;
  #data;
  #settings;
  #report;
  #now;
  #lab = null;
  #run = null;
  #loop = new Loop(() => this.#run.work());
  #good = null; // {bytes, step, epoch, made}: the last snapshot to resume from
  #pauseWanted = false;
  #activity = null; // promise of the work under way, its last snapshots included

  /**
   * `open(settings, options)` promises {lab, device}; `data()` the four raw IDX files; `settings()` the current values;
   * `report(event, detail)` hears "status", "phase", "begin", "progress", "testing", "test" and "snapshot".
   */
  constructor({ open, data, settings, report, now = () => performance.now() }) {
    this.#open = open;
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

  /** Trains until a pause or the last epoch; `weights` to start from, where the model has to be made first. */
  play(weights) {
    return this.#ready(weights, () => this.#loop.start());
  }

  oneStep(weights) {
    return this.#ready(weights, () => this.#run.train(1));
  }

  async pause() {
    this.#pauseWanted = true;
    await this.#loop.pause();
    await this.#activity;
  }

  /** A new model from the current settings; `weights` to start from, or none. */
  async restart(weights) {
    if (this.status === "starting") return;
    await this.pause();
    this.#pauseWanted = false;
    this.#good = null;
    await this.#start({ weights });
  }

  /** After a failure: a trainer from the last good snapshot, or from the beginning where there is none. */
  async recover(weights) {
    if (this.busy) return;
    this.#pauseWanted = false;
    await this.#start(this.#good ? { resume: this.#good } : { weights });
  }

  /** The weights as they are now; as they last were where the trainer is gone. */
  async weights() {
    if (this.#lab && this.status !== "failed") return this.#lab.call("checkpoint", { resume: false });
    if (this.#good) return this.#good.bytes.slice();
    throw new Error("There is no trained model yet.");
  }

  async #ready(weights, body) {
    if (this.busy) return;
    this.#pauseWanted = false;
    if (!this.#lab && !(await this.#start({ weights }))) return;
    if (this.#pauseWanted) return;
    this.#activity = this.#work(body);
    await this.#activity;
  }

  /** Makes a model on an open trainer, opening one where there is none for these settings; promises whether that worked. */
  async #start({ weights, resume }) {
    this.#set("starting");
    try {
      const made = resume
        ? { ...this.#settings(), ...modelOf(resume.made), seed: resume.made.seed }
        : this.#settings();
      const options = { model: modelOf(made), train: trainConfig(made), weights: resume?.bytes ?? weights };
      this.#report("phase", "loading the training data");
      const data = await this.#data();
      if (!this.#lab || this.made?.device !== made.device) await this.#openLab(made, options);
      this.#report("phase", "building the model");
      await this.#lab.call(
        "create",
        { options, data },
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
      this.#set("failed", { kind: "start", text: error.message });
      return false;
    } finally {
      this.#report("phase", "");
    }
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
        this.#drop();
        this.#set("failed", { kind: "lost", text: `Training stopped: ${error.message}` });
      }
    }
  }

  #pass(event, detail) {
    if (event === "keep") this.#good = detail;
    else this.#report(event, detail);
  }

  #drop() {
    this.#lab?.close();
    this.#lab = null;
  }

  #set(status, trouble = null) {
    this.status = status;
    this.#report("status", { status, trouble });
  }
}

function modelOf({ latent, hidden }) {
  return { latent, hidden };
}
