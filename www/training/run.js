// One training run on one trainer: what is asked of it next, chunk by chunk, and which snapshots are taken when.

import { fitting, nextSteps } from "./loop.js";
import { likelihoods } from "./loss-descriptions.js";
import { modelConfig, stepsPerEpoch, trainConfig } from "../settings/values.js";
import { Tally } from "./test-mean.js";

/** Between two of each: weights to the pictures, the test on few images, a snapshot to resume from (what a lost device can cost). */
const PERIODS_MS = { snapshot: 500, quick: 2000, keep: 10_000 };
const SHARE = 5; // a slow device spends no more than this part of its time on each of them: one fifth
const SCORING = 1 / 3; // of what training on an image takes: the cost of the quick test, before it has been measured
const TEST_PIECE = 256; // images
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
  #test = null; // {which, of, tally, cost} of the test that is under way
  #trained = false; // whether the weights are others than those that the run began with
  #last; // when each of the periodic was done, and what it cost
  #costs = {};

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
    this.#last = { snapshot: begin, quick: begin - PERIODS_MS.quick / 2, keep: begin };
  }

  get finished() {
    return this.#test?.which !== "full" && this.epoch >= this.#settings().epochs - ROUNDING;
  }

  /** What a trainer on another device needs to go on exactly here. */
  async transferable() {
    const weights = await this.#lab.call("checkpoint", { resume: true });
    const train = trainConfig(this.#settings(), this.made);
    return { model: modelConfig(this.made), train, weights, resume: true };
  }

  /** Goes on with a trainer that was created from what is transferable; steps there have another speed. */
  moveTo(lab, { train }) {
    this.#lab = lab;
    this.#configured = JSON.stringify(train);
    this.#steps = 1;
    this.#msPerStep = null;
    this.#costs = {};
  }

  /** One piece of work; promises whether there is more. */
  async work() {
    if (this.#test) await this.#testPiece();
    else if (this.finished) return false;
    else await this.#chunk();
    return true;
  }

  async #chunk() {
    await this.train(this.#stepsNow());
    if (!this.#test) await this.#periodic();
  }

  /** Trains, and begins the test over all images where an epoch ends. */
  async train(steps) {
    await this.#configure();
    if (this.#test?.which === "quick") this.#test = null; // of weights that are about to change
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
    if (epochEnds) this.#test = { which: "full", of: ALL_TEST, tally: new Tally(), cost: 0 };
  }

  /** Keeps a snapshot to resume from, unless the weights are already beyond use. */
  async keep() {
    const begun = this.#now();
    if (await this.#sound()) {
      const bytes = await this.#lab.call("checkpoint", { resume: true });
      const weights = await this.#lab.call("checkpoint", { resume: false });
      this.#report("keep", { bytes, weights, step: this.step, epoch: this.epoch, made: { ...this.made } });
    }
    this.#did("keep", this.#now() - begun);
  }

  /** Whether the weights reconstruct at all. The training loss cannot tell: it is that of before the last update. */
  async #sound() {
    if (!this.#trained) return true;
    const { reconstruction, total } = await this.#evaluate(0, TEST_PIECE);
    return Number.isFinite(total) && reconstruction < likelihoods[this.made.likelihood].unsound;
  }

  /** Hands the weights to the pictures. */
  async show() {
    const begun = this.#now();
    const bytes = await this.#lab.call("checkpoint", { resume: false });
    this.#did("snapshot", this.#now() - begun);
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

  /** Hands over changed settings; those that the trainer refuses leave it as it was, with a sentence for the person. */
  async #configure() {
    const train = trainConfig(this.#settings(), this.made);
    const wanted = JSON.stringify(train);
    if (wanted === this.#configured) return;
    this.#configured = wanted;
    try {
      await this.#lab.call("configure", { train });
    } catch (error) {
      if (error.name !== "Error") throw error; // the trainer itself is gone
      this.#report("refused", error.message);
    }
  }

  async #periodic() {
    if (this.#isDue("snapshot")) await this.show();
    if (this.#isDue("keep")) await this.keep();
    if (this.#isDue("quick")) this.#test = { which: "quick", of: QUICK_TEST, tally: new Tally(), cost: 0 };
  }

  #isDue(what) {
    const pause = Math.max(PERIODS_MS[what], (SHARE - 1) * (this.#costs[what] ?? this.#guess(what)));
    return this.#now() >= this.#last[what] + pause;
  }

  #did(what, cost) {
    this.#last[what] = this.#now();
    this.#costs[what] = cost;
  }

  /** What it may cost, as long as it has not been done. */
  #guess(what) {
    return what === "quick" ? (SCORING * QUICK_TEST * this.#msPerStep) / this.#settings().batch : 0;
  }

  /** A piece of a test, so that a pause never waits long; the last piece over all images closes the epoch. */
  async #testPiece() {
    const { which, of, tally } = this.#test;
    const begun = this.#now();
    tally.add(await this.#evaluate(tally.images, Math.min(TEST_PIECE, of - tally.images)));
    this.#test.cost += this.#now() - begun;
    if (which === "full") this.#report("testing", { done: tally.images, of });
    if (tally.images < of) return;
    const { cost } = this.#test;
    this.#test = null;
    this.#report("test", { which, step: this.step, epoch: this.epoch, ...tally.mean() });
    if (which === "quick") return this.#did("quick", cost);
    await this.keep();
    await this.show();
  }

  #evaluate(from, count) {
    return this.#lab.call("evaluate", { from, count });
  }
}

function whole(epoch) {
  return Math.floor(epoch + ROUNDING);
}
