// One column of the comparison: a model, and all that is seen of it, computed a piece at a time.

import { chosenAxes } from "../evaluation/plane-choice.js";
import { hasPlane } from "../evaluation/plane-geometry.js";
import { decodeSamples, SAMPLES } from "../explore/decode-samples.js";
import { alternateRows, COLUMNS } from "../explore/images.js";
import { labelFor, mostProbable } from "../explore/label.js";
import { labelsOf } from "../explore/test-images.js";
import { latest } from "../worker/latest.js";

const ALONG_PATH = COLUMNS;
/** Test images of the map, as of that beside the drawing. */
const ON_MAP = 2000;
/** Test images that are scored: of a model in training fewer, so that its losses follow. */
const SCORED = { settled: 10_000, training: 2000 };
/** Between the beginnings of two looks at a run, and on a slow device at least SHARE times what one takes. */
const PERIOD_MS = 1000;
const SHARE = 4;

let columns = 0;

/** What is seen of a model before it is there. */
const NOTHING = {
  description: null,
  step: null,
  trouble: null,
  drawing: null,
  path: null,
  pathLabel: null,
  digits: null,
  prior: null,
  box: null,
  map: null,
  losses: null,
};

export class ComparedModel {
  /** What the views show, as an entry of `state.columns`; a new object whenever it changes. */
  shown;
  #column = ++columns; // of the worker
  #parts;
  #worker = null; // that has the weights
  #waiting = null; // {bytes, step} of later weights of the run
  #continues = false; // whether the next map is of the same model as the last one
  #encoded = false; // whether the map is of the weights that the worker has
  #scored = 0; // test images, with these weights
  #sampled = ""; // what the samples shown were asked for
  #pathOf = {}; // the ends and the label of the path shown
  #axes = null; // of the last map
  #looking = false;
  #timer = null;
  #closed = false;

  /**
   * `client`: a ComparisonClient; `digits`: some test images, as in explore/test-images.js; `weights()` resolves to {bytes, step}; `inputs()`:
   * {open, training, inference, labelChoice, samples: {seed, reach}, ends}; `changed()` is called with every change of `shown`.
   */
  constructor({ source, ...parts }) {
    this.#parts = parts;
    this.shown = { source, ...NOTHING };
  }

  /** Shows what is missing: everything of other weights, or what has changed. After a failure a person has to ask for it. */
  update() {
    if (!this.shown.trouble) this.#look();
  }

  /** The test images may be another data set's: then the worker is another as well. */
  takeData() {
    if (this.shown.trouble || this.shown.description) this.#look();
  }

  retry() {
    if (this.shown.trouble) this.#look();
  }

  /** Later weights of the run; they wait until the look at the last ones is done, and a while. */
  take(bytes, step) {
    this.#waiting = { bytes, step };
    if (this.#isWanted && this.#timer === null && !this.#looking) this.#lookSoon(0);
  }

  /** The drawing has changed. */
  draw() {
    if (this.#isWanted && this.shown.description) this.#infer().catch((error) => this.#fail(error));
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#parts.client.close(this.#column);
  }

  get #isWanted() {
    return !this.#closed && this.#parts.inputs().open;
  }

  #lookSoon(delay) {
    const look = () => {
      this.#timer = null;
      this.update();
    };
    this.#timer = setTimeout(look, delay);
  }

