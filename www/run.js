// One training run on one trainer: what is asked of it next, chunk by chunk, and which snapshots are taken when.

import { fitting, nextSteps } from "./loop.js";
import { likelihoods } from "./parts.js";
import { stepsPerEpoch, trainConfig } from "./state.js";
import { Tally } from "./tally.js";

const SNAPSHOT_MS = 500; // weights to the pictures, at most twice a second
const QUICK_TEST_MS = 2000;
const TEST_SHARE = 5; // a slow device spends no more than this part of its time on the quick test: one fifth
const KEEP_MS = 10_000; // between snapshots to resume from: what a lost device can cost
const TEST_PIECE = 256; // images, so that a pause never waits long
const QUICK_TEST = 512;
const ALL_TEST = 10_000;
const SPEED_MEMORY = 0.8; // share of the old value in the running mean of ms per step
const ROUNDING = 1e-6; // the trainer counts epochs as fractions

/** The loss is no number any more, and neither are the weights. */
export class Spoilt extends Error {}

export class Run {
  step;
  epoch;
  made; // the settings that the model was made with
  #lab;
  #settings;
  #report;
  #now;
  #configured;
  #steps = 1;
  #msPerStep = null;
  #full = null; // the test over all images that is under way
  #trained = false; // whether the weights are others than those that the run began with
  #due;

  /** `resume`: {step, epoch} of the snapshot that the trainer was created from, where it was. */
  constructor({ lab, made, resume, settings, report, now }) {
    this.#lab = lab;
    this.#settings = settings;
    this.#report = report;
    this.#now = now;
    this.#configured = JSON.stringify(trainConfig(made));
    this.made = { ...made };
    this.step = resume?.step ?? 0;
    this.epoch = resume?.epoch ?? 0;
    const begin = now();
    this.#due = { snapshot: begin + SNAPSHOT_MS, quick: begin + QUICK_TEST_MS / 2, keep: begin + KEEP_MS };
  }

  get finished() {
    return !this.#full && this.epoch >= this.#settings().epochs - ROUNDING;
  }

  /** One piece of work; promises whether there is more. */
  async work() {
    if (this.#full) await this.#testPiece();
    else if (this.finished) return false;
    else await this.#chunk();
    return true;
  }

  async #chunk() {
    await this.train(this.#stepsNow());
    if (!this.#full) await this.#periodic();
  }

  /** Trains, and begins the test over all images where an epoch ends. */
  async train(steps) {
    await this.#configure();
    const begun = this.#now();
    this.#trained = true;
    const result = await this.#lab.call("train", { steps });
    this.#time(steps, this.#now() - begun);
    if (!result.finite)
      throw new Spoilt(
        `The loss became infinite or not a number at step ${result.step}; a lower learning rate would avoid that.`,
      );
    const epochEnds = whole(result.epoch) > whole(this.epoch);
    this.step = result.step;
    this.epoch = result.epoch;
    const imagesPerSecond = (1000 / this.#msPerStep) * this.#settings().batch;
    this.#report("progress", { ...result, msPerStep: this.#msPerStep, imagesPerSecond });
    if (epochEnds) this.#full = { tally: new Tally() };
  }

  /** Keeps a snapshot to resume from, unless the weights are already beyond use. */
  async keep() {
    const sound = await this.#sound();
    this.#due.keep = this.#now() + KEEP_MS;
    if (!sound) return;
    const bytes = await this.#lab.call("checkpoint", { resume: true });
    const weights = await this.#lab.call("checkpoint", { resume: false });
    this.#report("keep", { bytes, weights, step: this.step, epoch: this.epoch, made: { ...this.made } });
  }

  /** Whether the weights reconstruct at all. The training loss cannot tell: it is that of before the last update. */
  async #sound() {
    if (!this.#trained) return true;
    const { reconstruction, total } = await this.#evaluate(0, TEST_PIECE);
    return Number.isFinite(total) && reconstruction < likelihoods[this.made.likelihood].unsound;
  }

  /** Hands the weights to the pictures. */
  async show() {
    const bytes = await this.#lab.call("checkpoint", { resume: false });
    this.#due.snapshot = this.#now() + SNAPSHOT_MS;
    this.#report("snapshot", bytes);
  }

  #stepsNow() {
    const perEpoch = stepsPerEpoch(this.#settings().batch);
    const left = Math.round((1 - (this.epoch - whole(this.epoch))) * perEpoch);
    return fitting(this.#steps, Math.max(1, left));
  }

  #time(steps, elapsed) {
    if (steps === this.#steps) this.#steps = nextSteps(steps, elapsed);
    const speed = elapsed / steps;
    this.#msPerStep =
      this.#msPerStep === null ? speed : SPEED_MEMORY * this.#msPerStep + (1 - SPEED_MEMORY) * speed;
  }

  async #configure() {
    const train = { ...trainConfig(this.#settings()), seed: this.made.seed }; // a new seed waits for a restart
    const wanted = JSON.stringify(train);
    if (wanted === this.#configured) return;
    await this.#lab.call("configure", { train });
    this.#configured = wanted;
  }

  async #periodic() {
    const now = this.#now();
    if (now >= this.#due.snapshot) await this.show();
    if (now >= this.#due.quick) await this.#quickTest();
    if (now >= this.#due.keep) await this.keep();
  }

  async #quickTest() {
    const begun = this.#now();
    const tally = new Tally();
    while (tally.images < QUICK_TEST) tally.add(await this.#evaluate(tally.images, TEST_PIECE));
    const ended = this.#now();
    this.#due.quick = ended + Math.max(QUICK_TEST_MS, (TEST_SHARE - 1) * (ended - begun));
    this.#tested("quick", tally);
  }

  /** A piece of the test over all images; the last one closes the epoch. */
  async #testPiece() {
    const { tally } = this.#full;
    tally.add(await this.#evaluate(tally.images, Math.min(TEST_PIECE, ALL_TEST - tally.images)));
    this.#report("testing", { done: tally.images, of: ALL_TEST });
    if (tally.images < ALL_TEST) return;
    this.#full = null;
    this.#tested("full", tally);
    await this.keep();
    await this.show();
  }

  #evaluate(from, count) {
    return this.#lab.call("evaluate", { from, count });
  }

  #tested(which, tally) {
    this.#report("test", { which, step: this.step, epoch: this.epoch, ...tally.mean() });
  }
}

function whole(epoch) {
  return Math.floor(epoch + ROUNDING);
}
