// Asks the model for the posterior of the drawing and its reconstructions.

import { modelInput } from "./model-input.js";

export class DrawingInference {
  #state;
  #viewer;
  #noise = { seed: null, values: [] }; // ε of the reconstruction at a sample, as many numbers as it takes

  constructor({ state, viewer }) {
    this.#state = state;
    this.#viewer = viewer;
  }

  /** What the model infers from the drawing, with the `time` of the event that caused it; null for an empty pad. */
  async infer(time) {
    const { onPad, centre, corruption, label, seeds } = this.#state;
    const { items } = onPad.value;
    const input = modelInput(items);
    if (!input) return null;
    const kind = corruption.value;
    const drawn = {
      items,
      centre: centre.value,
      corruption: kind === "none" ? null : { kind, seed: seeds.value.corruption },
    };
    const { items: _, ...how } = drawn;
    const chosen = label.value;
    const noise = await this.#noiseNow();
    const inferred = await this.#viewer.call("infer", { ...input, ...how, noise, label: chosen });
    return inferred && { ...inferred, drawn, time };
  }

  async #noiseNow() {
    const { noise: seed } = this.#state.seeds.value;
    const { noise: count } = this.#state.shown.value.description.code;
    if (this.#noise.seed !== seed || this.#noise.values.length !== count)
      this.#noise = { seed, values: await this.#viewer.call("normal", { seed, count }) };
    return this.#noise.values;
  }
}
