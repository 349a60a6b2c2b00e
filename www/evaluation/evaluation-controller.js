// Evaluates the model shown: decides which model the evaluation is of, and starts and ends the work of its panels.

import { batch, effect, untracked } from "@preact/signals-core";
import { nameOnData } from "../settings/data-trained.js";
import { settingsOfShown } from "../settings/settings-shown.js";
import { modelName } from "../settings/systems.js";
import { changedBefore, UNCHANGED } from "./changed-settings.js";
import { CodeUsage } from "./code-usage.js";
import { traceDrawing } from "./drawing-trace.js";
import { LatentMap } from "./latent-map.js";
import { Measurement } from "./measurement.js";
import { Neighbours } from "./neighbours.js";
import { isOfSameRun, snapshotOf } from "./snapshots.js";
import { TestCodes } from "./test-codes.js";

export class EvaluationController {
  #state;
  #client;
  #shownModel;
  #session;
  #systems;
  #measurement;
  #testCodes;
  #neighbours;
  #map;
  #shown = null; // the last value of state.shown
  #data = null; // and of state.dataset
  #model = null; // {source, description, step, bytes()}: the model evaluated

  /** `shownModel.bytes()` resolves to the weights of the model shown; `session.step` is the present step of the run; `systems`: the presets; `viewer`: the worker that has the weights shown. */
  constructor({ state, client, mapClient, viewer, shownModel, session, systems, announcer }) {
    this.#state = state;
    this.#client = client;
    this.#shownModel = shownModel;
    this.#session = session;
    this.#systems = systems;
    this.#measurement = new Measurement({ state, client, announcer });
    this.#testCodes = new TestCodes({ state, client });
    this.#neighbours = new Neighbours({ state, client });
    const weights = () => viewer.call("weights", {});
    this.#map = new LatentMap({ state, client: mapClient, weights });
    new CodeUsage({ state, client: mapClient, weights });
    traceDrawing(state);
    effect(() => {
      const shown = state.shown.value;
      const step = state.stepShown.value;
      const data = state.dataset.value;
      untracked(() => this.#follow(shown, step, data));
    });
  }

  /** Measures the model shown, a run as it is now. */
  measure(extent) {
    if (this.#measurement.underWay) return;
    const { source } = this.#shown;
    if (source === "training") this.#setModel(this.#shown);
    const names = { source, file: this.#state.file.value?.name, made: this.#state.run.value.made };
    return this.#measurement.start(
      this.#model,
      nameOnData(modelName(names, this.#systems), this.#state),
      extent,
      this.#trained(source),
    );
  }

  /** How the model shown was trained: its `settings`, or null where its file does not say; and `changed(step)`, what was changed before that step, or null. */
  #trained(source) {
    const settings = settingsOfShown(this.#state, this.#systems);
    if (source !== "training") return { settings, changed: () => settings && UNCHANGED };
    const { record } = this.#state.run.value;
    const ofSteps = this.#state.snapshot.value ? {} : record?.train; // those of the form may wait for the next step
    return {
      settings: { ...settings, ...ofSteps },
      changed: (step) => changedBefore(this.#state.run.value.record, step),
    };
  }

  /** Ends the measurement without a result. */
  stop() {
    this.#measurement.stop();
  }

  /** Removes a result from the table. */
  remove(result) {
    const { measurements } = this.#state;
    measurements.value = measurements.value.filter((other) => other !== result);
  }

  /** `panel`: as in `state.open`. Test images are encoded while it is open. */
  open(panel, isOpen) {
    this.#state.open.value = { ...this.#state.open.value, [panel]: isOpen };
    if (isOpen) this.#testCodes.encode();
  }

  /** `change` of what the map shows: {axes, count}, as in the state. */
  chooseMap(change) {
    this.#state.mapChoice.value = { ...this.#state.mapChoice.value, ...change };
  }

  /** Resolves to the picture [784] of a test image of the map. */
  mapPicture(index) {
    return this.#map.picture(index);
  }

  /** After a failure: the map again. */
  retryMap() {
    this.#map.retry();
  }

  /** Takes the newer weights of the run; not during a measurement, which it would end. */
  refresh() {
    if (!this.#measurement.underWay) this.#setModel(this.#shown);
  }

  /** After a failure: the comparison with the test images again. */
  retry() {
    this.#testCodes.encode();
    this.#neighbours.retry();
  }

  /** Another model shown, or another data set, ends what is under way; other weights of the same run do not. */
  #follow(shown, step, data) {
    const before = this.#data === data ? this.#shown : null;
    this.#shown = shown;
    this.#data = data;
    if (!shown) return;
    const other = shown.source !== before?.source || shown.description !== before.description;
    if (other && !(before && isOfSameRun(snapshotOf(before), snapshotOf(shown)))) this.#setModel(shown);
    else this.#markStale(step);
  }

  #setModel({ source, description }) {
    const model = { source, description, step: null, bytes: () => this.#bytes(model) };
    this.#model = model;
    this.#client.setModel(model);
    batch(() => {
      this.#state.evaluated.value = { description, step: null, stale: false };
      this.#testCodes.setModel(model);
      this.#neighbours.setModel(model);
    });
    this.#testCodes.encode();
  }

  async #bytes(model) {
    const step = this.#state.snapshot.peek()?.step;
    const bytes = await this.#shownModel.bytes();
    if (model.source !== "training") return bytes;
    model.step = step ?? this.#session.step;
    if (model === this.#model) this.#evaluated({ step: model.step });
    return bytes;
  }

  /** Marks the evaluation as stale where the weights of the run that are shown are of another `step` than those evaluated. */
  #markStale(step) {
    const { source, step: taken } = this.#model;
    if (source === "training" && taken !== null && step !== taken && !this.#state.evaluated.value.stale)
      this.#evaluated({ stale: true });
  }

  #evaluated(change) {
    const { evaluated } = this.#state;
    evaluated.value = { ...evaluated.value, ...change };
  }
}
