// One training run: chunks of steps, tests, snapshots and checkpoints in turn, on one trainer at a time.

import { Failure } from "../messages/failure.js";
import { SettingsRecord } from "../settings/settings-record.js";
import { modelConfig, stepsPerEpoch, trainConfig } from "../settings/values.js";
import { isWorkerLost } from "../worker/worker-client.js";
import { fitting } from "./loop.js";
import { likelihoods } from "./loss-descriptions.js";
import { Pace } from "./pace.js";
import { PIECE, QUICK, TestPass } from "./test-pass.js";

/** Time between two of each: weights for the pictures, the quick test, a checkpoint to resume from (a lost device loses what came after it). */
const PERIODS_MS = { snapshot: 500, quick: 2000, checkpoint: 10_000 };
const SHARE = 5; // even on a slow device, each of them takes at most one fifth of the time
const TEST_COST = 1 / 3; // time to test an image, relative to training on one, until the quick test has been measured
const ROUNDING = 1e-6; // the trainer counts epochs as fractions

export class Run {
  step;
  epoch;
  made; // the settings that the model was made with
  dataset; // the info of the data set that it trains on
  #client;
  #checked;
  #settings;
  #report;
  #now;
  #configured; // the training settings sent last, as JSON
  #train; // those that the trainer has
  #record; // of those that it has trained with
  #pace = new Pace();
  #test = null; // the TestPass under way
  #trained = false; // whether the weights have changed since the run began
  #last; // when each of the periodic tasks was done, and how long it took
  #costs = {};

  /**
   * `devices`: {client, checked}, the trainer's worker, and the trainer as a CheckedTrainer, or null for one on the CPU.
   * `resume`: {step, epoch, testing, record} of the checkpoint that the trainer was created from, if it was. `settings()`: the current values.
   * `report(event, detail)` is called with the events "progress", "record", "refused", "testing", "test", "snapshot" and "checkpoint".
   */
  constructor({ devices, made, dataset, resume, settings, report, now }) {
    this.#client = devices.client;
    this.#checked = devices.checked;
    this.#settings = settings;
    this.#report = report;
    this.#now = now;
    this.#train = trainConfig(made);
    this.#configured = JSON.stringify(this.#train);
    this.#record = new SettingsRecord(resume?.record ?? null, resume?.step ?? 0);
    this.made = { ...made };
    this.dataset = dataset;
    this.step = resume?.step ?? 0;
    this.epoch = resume?.epoch ?? 0;
    if (resume?.testing) this.#test = new TestPass("full", dataset.test);
    const begin = now();
    this.#last = { snapshot: begin, quick: begin - PERIODS_MS.quick / 2, checkpoint: begin };
  }

