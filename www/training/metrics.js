// Writes a run's reports into the state: status, losses and curves.

import { batch } from "@preact/signals-core";
import { BEFORE_TRAINING } from "../initial-state.js";
import { LossHistory, RecentMean } from "./loss-history.js";

/** Time between two writings of progress: a chunk of steps takes 50 ms, but nobody reads more than five numbers a second, and each writing keeps the page busy. */
const PERIOD_MS = 200;

export class TrainingMetrics {
  #state;
  #now;
  #history = new LossHistory();
  #recent = new RecentMean();
  #progress = null; // {step, epoch, msPerStep, imagesPerSecond} that is not written yet, or null
  #written = Number.NEGATIVE_INFINITY; // when progress was written last, ms

  /** `state`: signals `run`, `losses` and `history`. The methods are named after the session's events. */
  constructor(state, now = () => performance.now()) {
    this.#state = state;
    this.#now = now;
  }

  status({ status }) {
    this.#write({ status });
  }

  phase(phase) {
    this.#write({ phase });
  }

  /** `history`, `losses`: those of a run that was kept in an earlier visit; `record`: of the settings that it has trained with, or null. */
  begin({ step, epoch, device, made, dataset, resumed, history, losses, record }) {
    if (history) this.#history.restore(history);
    if (resumed) this.#history.rewind(step);
    else this.#history.clear();
    this.#recent.clear();
    this.#written = Number.NEGATIVE_INFINITY; // the first steps are seen at once
    batch(() => {
      this.#write({
        step,
        epoch,
        device,
        made,
        dataset,
        record,
        testing: null,
        msPerStep: null,
        imagesPerSecond: null,
      });
      if (!resumed || losses) this.#state.losses.value = losses ?? { train: null, quick: null, full: null };
      this.#writeHistory();
    });
  }

  /** The run was deleted. */
  discard() {
    this.#history.clear();
    this.#recent.clear();
    batch(() => {
      this.#write(BEFORE_TRAINING);
      this.#state.losses.value = { train: null, quick: null, full: null };
      this.#writeHistory();
    });
  }

  /** The run has moved to another device, or the reason for its device is known. */
  device(device) {
    this.#write({ device });
  }

  record(record) {
    this.#write({ record });
  }

  progress({ step, epoch, losses, msPerStep, imagesPerSecond }) {
    this.#history.addTrain(losses);
    this.#recent.add(losses);
    this.#progress = { step, epoch, msPerStep, imagesPerSecond };
    if (this.#now() >= this.#written + PERIOD_MS) this.settle();
  }

  /** Writes what progress there is. To be called before any other event is taken, so that nothing is older than it. */
  settle() {
    if (!this.#progress) return;
    this.#written = this.#now();
    batch(() => {
      this.#write(this.#progress);
      this.#writeLosses({ train: this.#recent.mean() });
      this.#writeHistory();
    });
    this.#progress = null;
  }

  testing(testing) {
    this.#write({ testing });
  }

  test({ which, step, epoch, usage: _, ...terms }) {
    this.#history.addTest(which, step, terms);
    batch(() => {
      this.#write({ testing: null });
      this.#writeLosses({ [which]: { ...terms, epoch } });
      this.#writeHistory();
    });
  }

  #write(change) {
    const { run } = this.#state;
    run.value = { ...run.peek(), ...change };
  }

  #writeLosses(change) {
    const { losses } = this.#state;
    losses.value = { ...losses.peek(), ...change };
  }

  #writeHistory() {
    this.#state.history.value = this.#history.curves();
  }
}
