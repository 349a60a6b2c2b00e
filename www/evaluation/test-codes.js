// Test images encoded by the model evaluated, for the panel that compares the drawing with them.

import { Superseded } from "./evaluation-client.js";

const COUNT = 2000; // test images encoded, from the first
const FIRST_USED = 200; // the drawing is compared with no fewer

const NONE = { encoded: 0, progress: null, trouble: null };

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

  /** Encodes the test images while the panel is open; continues where it stopped. */
  async encode() {
    const model = this.#model;
    if (!model || !this.#isOpen || this.#encoding === model) return;
    this.#encoding = model;
    this.#write({ trouble: null });
    try {
      await this.#client.encode(
        model,
        Math.min(COUNT, this.#state.dataset.peek().test),
        (piece) => this.#take(piece),
        () => this.#isOpen,
      );
    } catch (error) {
      if (!(error instanceof Superseded)) this.#write({ trouble: error, progress: null });
    } finally {
      if (this.#encoding === model) this.#encoding = null;
    }
  }

  get #isOpen() {
    return this.#state.open.value.nearest;
  }

  /** The drawing is compared anew when their number has doubled, and at the end. */
  #take({ done, of }) {
    const { encoded } = this.#state.testCodes.value;
    const usable = done === of || done >= Math.max(FIRST_USED, 2 * encoded);
    this.#write({ progress: { done, of }, ...(usable ? { encoded: done } : {}) });
  }

  #write(change) {
    const { testCodes } = this.#state;
    testCodes.value = { ...testCodes.value, ...change };
  }
}
