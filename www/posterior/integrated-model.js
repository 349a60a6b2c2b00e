// One column of the view: a model, and p(z | x) of the drawing under it, on ever finer lattices.

import { decodedLabel, labelFor } from "../explore/label.js";
import { latest } from "../worker/latest.js";

/** Between the beginnings of two computations for a run, and on a slow device at least SHARE times what one takes. */
const PERIOD_MS = 1000;
const SHARE = 4;

let columns = 0;

const NOTHING = { description: null, step: null, trouble: null, view: null, working: false };

export class IntegratedModel {
  /** What the views show, as an entry of `state.posteriors`; a new object whenever it changes. */
  shown;
  #column = ++columns; // of the worker
  #parts;
  #worker = null; // that has the weights
  #later = true; // whether there are weights that the worker does not have
  #done = null; // {image, label} of the finest results
  #timer = null;
  #due = 0; // weights of the same run are taken no earlier
  #closed = false;

  /**
   * `client`: a PosteriorClient; `weights()` resolves to {bytes, step}; `inputs()`: {open, training, inference, labelChoice}; `changed()` is
   * called with every change of `shown`.
   */
  constructor({ source, ...parts }) {
    this.#parts = parts;
    this.shown = { source, ...NOTHING };
  }

  /** Computes what is missing. After a failure a person has to ask for it, or draw. */
  update() {
    if (!this.#closed) this.#work();
  }

  /** Another model in this column. */
  replace() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#later = true;
    this.#write(NOTHING);
    this.update();
  }

  /** Other weights of the same run. Later ones wait for their turn, unless a person asked for them and wants them `soon`. */
  follow({ soon = false } = {}) {
    this.#later = true;
    if (soon) {
      clearTimeout(this.#timer);
      this.#timer = null;
      return this.update();
    }
    if (this.#timer !== null) return;
    const take = () => {
      this.#timer = null;
      this.update();
    };
    this.#timer = setTimeout(take, Math.max(0, this.#due - performance.now()));
  }

  /** Resolves to the picture that the model decodes from `z`, or null where it cannot now. */
  async decode(z) {
    if (!this.#worker || !this.shown.description) return null;
    const { inference, labelChoice } = this.#parts.inputs();
    const label = decodedLabel({
      label: { value: this.#label },
      labelChoice: { value: labelChoice },
      inference: { value: inference },
    });
    return this.#call("decode_posterior", { z: Float32Array.from(z), label }).catch(() => null);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#parts.client.close(this.#column);
  }

  get #isWanted() {
    return !this.#closed && this.#parts.inputs().open;
  }

  /** Whether there are weights to take now. */
  get #isDue() {
    return this.#later && this.#timer === null;
  }

  /** {image, label}, the image being null where nothing is drawn. */
  get #wanted() {
    return { image: this.#parts.inputs().inference?.framed ?? null, label: this.#label };
  }

  get #label() {
    return labelFor(this.shown.description.model, this.#parts.inputs().labelChoice);
  }

  #work = latest(async () => {
    if (!this.#isWanted) return;
    try {
      const begun = performance.now();
      await this.#load();
      await this.#integrate(begun);
      if (this.shown.trouble) this.#write({ trouble: null });
    } catch (error) {
      this.#done = null;
      this.#write({ trouble: error, working: false });
    }
  });

  async #load() {
    const worker = await this.#parts.client.open();
    if (worker === this.#worker && !this.#isDue) return;
    this.#later = false;
    const { bytes, step } = await this.#parts.weights();
    const description = await worker.call("open_posterior", { column: this.#column, weights: bytes });
    this.#worker = worker;
    this.#done = null;
    this.#write({ description, step });
  }

  /** On the first lattice in any case, so that the view follows a pen that never rests; on finer ones until there is something newer. */
  async #integrate(begun) {
    const wanted = this.#wanted;
    if (!wanted.image) {
      this.#done = null;
      return this.#write({ view: null, working: false });
    }
    if (isSame(this.#done, wanted)) return;
    this.#write({ working: true });
    await this.#call("begin_posterior", wanted);
    for (let more = true, first = true; more; ) {
      const answer = await this.#call("advance_posterior", {});
      more = answer.more;
      if (answer.view) {
        const now = performance.now();
        this.#due = Math.max(begun + PERIOD_MS, now + (SHARE - 1) * (now - begun));
        this.#write({ view: answer.view });
        first = false;
      }
      const isOld = this.#isDue || this.#parts.inputs().training || !isSame(wanted, this.#wanted);
      if (!this.#isWanted || (!first && isOld)) return;
    }
    this.#done = wanted;
    this.#write({ working: false });
  }

  #call(action, args) {
    return this.#worker.call(action, { column: this.#column, ...args });
  }

  #write(change) {
    if (this.#closed) return;
    this.shown = { ...this.shown, ...change };
    this.#parts.changed();
  }
}

function isSame(a, b) {
  return (
    a?.label === b.label &&
    a.image.length === b.image?.length &&
    a.image.every((pixel, k) => pixel === b.image[k])
  );
}