  #look = latest(async () => {
    if (!this.#isWanted) return;
    const begun = performance.now();
    this.#looking = true;
    try {
      await this.#load();
      for (const part of [
        this.#infer,
        this.#interpolate,
        this.#reconstruct,
        this.#sample,
        this.#see,
        this.#score,
      ])
        if (this.#isWanted) await part.call(this);
      this.#write({ trouble: null });
    } catch (error) {
      this.#fail(error);
    }
    this.#looking = false;
    const took = performance.now() - begun;
    if (this.#waiting && this.#timer === null) this.#lookSoon(Math.max(PERIOD_MS - took, (SHARE - 1) * took));
  });

  /** The worker gets the weights, where it has none or later ones wait. */
  async #load() {
    const worker = await this.#parts.client.open();
    if (worker === this.#worker && !this.#waiting) return;
    const { bytes, step } = this.#waiting ?? (await this.#parts.weights());
    this.#waiting = null;
    const description = await worker.call("open_column", { column: this.#column, weights: bytes });
    this.#worker = worker;
    const { step: before } = this.shown;
    this.#continues = step !== null && before !== null;
    this.#encoded = false;
    this.#scored = 0;
    this.#sampled = "";
    this.#pathOf = {};
    if (!this.#continues) this.#axes = null;
    this.#write({ ...(this.#continues ? {} : NOTHING), description, step, digits: null });
  }

  #infer = latest(async () => {
    const { inference, labelChoice } = this.#parts.inputs();
    if (!inference) return this.#write({ drawing: null });
    const { model, code } = this.shown.description;
    const noise = new Float32Array(code.noise); // none: z at the mean
    const chosen = labelFor(model, labelChoice);
    const inferred = await this.#call("infer_column", { image: inference.framed, noise, label: chosen });
    const { at_mean: atMean, mean, covariance, classes } = inferred;
    const label = model.labelled
      ? { label: chosen ?? mostProbable(classes), inferred: chosen === null }
      : null;
    this.#write({ drawing: { ...atMean, mean, covariance, label } });
  });

  /** The straight path between the codes of two images, the same for all models. */
  async #interpolate() {
    const { ends, labelChoice } = this.#parts.inputs();
    const { model, code } = this.shown.description;
    const label = labelFor({ ...model, classifier: false }, labelChoice); // of the pictures, which are decoded
    if (!ends.a || (this.#pathOf.ends === ends && this.#pathOf.label === label)) return;
    const { classifier } = model;
    const both = [ends.a, ends.b];
    const path = await this.#call("path_of_column", {
      images: both.map(({ image }) => image),
      labels: both.map((end) => end.label ?? (classifier ? null : label)),
      count: ALONG_PATH,
      noise: new Float32Array(code.noise),
      label,
    });
    this.#pathOf = { ends, label };
    this.#write({ path, pathLabel: model.labelled ? label : null });
  }

  async #reconstruct() {
    if (this.shown.digits) return;
    const { digits } = this.#parts;
    const { pictures: images } = digits;
    const asked = { images, labels: labelsOf(digits) };
    const reconstructions = await this.#call("reconstruct_column", asked);
    this.#write({ digits: alternateRows(images, reconstructions, COLUMNS) });
  }

  /** Samples of the prior, and of the box. */
  async #sample() {
    const { seed, reach } = this.#parts.inputs().samples;
    const asked = JSON.stringify([seed, reach]);
    if (asked === this.#sampled) return;
    const decode = (z, label) => this.#call("decode_column", { z, label });
    const { model } = this.shown.description;
    const ofPrior = await this.#call("prior_of_column", { seed, count: SAMPLES });
    const ofBox = await this.#call("box_of_column", { seed, count: SAMPLES, reach });
    const prior = await decodeSamples(decode, ofPrior, model);
    const box = ofBox && (await decodeSamples(decode, ofBox, model));
    this.#sampled = asked;
    this.#write({ prior, box });
  }

  /** The map, in the plane of the two components that are used most. */
  async #see() {
    const { usage, model, code } = this.shown.description;
    if (this.#encoded || !hasPlane(model)) return;
    for (let done = 0, of = 1; done < of; ) {
      ({ done, of } = await this.#call("encode_column", { count: ON_MAP }));
      if (!this.#isWanted) return;
    }
    const axes = (variances) =>
      chosenAxes({ choice: null, held: this.#axes, usage, variances, size: code.length }).toSorted(
        (a, b) => a - b,
      );
    let components = axes(this.shown.map?.variances);
    let view = await this.#call("map_of_column", { components });
    if (axes(view.variances).join() !== components.join()) {
      components = axes(view.variances); // known only now, where the file does not say what is used
      view = await this.#call("map_of_column", { components });
    }
    this.#axes = components;
    this.#encoded = true;
    this.#write({ map: { ...view, components, continues: this.#continues } });
  }

  /** Losses; the ones of fewer images, or of earlier weights, stay until there are better ones. */
  async #score() {
    const count = this.#parts.inputs().training ? SCORED.training : SCORED.settled;
    while (this.#scored < count && this.#isWanted) {
      const { done, of, losses } = await this.#call("score_column", { count });
      this.#scored = done < of ? done : count;
      if (done === of || !(this.shown.losses?.images >= losses.images)) this.#write({ losses });
    }
  }

  #call(action, args) {
    return this.#worker.call(action, { column: this.#column, ...args });
  }

  #fail(error) {
    this.#write({ trouble: error });
  }

  #write(change) {
    if (this.#closed) return;
    this.shown = { ...this.shown, ...change };
    this.#parts.changed();
  }
}
