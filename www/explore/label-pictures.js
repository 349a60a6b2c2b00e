// Decodes the code shown with each label, while that can be seen and after the code itself.

import { computed, effect } from "@preact/signals-core";
import { classesOf } from "../settings/class-names.js";
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
    const { model, code } = description;
    if (!visible || !model.labelled || z.length !== code.length) return;
    try {
      const pictures = await decodeWithLabels(
        (codes, label) => this.#viewer.call("decode", { z: codes, label }),
        z,
        classesOf(model),
      );
      if (this.#inputs.peek().description?.model.labelled) this.#state.labelPictures.value = pictures;
    } catch {
      // The model was replaced meanwhile: its own pictures follow. A lost viewer is reported by the drawing.
    }
  });
}
