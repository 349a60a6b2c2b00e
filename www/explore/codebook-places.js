// Where the vectors of the codebook shown lie in the plane of their principal components, which their colours follow; asked for while the codes are in sight.

import { computed, effect, untracked } from "@preact/signals-core";
import { latest } from "../worker/latest.js";

export class CodebookPlaces {
  #state;
  #viewer;
  #source = null; // of the codebook whose places there are

  constructor({ state, viewer }) {
    this.#state = state;
    this.#viewer = viewer;
    const shown = computed(() => (state.open.value.codes ? state.shown.value : null));
    effect(() => {
      if (shown.value?.description.model.posterior === "codebook") untracked(() => this.#update());
    });
  }

  #update = latest(async () => {
    const { shown, codebook } = this.#state;
    const { source } = shown.peek();
    const follows = source === "training" && this.#source === source; // the snapshots of a run keep their colours
    const before = (follows && codebook.peek()?.directions) || new Float32Array(0);
    try {
      const found = await this.#viewer.call("codebook", { before });
      if (shown.peek().source !== source || !found) return;
      this.#source = source;
      codebook.value = found;
    } catch {
      // The model was replaced meanwhile: its own places follow. A lost viewer is reported by the drawing.
    }
  });
}
