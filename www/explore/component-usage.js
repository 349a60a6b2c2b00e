// How much each latent component is used: its mean KL over images, and the order of the sliders that follows from it.

import { batch } from "@preact/signals-core";
import { mostUsedFirst } from "./latent-code.js";
import { labelsOf } from "./test-images.js";

export class ComponentUsage {
  #state;
  #viewer;
  #digits;

  /** `digits`: some test images, as in test-images.js. */
  constructor({ state, viewer, digits }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#digits = digits;
  }

  /** Of another model: the usage that its file states, or else that of the test images at hand. Selects the most used component. */
  async take(stated) {
    const { code, component, componentOrder, usage } = this.#state;
    const taken =
      stated?.length === code.value.length ? Float32Array.from(stated) : await this.#ofTestImages();
    const order = mostUsedFirst(taken);
    batch(() => {
      usage.value = taken;
      componentOrder.value = order;
      component.value = order[0];
    });
  }

  /** Of the same run at another snapshot: that of the test images at hand. The components stay where they are. */
  async measure() {
    this.renew(await this.#ofTestImages(), false);
  }

  /** Puts the components in the order of their usage. */
  sort() {
    const { componentOrder, usage } = this.#state;
    if (usage.value) componentOrder.value = mostUsedFirst(usage.value);
  }

  #ofTestImages() {
    const { pictures } = this.#digits;
    return this.#viewer.call("usage", { images: pictures, labels: labelsOf(this.#digits) });
  }

  /** Of the model shown, as measured now; `settled`: a good moment to reorder the sliders. */
  renew(measured, settled) {
    const { code, componentOrder, usage } = this.#state;
    if (measured?.length !== code.value.length) return;
    batch(() => {
      usage.value = measured;
      if (settled) componentOrder.value = mostUsedFirst(measured);
    });
  }
}
