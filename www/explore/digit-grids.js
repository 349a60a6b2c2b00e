// The grids of digits: test digits with their reconstructions, samples of the prior, pseudo-inputs. They are asked for while they are in sight.

import { decodeSamples } from "./decode-samples.js";
import { alternateRows, COLUMNS, PIXELS } from "./images.js";

const SAMPLES = 20; // of the prior
const MOST_PSEUDO_INPUTS = 50; // shown, where the model has more

export class DigitGrids {
  #state;
  #viewer;
  #digits;
  #outdated = false; // whether they are of other weights or samples than those wanted

  /** `digits`: 20 test digits, {pictures [20 * 784], labels [20]}. */
  constructor({ state, viewer, digits }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#digits = digits;
  }

  /** Other weights are shown, or other samples are wanted: what there is belongs to those before. */
  outdate() {
    this.#outdated = true;
  }

  /** All three anew, where they are in sight and of other weights or samples. */
  async update() {
    if (!this.#outdated || !this.#state.open.peek().digits) return;
    this.#outdated = false;
    await this.#updateTestDigits();
    await this.#updatePriorSamples();
    await this.#updatePseudoInputs();
  }

  async #updateTestDigits() {
    const { pictures: images, labels } = this.#digits;
    const reconstructions = await this.#viewer.call("reconstruct", { images, digits: labels });
    this.#state.testDigits.value = alternateRows(images, reconstructions, COLUMNS);
  }

  async #updatePriorSamples() {
    const { code, model } = this.#state.shown.peek().description;
    const { prior: seed } = this.#state.seeds.peek();
    const z = await this.#viewer.call("prior", { seed, count: SAMPLES });
    if (z.length !== SAMPLES * code.length) return; // of a model that has been replaced; the new one's samples follow
    const decode = (codes, digit) => this.#viewer.call("decode", { z: codes, digit });
    const pictures = await decodeSamples(decode, z, model.labelled);
    this.#state.priorSamples.value = { pictures, labelled: model.labelled };
  }

  /** The learned images that define a VampPrior; null for other priors. */
  async #updatePseudoInputs() {
    const pictures = await this.#viewer.call("pseudo_inputs", {});
    this.#state.pseudoInputs.value = pictures?.subarray(0, MOST_PSEUDO_INPUTS * PIXELS) ?? null;
  }
}