  get finished() {
    const { epochs } = trainConfig(this.#settings(), this.made); // of a closed form, which hides the setting, the default
    return this.#test?.which !== "full" && this.epoch >= epochs - ROUNDING;
  }

  /** The options with which a trainer on another device continues this run exactly. */
  async transferable() {
    const taken = await this.#checked?.checkpoint(this.#config);
    const weights = taken?.bytes ?? (await this.#client.call("checkpoint", { resume: true }));
    const train = trainConfig(this.#settings(), this.made);
    return { model: modelConfig(this.made), train, weights, resume: true };
  }

  /** Continues with a trainer that was created from `transferable`; the speed is measured again. */
  moveTo({ client, checked }, { train }) {
    this.#client = client;
    this.#checked = checked;
    this.#train = train;
    this.#configured = JSON.stringify(train);
    this.#pace = new Pace();
    this.#costs = {};
  }

  /** Does one piece of work; resolves to whether there is more. */
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

  /** Trains; at the end of an epoch the test over all images begins. Fails with "training_diverged" where the loss is not finite. */
  async train(steps) {
    await this.#configure();
    if (this.#record.trained(this.#train, this.step)) this.#report("record", this.#record.value);
    if (this.#test?.which === "quick") this.#test = null; // its weights are about to change
    const begun = this.#now();
    this.#trained = true;
    const result = await this.#client.call("train", { steps });
    this.#pace.add(steps, this.#now() - begun);
    if (!result.finite) {
      await this.#checked?.diverged(this.#config);
      throw new Failure("training_diverged", { step: result.step });
    }
    const epochEnds = whole(result.epoch) > whole(this.epoch);
    this.step = result.step;
    this.epoch = result.epoch;
    const { msPerStep } = this.#pace;
    const imagesPerSecond = (1000 / msPerStep) * this.#settings().batch;
    this.#report("progress", { ...result, msPerStep, imagesPerSecond });
    if (epochEnds) this.#test = new TestPass("full", this.dataset.test);
  }

  /** The next checkpoint is taken after the chunk under way, even if it is not due. */
  checkpointSoon() {
    this.#last.checkpoint = Number.NEGATIVE_INFINITY;
  }

  /**
   * Takes a checkpoint to resume from, unless the weights have diverged; then a snapshot of the same weights. `testing`: before the test
   * over all images was complete.
   */
  async takeCheckpoint() {
    const begun = this.#now();
    const taken = await this.#readCheckpoint();
    this.#did("checkpoint", this.#now() - begun);
    if (!taken) return this.takeSnapshot();
    const { bytes, weights } = taken;
    const { step, epoch, dataset } = this;
    const testing = this.#test?.which === "full";
    const record = this.#record.value;
    this.#report("checkpoint", {
      bytes,
      weights,
      step,
      epoch,
      testing,
      made: { ...this.made },
      dataset,
      record,
    });
    this.#reportSnapshot(weights.slice());
  }

  /** {bytes, weights} as the event "checkpoint" has them, or null where the weights have diverged. */
  async #readCheckpoint() {
    if (this.#checked) {
      const taken = await this.#checked.checkpoint(this.#config);
      return taken && this.#isUsable(taken.score) ? taken : null;
    }
    if (this.#trained && !this.#isUsable(await this.#evaluate(0, Math.min(PIECE, this.dataset.test))))
      return null;
    const bytes = await this.#client.call("checkpoint", { resume: true });
    return { bytes, weights: await this.#client.call("checkpoint", { resume: false }) };
  }

  /** By a test score, because the training loss is of the weights before the last update. */
  #isUsable({ reconstruction, kl }) {
    if (!this.#trained) return true;
    return (
      Number.isFinite(reconstruction + kl) && reconstruction < likelihoods[this.made.likelihood].diverged
    );
  }

  /** The present weights alone; on the GPU they are compared with the CPU first. */
  async weights() {
    const taken = await this.#checked?.checkpoint(this.#config);
    return taken?.weights ?? this.#client.call("checkpoint", { resume: false });
  }

  /** Takes the weights for the pictures. */
  async takeSnapshot() {
    const begun = this.#now();
    const bytes = await this.#client.call("checkpoint", { resume: false });
    this.#costs.snapshot = this.#now() - begun;
    this.#reportSnapshot(bytes);
  }

  #reportSnapshot(bytes) {
    this.#last.snapshot = this.#now();
    this.#report("snapshot", bytes);
  }

  get #config() {
    return { model: modelConfig(this.made), train: this.#train };
  }

  #stepsNow() {
    const perEpoch = stepsPerEpoch(this.#settings().batch, this.dataset.train);
    const left = Math.round((1 - (this.epoch - whole(this.epoch))) * perEpoch);
    return fitting(this.#pace.steps, Math.max(1, left));
  }

  /** Sends changed settings to the trainer. Where it refuses them, it keeps its old ones and the refusal is reported once. */
  async #configure() {
    const train = trainConfig(this.#settings(), this.made);
    const wanted = JSON.stringify(train);
    if (wanted === this.#configured) return;
    this.#configured = wanted;
    try {
      await this.#client.call("configure", { train });
      this.#train = train;
    } catch (error) {
      if (!error.kind || isWorkerLost(error)) throw error;
      this.#report("refused", error);
    }
  }

  async #periodic() {
    if (this.#isDue("checkpoint")) await this.takeCheckpoint();
    if (this.#isDue("snapshot")) await this.takeSnapshot();
    if (this.#isDue("quick")) this.#test = new TestPass("quick", this.dataset.test);
  }

  #isDue(task) {
    const pause = Math.max(PERIODS_MS[task], (SHARE - 1) * (this.#costs[task] ?? this.#estimatedCost(task)));
    return this.#now() >= this.#last[task] + pause;
  }

  #did(task, cost) {
    this.#last[task] = this.#now();
    this.#costs[task] = cost;
  }

  /** In milliseconds, until the task has been done once. */
  #estimatedCost(task) {
    if (task !== "quick") return 0;
    return (TEST_COST * QUICK * this.#pace.msPerStep) / this.#settings().batch;
  }

  async #testPiece() {
    const test = this.#test;
    await test.piece((from, count) => this.#evaluate(from, count), this.#now);
    if (test.which === "full") this.#report("testing", { done: test.done, of: test.of });
    if (!test.complete) return;
    this.#test = null;
    this.#report("test", { which: test.which, step: this.step, epoch: this.epoch, ...test.mean() });
    if (test.which === "quick") return this.#did("quick", test.cost);
    await this.takeCheckpoint();
  }

  #evaluate(from, count) {
    return this.#client.call("evaluate", { from, count });
  }
}

function whole(epoch) {
  return Math.floor(epoch + ROUNDING);
}
