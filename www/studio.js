// Everything interactive: the drawing, the sliders and the grids, answered by the viewer's worker, newest request first.

import { latest } from "./latest.js";
import { PIXELS } from "./pixels.js";
import { everySecondRow } from "./views/digits.js";
import { STRIP } from "./views/latents.js";

const GRID = 20; // fixed test digits, and samples from the prior

export class Studio {
  source = "z20"; // whose weights the pictures show
  description = null;
  #viewer;
  #pad;
  #views;
  #centre;
  #digits; // 20 test digits, [20 * 784]
  #noise = null; // of the sampled reconstruction, [Z]
  #prior = null; // of the samples from the prior, [20 * Z]
  #z = new Float32Array(0);
  #look = null;
  #bent = false; // whether the sliders have left the drawing: false, true, or "sample"
  #chosen = 0;
  #usage = null;
  #see;
  #decode;
  #grids;

  /** `views`: {reconstruct, latents, tests, prior}; `failed(error)` hears of a viewer that no longer answers. */
  constructor({ viewer, pad, views, centre, digits, failed }) {
    this.#viewer = viewer;
    this.#pad = pad;
    this.#views = views;
    this.#centre = centre;
    this.#digits = digits;
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
    const description = await this.#viewer.call(this.description ? "replace" : "load", { weights }, [
      weights.buffer,
    ]);
    const before = this.description?.model.latent;
    const moved = fresh || origin !== this.source || !this.description;
    this.source = origin;
    this.description = description;
    const { latent } = description.model;
    if (latent !== before) await this.#resize(latent);
    if (moved || latent !== before) await this.#takeUsage(description.usage);
    await Promise.all([this.#see(null), this.#grids()]);
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

  async resample(time) {
    this.#noise = await this.#normal(this.#z.length);
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
    this.#z = await this.#normal(this.#z.length);
    this.#bent = "sample";
    this.#showSliders();
    return this.#decode();
  }

  async newPriorSamples() {
    this.#prior = await this.#normal(GRID * this.#z.length);
    return this.#grids();
  }

  async #lookAtDrawing(time) {
    const drawing = this.#pad.drawing();
    const request = { ...drawing, centre: this.#centre(), noise: this.#noise };
    const look = drawing ? await this.#viewer.call("look", request) : null;
    if (look && look.mean.length !== this.#z.length) return; // of a model that has been replaced meanwhile
    this.#look = look;
    this.#views.reconstruct.update({ look, time });
    if (!this.#bent) this.#z = look ? look.mean.slice() : new Float32Array(this.#z.length);
    this.#showSliders();
    this.#decode();
  }

  async #decodeSliders() {
    const size = this.#z.length;
    const z = new Float32Array((1 + STRIP.length) * size);
    for (let k = 0; k <= STRIP.length; k++) {
      z.set(this.#z, k * size);
      if (k > 0) z[k * size + this.#chosen] = STRIP[k - 1];
    }
    const pictures = await this.#viewer.call("decode", { z });
    this.#views.latents.update({ pictures });
  }

  async #redrawGrids() {
    const rebuilt = await this.#viewer.call("reconstruct", { images: this.#digits });
    this.#views.tests.update({
      layers: [
        [this.#digits, everySecondRow(true)],
        [rebuilt, everySecondRow(false)],
      ],
      label: "Test digits 0 to 9, two of each, each above its reconstruction at the mean",
    });
    if (this.#prior.length !== GRID * this.#z.length) return;
    const samples = await this.#viewer.call("decode", { z: this.#prior });
    this.#views.prior.update({
      layers: [[samples, (k) => k]],
      label: "Twenty pictures decoded from random latents",
    });
  }

  async #resize(latent) {
    this.#look = null;
    this.#bent = false;
    this.#chosen = 0;
    this.#usage = null;
    this.#z = new Float32Array(latent);
    [this.#noise, this.#prior] = await Promise.all([this.#normal(latent), this.#normal(GRID * latent)]);
    this.#showSliders();
  }

  /** What the file says about its components, or where it is silent, what the test digits at hand say. */
  async #takeUsage(usage) {
    const measured =
      usage?.length === this.#z.length
        ? Float32Array.from(usage)
        : await this.#viewer.call("usage", { images: this.#digits });
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
    const [seed] = crypto.getRandomValues(new Uint32Array(1));
    return this.#viewer.call("normal", { seed, count });
  }
}

/** The n-th of the test digits, as a picture of its own. */
export function digitOf(images, index) {
  return images.slice(index * PIXELS, (index + 1) * PIXELS);
}

/** An action whose failure is told to `failed` instead of being thrown at an event handler. */
function settled(action, failed) {
  return (...args) => action(...args).catch(failed);
}
