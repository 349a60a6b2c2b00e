// Everything interactive: the drawing, the sliders and the grids, answered by the viewer's worker, newest request first.

import { kindOf } from "./latent-code.js";
import { latest } from "../worker/latest.js";
import { PIXELS } from "../views/pixels.js";
import { GUESS } from "../views/digit.js";
import { COLUMNS, everySecondRow } from "../views/digits.js";

const GRID = 20; // fixed test digits, and samples from the prior
const PSEUDO = 50; // pseudo-inputs shown, where there are more

export class Studio {
  source = "z20"; // whose weights the pictures show
  description = null;
  #viewer;
  #pad;
  #views;
  #centre;
  #digits; // 20 test digits, [20 * 784]
  #labels; // which digits they are, [20]
  #digit = 0; // which digit a model with labels is told
  #guessed = true; // whether one that can guess it is left to
  #spoil = null; // {kind, seed}: what the drawing suffers before the model sees it
  #noise = null; // of the sampled reconstruction, [Z]
  #priorSeed = randomSeed(); // of the samples from the prior
  #changing = null; // until the viewer has other weights: whoever asks it something waits, so that lengths agree
  #z = new Float32Array(0); // the code that is shown, as long as the model says
  #look = null;
  #bent = false; // whether the sliders have left the drawing: false, true, "sample" or "digit"
  #chosen = 0;
  #usage = null;
  #see;
  #decode;
  #grids;

  /** `views`: {reconstruct, classes, latents, digit, tests, prior, pseudo}; `failed(error)` hears of a viewer that no longer answers. */
  constructor({ viewer, pad, views, centre, digits, labels, failed }) {
    this.#viewer = viewer;
    this.#pad = pad;
    this.#views = views;
    this.#centre = centre;
    this.#digits = digits;
    this.#labels = labels;
    this.#see = settled(
      latest((time) => this.#lookAtDrawing(time)),
      failed,
    );
    this.#decode = settled(
      latest(() => this.#decodeSliders()),
      failed,
    );
    this.#grids = settled(
      latest(() => this.#redrawGrids()),
      failed,
    );
  }

