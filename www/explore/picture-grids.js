// The grids of pictures: test images with their reconstructions, samples of the prior, pseudo-inputs. They are asked for while they are in sight.

import { decodeSamples, SAMPLES } from "./decode-samples.js";
import { alternateRows, COLUMNS, PIXELS } from "./images.js";
import { labelsOf } from "./test-images.js";

const MOST_PSEUDO_INPUTS = 50; // shown, where the model has more

export class PictureGrids {
  #state;
  #viewer;
  #digits;
  #outdated = false; // whether they are of other weights or samples than those wanted

  /** `digits`: at most twenty test images, as in test-images.js. */
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
    if (!this.#outdated || !this.#state.open.peek().grids) return;
    this.#outdated = false;
    await this.#updateTestPictures();
    await this.#updatePriorSamples();
    await this.#updatePseudoInputs();
  }

  async #updateTestPictures() {
    const { pictures: images } = this.#digits;
    const asked = { images, labels: labelsOf(this.#digits) };
    const reconstructions = await this.#viewer.call("reconstruct", asked);
    this.#state.testPictures.value = alternateRows(images, reconstructions, COLUMNS);
  }

  async #updatePriorSamples() {
    const { code, model } = this.#state.shown.peek().description;
    const { prior: seed } = this.#state.seeds.peek();
    const z = await this.#viewer.call("prior", { seed, count: SAMPLES });
    if (z.length !== SAMPLES * code.length) return; // of a model that has been replaced; the new one's samples follow
    const decode = (codes, label) => this.#viewer.call("decode", { z: codes, label });
    const samples = await decodeSamples(decode, z, model);
    this.#state.priorSamples.value = { ...samples, labelled: model.labelled };
  }

  /** The learned images that define a VampPrior; null for other priors. */
  async #updatePseudoInputs() {
    const pictures = await this.#viewer.call("pseudo_inputs", {});
    this.#state.pseudoInputs.value = pictures?.subarray(0, MOST_PSEUDO_INPUTS * PIXELS) ?? null;
  }
}
