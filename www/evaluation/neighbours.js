// Compares the drawing with the encoded test images: its neighbours, its negative log-likelihood and its class probabilities.

import { computed, effect } from "@preact/signals-core";
import { latest } from "../worker/latest.js";
import { Superseded } from "./evaluation-client.js";

const COUNT = 8; // neighbours
const SAMPLES = 100; // importance samples for the negative log-likelihood
const SETTLED_MS = 350; // the drawing is compared once it has not changed for this long

export class Neighbours {
  #state;
  #client;
  #inputs; // signal: all that the answer depends on, except for the model
  #model = null;
  #compared = null; // what the answer shown is about
  #timer = null;

  constructor({ state, client }) {
    this.#state = state;
    this.#client = client;
    const encoded = computed(() => state.testCodes.value.encoded); // does not change with the progress alone
    this.#inputs = computed(() => ({
      open: state.open.value.nearest,
      inference: state.inference.value,
      label: state.label.value,
      among: encoded.value,
    }));
    effect(() => {
      if (this.#inputs.value.open) this.#compareSoon();
    });
  }

  /** From now on the drawing is compared by `model`. */
  setModel(model) {
    this.#model = model;
    this.#compared = null;
    this.#state.neighbours.value = { answer: null, trouble: null };
  }

  /** After a failure: compares again. */
  retry() {
    this.#write({ trouble: null });
    this.#compareSoon();
  }

  /** Compares the drawing once it has stopped changing. */
  #compareSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#compare(), SETTLED_MS);
  }

  #compare = latest(async () => {
    const { open, inference, label, among } = this.#inputs.value;
    if (!open) return;
    if (!inference) {
      this.#compared = null;
      this.#write({ answer: null });
      return;
    }
    const model = this.#model;
    const { framed } = inference;
    const wanted = { model, among, label, framed };
    if (among === 0 || (this.#compared && same(wanted, this.#compared))) return;
    try {
      const request = { image: framed, label, count: COUNT, samples: SAMPLES };
      const answer = await this.#client.compare(model, request);
      if (this.#model !== model || !this.#inputs.value.inference) return;
      this.#compared = wanted;
      this.#write({ answer: { ...answer, samples: SAMPLES }, trouble: null });
    } catch (error) {
      if (!(error instanceof Superseded)) this.#write({ trouble: error });
    }
  });

  #write(change) {
    const { neighbours } = this.#state;
    neighbours.value = { ...neighbours.value, ...change };
  }
}

function same(a, b) {
  return (
    a.model === b.model &&
    a.among === b.among &&
    a.label === b.label &&
    a.framed.every((pixel, k) => pixel === b.framed[k])
  );
}
