// Where the vectors of the codebooks shown lie in the plane of their principal components, which their colours follow; asked for while the codes are in sight.

import { computed, effect, untracked } from "@preact/signals-core";
import { hasCodebook } from "../settings/schema.js";
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
      if (shown.value && hasCodebook(shown.value.description.model)) untracked(() => this.#update());
    });
  }

  #update = latest(async () => {
    const { shown, codebook } = this.#state;
    const { source, description } = shown.peek();
    const follows = source === "training" && this.#source === source; // the snapshots of a run keep their colours
    const before = (follows && directionsOf(codebook.peek(), description)) || new Float32Array(0);
    try {
      const found = await this.#viewer.call("codebook", { before });
      if (shown.peek().source !== source || found.length === 0) return;
      this.#source = source;
      codebook.value = found;
    } catch {
      // The model was replaced meanwhile: its own places follow. A lost viewer is reported by the drawing.
    }
  });
}

/** The directions of the planes of these codebooks, one after the other; null where they are of another model than the one described. */
function directionsOf(codebooks, { code, model }) {
  if (codebooks?.length !== code.levels.length) return null;
  const directions = codebooks.flatMap((each) => [...each.directions]);
  return directions.length === 2 * model.latent * codebooks.length ? Float32Array.from(directions) : null;
}
