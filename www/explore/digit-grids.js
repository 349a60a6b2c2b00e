// The grids of digits: test digits with their reconstructions, samples of the prior, pseudo-inputs.

import { decodeSamples } from "./decode-samples.js";
import { alternateRows, COLUMNS, PIXELS } from "./images.js";
import { randomSeed } from "./random-seed.js";

const SAMPLES = 20; // of the prior
const MOST_PSEUDO_INPUTS = 50; // shown, where the model has more

export class DigitGrids {
  #state;
  #viewer;
  #digits;
  #priorSeed = randomSeed();

  /** `digits`: 20 test digits, {pictures [20 * 784], labels [20]}. */
  constructor({ state, viewer, digits }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#digits = digits;
  }

  renewPriorSamples() {
    this.#priorSeed = randomSeed();
  }

  /** The reconstructions of the test digits and the samples of the prior. */
  async update() {
    const { testDigits, priorSamples, shown } = this.#state;
    const { pictures: images, labels } = this.#digits;
    const reconstructions = await this.#viewer.call("reconstruct", { images, digits: labels });
    testDigits.value = alternateRows(images, reconstructions, COLUMNS);
    const { code, model } = shown.value.description;
    const z = await this.#viewer.call("prior", { seed: this.#priorSeed, count: SAMPLES });
    if (z.length !== SAMPLES * code.length) return; // of a model that has been replaced; the new one's samples follow
    const decode = (codes, digit) => this.#viewer.call("decode", { z: codes, digit });
    const pictures = await decodeSamples(decode, z, model.labelled);
    priorSamples.value = { pictures, labelled: model.labelled };
  }

  /** The learned images that define a VampPrior; null for other priors. */
  async updatePseudoInputs() {
    const pictures = await this.#viewer.call("pseudo_inputs", {});
    this.#state.pseudoInputs.value = pictures?.subarray(0, MOST_PSEUDO_INPUTS * PIXELS) ?? null;
  }
}
