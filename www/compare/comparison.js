// The comparison: up to four models in columns, over the same drawing, test images and samples.

import { computed, effect, untracked } from "@preact/signals-core";
import { columnsOf } from "../evaluation/columns-of.js";
import { randomSeed } from "../explore/random-seed.js";
import { ComparedModel } from "./compared-model.js";
import { MOST_COLUMNS, runOf } from "./comparison-choice.js";

export class Comparison {
  #state;
  #session;
  #client;
  #digits;
  #weights;
  #columns = []; // ComparedModels

  /**
   * `client`: a ComparisonClient; `digits`: some test images, as in explore/test-images.js; `weights(source)` resolves to {bytes, step} of a model,
   * `step` being null where it does not train.
   */
  constructor({ state, session, client, digits, weights }) {
    this.#state = state;
    this.#session = session;
    this.#client = client;
    this.#digits = digits;
    this.#weights = weights;
    this.#follow();
  }

  /** The model of a column, or of a new one. */
  choose(column, source) {
    const { compared } = this.#state;
    compared.value = compared.value.toSpliced(column, 1, source).slice(0, MOST_COLUMNS);
  }

  remove(column) {
    const { compared } = this.#state;
    compared.value = compared.value.toSpliced(column, 1);
  }

  /** `sources` of all columns. */
  chooseAll(sources) {
    this.#state.compared.value = sources;
  }

  /** Other samples, the same for all models. */
  newSamples() {
    this.#sample({ seed: randomSeed() });
  }

  /** How far the box reaches from the origin along every component. */
  setReach(reach) {
    this.#sample({ reach });
  }

  /** After a failure. */
  retry() {
    this.#each((column) => column.retry());
  }

  #follow() {
    const { compared, open, inference, labelChoice, samples, run, ends, snapshot, dataset } = this.#state;
    const inSight = computed(() => open.value.compare);
    const status = computed(() => run.value.status);
    const react = (read, act) =>
      effect(() => {
        read();
        if (inSight.value) untracked(act);
      });
    react(
      () => compared.value,
      () => this.#arrange(),
    );
    react(
      () => dataset.value,
      () => this.#each((column) => column.takeData()),
    );
    react(
      () => [inference.value, labelChoice.value],
      () => this.#each((column) => column.draw()),
    );
    react(
      () => [samples.value, status.value, ends.value, labelChoice.value], // a run that pauses is scored on all test images
      () => this.#each((column) => column.update()),
    );
    this.#session.subscribe((event, weights) => {
      if (event === "snapshot" && !snapshot.peek()) this.#take(weights);
    });
    react(
      () => snapshot.value,
      () => this.#takeSnapshot(),
    );
  }

  #each(act) {
    for (const column of this.#columns) act(column);
  }

  /** A column for each model chosen; those that there were stay. */
  #arrange() {
    this.#columns = columnsOf(this.#state.compared.value, this.#columns, (source) => this.#open(source));
    this.#publish();
    this.#each((column) => column.update());
  }

  #open(source) {
    return new ComparedModel({
      source,
      client: this.#client,
      digits: this.#digits,
      weights: () => this.#weights(source),
      inputs: () => this.#inputs(source),
      changed: () => this.#publish(),
    });
  }

  #inputs(source) {
    const { open, run, inference, labelChoice, samples, ends } = this.#state;
    return {
      open: open.peek().compare,
      training: run.peek().status === "running" && this.#isPresentRun(source),
      inference: inference.peek(),
      labelChoice: labelChoice.peek(),
      samples: samples.peek(),
      ends: ends.peek(),
    };
  }

  /** A snapshot of the run; its bytes are handed on to the pictures, so that each column needs its own. */
  #take(weights) {
    for (const column of this.#ofRun) column.take(weights.slice(), this.#session.step);
  }

  /** The run is shown as it was at another snapshot, or as it is now. */
  #takeSnapshot() {
    for (const column of this.#ofRun)
      this.#weights(column.shown.source).then(
        ({ bytes, step }) => column.take(bytes, step),
        () => {}, // of a run that is gone: its column says so
      );
  }

  get #ofRun() {
    return this.#columns.filter(({ shown }) => this.#isPresentRun(shown.source));
  }

  #isPresentRun(source) {
    const id = runOf(source);
    return id !== null && id === this.#state.runKept.peek().id;
  }

  #sample(change) {
    const { samples } = this.#state;
    samples.value = { ...samples.value, ...change };
  }

  #publish() {
    this.#state.columns.value = this.#columns.map(({ shown }) => shown);
  }
}
