// Decodes the code shown with each of the ten labels, while that can be seen and after the code itself.

import { computed, effect } from "@preact/signals-core";
import { latest } from "../worker/latest.js";
import { decodeWithLabels } from "./decode-samples.js";

export class LabelPictures {
  #state;
  #viewer;
  #inputs;

  constructor({ state, viewer }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#inputs = computed(() => ({
      visible: state.open.value.labels,
      description: state.shown.value?.description ?? null,
      decoded: state.decoded.value, // the picture of the code itself comes first
    }));
    effect(() => {
      const { visible, description, decoded } = this.#inputs.value;
      if (visible && decoded && description?.model.labelled) this.#decode();
    });
  }

  #decode = latest(async () => {
    const { visible, description } = this.#inputs.peek();
    const z = this.#state.code.peek();
    if (!visible || !description.model.labelled || z.length !== description.code.length) return;
    try {
      const pictures = await decodeWithLabels(
        (codes, digit) => this.#viewer.call("decode", { z: codes, digit }),
        z,
      );
      if (this.#inputs.peek().description?.model.labelled) this.#state.labelPictures.value = pictures;
    } catch {
      // The model was replaced meanwhile: its own pictures follow. A lost viewer is reported by the drawing.
    }
  });
}
