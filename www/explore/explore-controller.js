// The exploration controller: what a person does to the drawing, the latent code and the grids. The viewer's worker answers;
// while it is busy, only the newest request of each kind waits.

import { batch, computed, effect, untracked } from "@preact/signals-core";
import { latest } from "../worker/latest.js";
import { CodeEditor } from "./code-editor.js";
import { CodebookPlaces } from "./codebook-places.js";
import { ComponentUsage } from "./component-usage.js";
import {
  beginStroke,
  cancelStroke,
  canUndo,
  clear,
  endStroke,
  extendStroke,
  placeTestImage,
  undo,
} from "./drawing.js";
import { DrawingInference } from "./drawing-inference.js";
import { imageAt } from "./images.js";
import { LabelPictures } from "./label-pictures.js";
import { PictureGrids } from "./picture-grids.js";
import { randomSeed } from "./random-seed.js";
import { labelAt } from "./test-images.js";
import { TraversalPictures } from "./traversal-pictures.js";
import { ViewerWeights } from "./viewer-weights.js";

export class ExploreController {
  #state;
  #digits;
  #inference;
  #editor;
  #grids;
  #usage;
  #weights;
  #infer;
  #decode;
  #updateGrids;
  #codeBeforeStroke = null; // as in restoreCode

  /** `digits`: at most twenty test images, as in test-images.js; `failed(error)` is called when the viewer no longer answers. */
  constructor({ state, viewer, digits, failed }) {
    this.#state = state;
    this.#digits = digits;
    this.#inference = new DrawingInference({ state, viewer });
    this.#editor = new CodeEditor({ state, viewer });
    this.#grids = new PictureGrids({ state, viewer, digits });
    this.#usage = new ComponentUsage({ state, viewer, digits });
    this.#weights = new ViewerWeights({
      state,
      viewer,
      editor: this.#editor,
      grids: this.#grids,
      usage: this.#usage,
      failed,
    });
    new TraversalPictures({ state, viewer });
    new LabelPictures({ state, viewer });
    new CodebookPlaces({ state, viewer });
    this.#infer = latest((time) => this.#weights.settled(() => this.#inferDrawing(time)));
    this.#decode = latest((time = null) => this.#weights.settled(() => this.#editor.decode(time)));
    this.#updateGrids = latest(() => this.#weights.settled(() => this.#grids.update()));
    this.#onceInSight("grids", () => this.#updateGrids());
    this.#onceInSight("strip", () => this.#decode());
  }

  /**
   * Shows the weights `bytes` of `source` in every picture; on an error the old ones stay. `fresh`: another model although from
   * the same source; `file`: {name, bytes} of weights loaded by hand; `snapshot`: {step, epoch} of a run at which it had these weights.
   */
  async show(source, bytes, { fresh = false, file = this.#state.file.value, snapshot = null } = {}) {
    const { showing } = this.#state;
    const replaced = this.#weights.replace(source, bytes, { fresh, file, snapshot });
    showing.value = true;
    try {
      await replaced;
      await Promise.all([this.#infer(null), this.#updateGrids()]);
      await this.#decode();
    } finally {
      if (this.#weights.isLatest(replaced)) showing.value = false;
    }
  }

  /** Other test digits are at hand: their pictures by the model shown, and its usage where its file does not state it. */
  takeDigits() {
    this.#grids.outdate();
    return this.#updateGrids();
  }

  /** Mean KL per component measured on test images while training; `settled`: a good moment to reorder the sliders. */
  useUsage(usage, { settled = false } = {}) {
    this.#usage.renew(usage, settled);
  }

  sortComponents() {
    this.#usage.sort();
  }

  // The drawing. `time`: the time stamp of the event, in ms.

  /** Shows the `items` of a recorded drawing; whatever is drawn takes its place. */
  demonstrate(items) {
    this.#state.demonstration.value = items;
    return this.#inferAnew(null);
  }

  /** A stroke begins at `point` of the unit square; `erase`: with the eraser. */
  beginStroke({ point, erase }, time) {
    const { code, codeOrigin, component } = this.#state;
    this.#codeBeforeStroke = {
      values: code.value,
      origin: codeOrigin.value,
      component: component.value,
    };
    return this.#draw(beginStroke(this.#drawing, { point, erase }, time));
  }

  extendStroke(points, time) {
    return this.#draw(extendStroke(this.#drawing, points, time));
  }

  endStroke(time) {
    return this.#draw(endStroke(this.#drawing, time));
  }

  /** The growing stroke vanishes, and drawing and code are as before it. */
  cancelStroke(time) {
    const drawing = cancelStroke(this.#drawing, time);
    if (drawing === this.#drawing) return;
    const before = this.#codeBeforeStroke;
    return batch(() => {
      this.#state.drawing.value = drawing;
      if (before.values.length === this.#state.code.value.length) this.#editor.restore(before);
      return this.#infer(time);
    });
  }

  undo(time) {
    if (canUndo(this.#drawing)) return this.#draw(undo(this.#drawing, time));
  }

  clear(time) {
    return this.#draw(clear(this.#drawing, time));
  }

  /** The test image at `index` becomes the drawing; a labelled model is conditioned on its label. */
  chooseTestImage(index, time) {
    const label = labelAt(this.#digits, index);
    const image = imageAt(this.#digits.pictures, index);
    return batch(() => {
      this.#state.labelChoice.value = { label: label ?? 0, inferred: true };
      return this.#draw(placeTestImage(this.#drawing, { image, label }, time));
    });
  }

  /** `on`: whether drawings are centred and scaled as MNIST was. */
  setCentre(on, time) {
    this.#state.centre.value = on;
    return this.#inferAnew(time);
  }

  /** `kind`: the corruption of the drawing before the model sees it, or "none"; `seed` of one that was seen before. */
  setCorruption(kind, time, seed = randomSeed()) {
    this.#seed({ corruption: seed });
    this.#state.corruption.value = kind;
    return this.#inferAnew(time);
  }

  /** Another sample of the posterior. */
  resample(time) {
    this.#seed({ noise: randomSeed() });
    return this.#infer(time);
  }

  /** Another label for a labelled model, or null for the one that its classifier infers; the code stays, to show its style in another class. */
  setLabel(label) {
    const { labelChoice, codeOrigin, inference } = this.#state;
    const inferred = label === null;
    batch(() => {
      labelChoice.value = { label: label ?? labelChoice.value.label, inferred };
      if (inferred && codeOrigin.value === "label") codeOrigin.value = "drawing";
      else if (inference.value && codeOrigin.value === "drawing") codeOrigin.value = "label";
    });
    return this.#infer(null);
  }

  // The latent code.

  /** `time`: as above, or null. */
  edit(component, value, time = null) {
    this.#editor.edit(component, value);
    return this.#decode(time);
  }

  /** Has the codes of a codebook counted: where nothing is loaded unasked, or again after a failure. */
  countCodes() {
    this.setInSight("usage", false);
    this.setInSight("usage", true);
  }

  /** Whether what is decoded for `panel` can be seen: "traversals", the "strip" of the code, its "labels", or the "grids" of pictures; else it costs nothing. */
  setInSight(panel, inSight) {
    const { open } = this.#state;
    if (inSight !== open.value[panel]) open.value = { ...open.value, [panel]: inSight };
  }

  /** Another code, of the model shown, as edited; `component` is selected, unless it is null. */
  goTo(values, component = null) {
    this.#editor.goTo(values, component);
    return this.#decode();
  }

  /** `code`: {values, origin, component} of an earlier visit, for the model shown. */
  restoreCode(code) {
    this.#editor.restore(code);
    return this.#decode();
  }

  selectComponent(component) {
    if (component === this.#state.component.value) return;
    this.#state.component.value = component;
    return this.#decode();
  }

  followDrawing() {
    this.#editor.followDrawing();
    return this.#decode();
  }

  async samplePrior() {
    await this.#weights.settled(() => this.#editor.samplePrior());
    await this.#decode();
  }

  /** Samples the codes of one level of a model with two codebooks; the others stay. */
  async redraw(level) {
    await this.#weights.settled(() => this.#editor.redraw(level));
    await this.#decode();
  }

  newPriorSamples() {
    this.#seed({ prior: randomSeed() });
    this.#grids.outdate();
    return this.#updateGrids();
  }

  #seed(change) {
    const { seeds } = this.#state;
    seeds.value = { ...seeds.peek(), ...change };
  }

  /** Does `update` when `panel` comes into sight, and weights are there. */
  #onceInSight(panel, update) {
    const inSight = computed(() => this.#state.open.value[panel]);
    effect(() => {
      if (inSight.value) untracked(() => this.#state.shown.value && update());
    });
  }

  get #drawing() {
    return this.#state.drawing.value;
  }

  #draw(drawing) {
    if (drawing === this.#drawing) return;
    return batch(() => {
      this.#state.demonstration.value = null;
      this.#state.drawing.value = drawing;
      return this.#inferAnew(drawing.time);
    });
  }

  /** The drawing or its input changed: the code follows it from now on. */
  #inferAnew(time) {
    this.#state.codeOrigin.value = "drawing";
    this.#editor.forgetAll();
    return this.#infer(time);
  }

  async #inferDrawing(time) {
    const { code, codeOrigin, inference } = this.#state;
    const inferred = await this.#inference.infer(time);
    if (inferred && inferred.mean.length !== code.value.length) return; // of a model that has been replaced
    batch(() => {
      inference.value = inferred;
      if (codeOrigin.value === "drawing") this.#editor.followDrawing();
    });
    this.#decode();
  }
}
