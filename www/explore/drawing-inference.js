// Asks the model for the posterior of the drawing and its reconstructions.

import { modelInput } from "./model-input.js";
import { randomSeed } from "./random-seed.js";

export class DrawingInference {
  #state;
  #viewer;
  #noise = null; // ε of the reconstruction at a sample, [Z]
  #corruptionSeed = 0;

  constructor({ state, viewer }) {
    this.#state = state;
    this.#viewer = viewer;
  }

  /** Other noise for the reconstruction at a sample. */
  async renewNoise() {
    const { latent } = this.#state.shown.value.description.model;
    this.#noise = await this.#viewer.call("normal", { seed: randomSeed(), count: latent });
  }

  renewCorruption() {
    this.#corruptionSeed = randomSeed();
  }

  /** What the model infers from the drawing, with the `time` of the event that caused it; null for an empty pad. */
  async infer(time) {
    const { onPad, centre, corruption, label } = this.#state;
    const input = modelInput(onPad.value.items);
    if (!input) return null;
    const kind = corruption.value;
    const inferred = await this.#viewer.call("infer", {
      ...input,
      centre: centre.value,
      noise: this.#noise,
      corruption: kind === "none" ? null : { kind, seed: this.#corruptionSeed },
      digit: label.value,
    });
    return inferred && { ...inferred, time };
  }
}
