// The grids of digits: test digits with their reconstructions, samples of the prior, pseudo-inputs.

import { alternateRows, COLUMNS, joinColumns, PIXELS } from "./images.js";
import { decodedLabel } from "./label.js";
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
    const pictures = model.labelled
      ? await this.#tenLabelsEach(z)
      : await this.#decode(z, decodedLabel(this.#state));
    priorSamples.value = { pictures, labelled: model.labelled };
  }

  /** The learned images that define a VampPrior; null for other priors. */
  async updatePseudoInputs() {
    const pictures = await this.#viewer.call("pseudo_inputs", {});
    this.#state.pseudoInputs.value = pictures?.subarray(0, MOST_PSEUDO_INPUTS * PIXELS) ?? null;
  }

  /** Each row is one code, decoded with each of the ten labels. */
  async #tenLabelsEach(z) {
    const rows = z.slice(0, (SAMPLES / COLUMNS) * (z.length / SAMPLES));
    const columns = Array.from({ length: COLUMNS }, (_, digit) => this.#decode(rows, digit));
    return joinColumns(await Promise.all(columns));
  }

  #decode(z, digit) {
    return this.#viewer.call("decode", { z, digit });
  }
}
