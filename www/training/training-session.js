// Training as a state machine: idle, starting, running, paused, failed or finished, and the recovery from a failure.

import { Failure } from "../messages/failure.js";
import { isDisagreement } from "./device.js";
import { DeviceChoice } from "./device-choice.js";
import { Loop } from "./loop.js";
import { newRun } from "./new-run.js";

export class TrainingSession {
  status = "idle";
  #data;
  #dataset;
  #settings;
  #now;
  #listeners = new Set();
  #devices;
  #run = null;
  #loop = new Loop(() => this.#piece(() => this.#run.work()));
  #checkpoint = null; // {bytes, weights, step, epoch, testing, made, dataset, record}: what a recovery resumes from, and its weights alone
  #pauseWanted = false;
  #activity = null; // promise of the work under way, its last snapshot and checkpoint included

  /**
   * `trainers`: {open, fasterDevice, checked, distrust, giveUpThreads} of open-trainer.js; `dataset()`: the info of the present data set; `data(info)` resolves to its files, as in
   * data-sets/training-files.js; `settings()`: the current values.
   */
  constructor({ trainers, data, dataset, settings, now = () => performance.now() }) {
    this.#data = data;
    this.#dataset = dataset;
    this.#settings = settings;
    this.#now = now;
    const changed = (device) => this.#report("device", device);
    this.#devices = new DeviceChoice({ trainers, data, settings, changed });
  }

