// Test images encoded by the model evaluated, for the panels that show them.

import { Superseded } from "./evaluation-client.js";

const COUNT = 2000; // test images encoded, from the first

const NONE = { codes: null, digits: null, progress: null, trouble: null };

export class TestCodes {
  #state;
  #client;
  #model = null;
  #encoding = null; // the model whose test images are being encoded

  constructor({ state, client }) {
    this.#state = state;
    this.#client = client;
  }

  /** From now on the codes are those of `model`. */
  setModel(model) {
    this.#model = model;
    this.#state.testCodes.value = NONE;
  }

  /** Encodes the test images while a panel is open; continues where it stopped. */
  async encode() {
    const model = this.#model;
    if (!model || !this.#anyOpen || this.#encoding === model) return;
    this.#encoding = model;
    this.#write({ trouble: null });
    try {
      await this.#client.encode(
        model,
        COUNT,
        (piece) => this.#take(piece),
        () => this.#anyOpen,
      );
    } catch (error) {
      if (!(error instanceof Superseded)) this.#write({ trouble: error, progress: null });
    } finally {
      if (this.#encoding === model) this.#encoding = null;
    }
  }

  get #anyOpen() {
    const { plane, nearest } = this.#state.open.value;
    return plane || nearest;
  }

  #take({ done, of, mean, digits }) {
    this.#write({ progress: { done, of }, ...(mean ? { codes: mean, digits } : {}) });
  }

  #write(change) {
    const { testCodes } = this.#state;
    testCodes.value = { ...testCodes.value, ...change };
  }
}
