// Decodes the traversals of the code shown, while they are visible and after everything else.

import { computed, effect } from "@preact/signals-core";
import { latest } from "../worker/latest.js";
import { decodeInParts } from "./decode-in-parts.js";
import { decodedLabel } from "./label.js";
import { editorOf } from "./latent-code.js";
import { traversalCodes, traversalRows } from "./traversal-rows.js";

export class TraversalPictures {
  #state;
  #viewer;
  #inputs;

  constructor({ state, viewer }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#inputs = computed(() => ({
      visible: state.open.value.traversals,
      shown: state.shown.value,
      decoded: state.decoded.value, // the picture of the code itself comes first
      usage: state.usage.value,
      order: state.componentOrder.value,
    }));
    effect(() => {
      const { visible, decoded } = this.#inputs.value;
      if (visible && decoded) this.#decode();
    });
  }

  #decode = latest(async () => {
    const { visible, shown } = this.#inputs.peek();
    const z = this.#state.code.peek();
    const { code, model } = shown.description;
    if (!visible || editorOf(code) !== "sliders" || z.length !== code.length) return;
    const { usage, inference, traversals } = this.#state;
    const rows = traversalRows({ model, z, usage: usage.peek(), mean: inference.peek()?.mean });
    const label = decodedLabel(this.#state);
    const decode = (codes) => this.#viewer.call("decode", { z: codes, label });
    try {
      const pictures = await decodeInParts(decode, traversalCodes(rows, z), z.length);
      if (this.#inputs.peek().shown?.description.code.length === z.length)
        traversals.value = { rows, pictures };
    } catch {
      // The model was replaced meanwhile: its own pictures follow. A lost viewer is reported by the drawing.
    }
  });
}