  /**
   * `listener(event, detail)` is called with the events "status" {status, trouble}, "phase" (a key, "" at the end), "begin", "discard", "device", "progress",
   * "record" (with which settings it has trained, as in settings-record.js),
   * "refused" (an error: the trainer keeps its old settings), "disagreed" {error, step} (training goes on on the CPU, from this step), "threads_lost" {error, step} (the same, with one thread),
   * "testing", "test", "snapshot" (weights) and "checkpoint". `trouble` is null or
   * {kind: "start" | "diverged" | "lost", error}.
   */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  get device() {
    return this.#devices.device;
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

  /** The info of the data set that the run trains on, or null. */
  get dataset() {
    return this.#run?.dataset ?? null;
  }

  /** {step, epoch} where a recovery would continue, or null. */
  get checkpoint() {
    return this.#checkpoint && { step: this.#checkpoint.step, epoch: this.#checkpoint.epoch };
  }

  /** Whether `play` or `oneStep` would make a new model, from starting weights if there are any. */
  get beginsAnew() {
    return !this.#checkpoint && (!this.#devices.client || this.status === "failed");
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

  /** Makes a new model with the current settings, from `weights` if given; then does `next`: "play", "oneStep" or null. */
  restart(weights, next) {
    return this.#replaceRun({ weights }, next);
  }

  /** After a failure: resumes from the last checkpoint, or makes a new model where there is none; then does `next`, as above. */
  async recover(weights, next) {
    if (this.busy) return;
    this.#pauseWanted = false;
    if (await this.#start(this.#checkpoint ? { resume: this.#checkpoint } : { weights }))
      await this.#goOn(next);
  }

  /**
   * Continues the run of a checkpoint from an earlier visit in the place of the present one; then does `next`, as above. `checkpoint`:
   * as the event "checkpoint" had it, with the `history` and `losses` of the state at that time.
   */
  resume(checkpoint, next) {
    return this.#replaceRun({ resume: checkpoint }, next);
  }

  /** `source`: `{weights}` for a new model, `{resume}` for the checkpoint to continue from. */
  async #replaceRun(source, next) {
    if (this.status === "starting") return;
    await this.pause();
    if (this.status === "starting") return; // another call waited for the same pause
    this.#pauseWanted = false;
    this.#checkpoint = source.resume ?? null;
    if (await this.#start(source)) await this.#goOn(next);
  }

  /** Pauses the run and forgets it, so that the next one begins anew; resolves to whether it is forgotten. */
  async discard() {
    if (this.status === "starting") return false;
    await this.pause();
    if (this.busy) return false; // another call waited for the same pause
    this.#devices.close();
    this.#run = null;
    this.#checkpoint = null;
    this.#report("discard");
    this.#set("idle");
    return true;
  }

  /** The page may be left: a running run takes its next checkpoint at once. */
  checkpointSoon() {
    if (this.status === "running") this.#run.checkpointSoon();
  }

  /** The present weights, or those of the last checkpoint where the trainer is gone. */
  async weights() {
    const { client } = this.#devices;
    if (client && this.status !== "failed") {
      try {
        return await this.#run.weights();
      } catch (error) {
        if (!this.#checkpoint) throw error;
        // While paused, no other call would find out.
        if (!this.busy && this.#devices.client === client) await this.#stopped(error, null);
      }
    }
    if (this.#checkpoint) return this.#checkpoint.weights.slice();
    throw new Failure("no_trained_model");
  }

  async #ready(weights, next) {
    if (this.busy) return;
    this.#pauseWanted = false;
    if (this.#devices.client || (await this.#start({ weights }))) await this.#goOn(next);
  }

  /** Does `next`, unless a pause was asked for while the model was made. */
  async #goOn(next) {
    if (!next || this.#pauseWanted) return;
    this.#activity = this.#work(
      () => (next === "play" ? this.#loop.start() : this.#piece(() => this.#run.train(1))),
      next,
    );
    await this.#activity;
  }

  #piece(body) {
    return this.#devices.piece(this.#run, body);
  }

  /** Makes a model, opening a trainer where none is open for these settings; resolves to whether that worked. */
  async #start({ weights, resume }) {
    this.#set("starting");
    const phase = (key) => this.#report("phase", key);
    try {
      this.#run = await newRun({
        devices: this.#devices,
        data: this.#data,
        dataset: resume?.dataset ?? this.#dataset(),
        settings: this.#settings,
        now: this.#now,
        before: this.#run,
        weights,
        resume,
        phase,
        report: (event, detail) => this.#pass(event, detail),
      });
      await this.#begin(resume);
      this.#set("paused");
      return true;
    } catch (error) {
      if (this.#fallBack(error)) return this.#start({ weights, resume });
      this.#devices.close();
      this.#set("failed", { kind: "start", error });
      return false;
    } finally {
      phase("");
    }
  }

  async #begin(resume) {
    const { step, epoch, made, dataset, device } = this;
    const { history = null, losses = null, record = null } = resume ?? {};
    const resumed = Boolean(resume);
    this.#report("begin", { step, epoch, made, dataset, device, resumed, history, losses, record });
    await (resume ? this.#run.takeSnapshot() : this.#run.takeCheckpoint());
  }

  /** Does `body`, which is `next` as above, then takes the snapshot and the checkpoint of the pause. */
  async #work(body, next) {
    this.#set("running");
    try {
      await body();
      await this.#run.takeCheckpoint();
      this.#set(this.#run.finished ? "finished" : "paused");
    } catch (error) {
      await this.#stopped(error, next === "play" ? "play" : null);
    }
  }

  /** The work under way has failed; where only the GPU or threads are to blame, the CPU does `next` from the last checkpoint. */
  async #stopped(error, next) {
    if (this.#fallBack(error)) {
      if (await this.#start({ resume: this.#checkpoint })) await this.#goOn(next);
    } else if (error.kind === "training_diverged") this.#set("failed", { kind: "diverged", error });
    else {
      this.#devices.close();
      this.#set("failed", { kind: "lost", error });
    }
  }

  /** Returns whether an error only says that the GPU, or several threads, cannot be used: then the next trainer does without them. */
  #fallBack(error) {
    const from = { error, step: this.#checkpoint?.step ?? 0 };
    if (isDisagreement(error)) {
      this.#report("disagreed", from);
      this.#devices.distrust(this.#run, error);
      return true;
    }
    if (!this.#devices.losesThreads(error)) return false;
    this.#report("threads_lost", from);
    this.#devices.giveUpThreads(error);
    return true;
  }

  #pass(event, detail) {
    if (event === "checkpoint") this.#checkpoint = detail;
    this.#report(event, detail);
  }

  #set(status, trouble = null) {
    this.status = status;
    this.#report("status", { status, trouble });
  }

  #report(event, detail) {
    for (const listener of this.#listeners) listener(event, detail);
  }
}