  /** New weights behind every picture; on an error the old ones stay. `fresh`: another model although from the same origin. */
  async show(origin, weights, fresh = false) {
    const replaced = this.#replace(origin, weights, fresh);
    this.#changing = replaced.catch(() => {});
    await replaced;
    await Promise.all([this.#see(null), this.#grids()]);
  }

  async #replace(origin, weights, fresh) {
    await this.#changing;
    const description = await this.#viewer.call(this.description ? "replace" : "load", { weights }, [
      weights.buffer,
    ]);
    const before = this.description;
    const moved = fresh || origin !== this.source || !this.description;
    this.source = origin;
    this.description = description;
    const { code, model } = description;
    this.#views.digit.update({ labelled: model.labelled, guesses: model.classifier, digit: this.#told });
    this.#views.classes.update({ guesses: model.classifier });
    this.#views.latents.update({ code, model });
    this.#views.reconstruct.update(model);
    const resized = sizes(description) !== sizes(before);
    if (resized) await this.#resize(code.length);
    if (moved || resized) await this.#takeUsage(description.usage);
    this.#views.pseudo.update(await this.#pseudoInputs());
  }

  /** Mean KL per component measured on test images while training; `settle`: a good moment to reorder the sliders. */
  useUsage(usage, settle) {
    if (usage.length !== this.#z.length) return;
    this.#usage = usage;
    this.#views.latents.update({ usage });
    if (settle) this.#views.latents.order();
  }

  /** A good moment to reorder the sliders. */
  settle() {
    this.#views.latents.order();
  }

  /** The drawing changed at `time` (a pointer event's), or its framing did. */
  drawn(time) {
    this.#bent = false;
    return this.#see(time);
  }

  /** The n-th sample digit is about to be drawn: a model with labels is told which it is. */
  tell(digit) {
    this.#digit = digit;
    this.#guessed = true;
    this.#views.digit.update({ digit: this.#told });
  }

  /** Another digit for a model with labels; the sliders stay, so that their style can be seen in it. Or GUESS: as it guesses. */
  chooseDigit(digit) {
    this.#guessed = digit === GUESS;
    if (!this.#guessed) this.#digit = digit;
    if (this.#guessed && this.#bent === "digit") this.#bent = false;
    else if (this.#look && !this.#bent) this.#bent = "digit";
    return this.#see(null);
  }

  /** What a model is told about the drawing: a digit, or GUESS. */
  get #told() {
    return this.description.model.classifier && this.#guessed ? GUESS : this.#digit;
  }

  /** Which digit a code is decoded as. */
  get #drawn() {
    const classes = this.#look?.classes;
    return this.#told === GUESS && classes ? classes.indexOf(Math.max(...classes)) : this.#digit;
  }

  /** `kind`: what the drawing suffers before the model sees it, or "none". */
  spoil(kind, time) {
    this.#spoil = kind === "none" ? null : { kind, seed: randomSeed() };
    return this.drawn(time);
  }

  async resample(time) {
    await this.#changing;
    this.#noise = await this.#normal(this.description.model.latent);
    return this.#see(time);
  }

  bend(component, value) {
    this.#z[component] = value;
    this.#chosen = component;
    this.#bent = true;
    this.#showSliders();
    return this.#decode();
  }

  choose(component) {
    if (component === this.#chosen) return;
    this.#chosen = component;
    this.#showSliders();
    return this.#decode();
  }

  followDrawing() {
    this.#bent = false;
    this.#z = this.#look ? this.#look.mean.slice() : new Float32Array(this.#z.length);
    this.#showSliders();
    return this.#decode();
  }

  async samplePrior() {
    await this.#changing;
    this.#z = await this.#viewer.call("prior", { seed: randomSeed(), count: 1 });
    this.#bent = "sample";
    this.#showSliders();
    return this.#decode();
  }

  newPriorSamples() {
    this.#priorSeed = randomSeed();
    return this.#grids();
  }

  async #lookAtDrawing(time) {
    await this.#changing;
    const drawing = this.#pad.drawing();
    const spoil = this.#spoil;
    const request = { ...drawing, centre: this.#centre(), noise: this.#noise, spoil, digit: this.#told };
    const look = drawing ? await this.#viewer.call("look", request) : null;
    if (look && look.mean.length !== this.#z.length) return; // of a model that has been replaced meanwhile
    this.#look = look;
    this.#views.reconstruct.update({ look, spoilt: Boolean(spoil), time });
    this.#views.classes.update({ classes: look?.classes ?? null });
    if (!this.#bent) this.#z = look ? look.mean.slice() : new Float32Array(this.#z.length);
    this.#showSliders();
    this.#decode();
  }

  async #decodeSliders() {
    await this.#changing;
    const size = this.#z.length;
    const chosen = Math.max(0, this.#chosen);
    const strip = kindOf(this.description.code).strip(this.#z[chosen]);
    const z = new Float32Array((1 + strip.length) * size);
    for (let k = 0; k <= strip.length; k++) {
      z.set(this.#z, k * size);
      if (k > 0) z[k * size + chosen] = strip[k - 1];
    }
    const pictures = await this.#viewer.call("decode", { z, digit: this.#drawn });
    this.#views.latents.update({ pictures, strip });
  }

  async #redrawGrids() {
    await this.#changing;
    const rebuilt = await this.#viewer.call("reconstruct", { images: this.#digits, digits: this.#labels });
    this.#views.tests.update({
      layers: [
        [this.#digits, everySecondRow(true)],
        [rebuilt, everySecondRow(false)],
      ],
      label: "Test digits 0 to 9, two of each, each above its reconstruction at the mean",
    });
    const { code, model } = this.description;
    const z = await this.#viewer.call("prior", { seed: this.#priorSeed, count: GRID });
    if (z.length !== GRID * code.length) return; // of a model that has come meanwhile, and brings its own
    this.#views.prior.update(model.labelled ? await this.#tenDigitsEach(z) : await this.#twenty(z));
  }

  async #twenty(z) {
    const samples = await this.#viewer.call("decode", { z, digit: this.#drawn });
    return { layers: [[samples, (k) => k]], label: "Twenty pictures decoded from draws of the prior" };
  }

  /** The pictures that a VampPrior is made of; none elsewhere. */
  async #pseudoInputs() {
    const pictures = await this.#viewer.call("pseudo_inputs", {});
    return {
      layers: pictures ? [[pictures.subarray(0, PSEUDO * PIXELS), (k) => k]] : [],
      label: pictures ? "Learned pseudo-inputs of the prior" : "No pseudo-inputs",
    };
  }

  /** What a model with labels has learned: a row is one random code, drawn as each of the ten digits. */
  async #tenDigitsEach(twenty) {
    const z = twenty.slice(0, (GRID / COLUMNS) * (twenty.length / GRID));
    const columns = Array.from({ length: COLUMNS }, (_, digit) => this.#viewer.call("decode", { z, digit }));
    return {
      layers: (await Promise.all(columns)).map((samples, digit) => [samples, (k) => k * COLUMNS + digit]),
      label: "Two rows of the digits 0 to 9: each row one random latent, decoded as ten digits",
    };
  }

  async #resize(length) {
    this.#look = null;
    this.#bent = false;
    this.#chosen = 0;
    this.#usage = null;
    this.#z = new Float32Array(length);
    this.#noise = await this.#normal(this.description.model.latent);
    this.#showSliders();
  }

  /** What the file says about its components, or where it is silent, what the test digits at hand say. */
  async #takeUsage(usage) {
    const measured =
      usage?.length === this.#z.length
        ? Float32Array.from(usage)
        : await this.#viewer.call("usage", { images: this.#digits, digits: this.#labels });
    this.#usage = measured;
    this.#chosen = measured.indexOf(measured.reduce((most, value) => Math.max(most, value), -1));
    this.#showSliders();
    this.#views.latents.order();
  }

  #showSliders() {
    this.#views.latents.update({
      z: this.#z,
      look: this.#look,
      usage: this.#usage,
      chosen: Math.max(0, this.#chosen),
      bent: this.#bent,
    });
  }

  #normal(count) {
    return this.#viewer.call("normal", { seed: randomSeed(), count });
  }
}

function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

/** What decides how long codes and noise are, and what codes are made of. */
function sizes(description) {
  return description && JSON.stringify([description.code, description.model.latent]);
}

/** The n-th of the test digits, as a picture of its own. */
export function digitOf(images, index) {
  return images.slice(index * PIXELS, (index + 1) * PIXELS);
}

/** An action whose failure is told to `failed` instead of being thrown at an event handler. */
function settled(action, failed) {
  return (...args) => action(...args).catch(failed);
}
