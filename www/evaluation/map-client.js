// Asks the evaluator's worker for maps: the test images, and what else is seen, in a plane of latent space.

import { isDamagedData } from "../data-sets/idx-files.js";
import { buffersOf } from "../data-sets/training-files.js";

export class MapClient {
  #dataSets;
  #source = null; // whose images these are
  #openWorker;
  #worker = null; // that has the test images

  /** `dataSets` gives the test images of the present set; `openWorker()` the worker, another one where it was lost. */
  constructor({ dataSets, openWorker }) {
    this.#dataSets = dataSets;
    this.#openWorker = openWorker;
  }

  /** Whether the images have to be encoded anew, because the worker that had them is lost, or another data set is the present one. */
  get isLost() {
    return !this.#worker || this.#worker.closed || this.#source !== this.#dataSets.present;
  }

  /** From now on `weights`, bytes that are handed over, encode the images; none is encoded yet. */
  async load(weights) {
    const worker = this.#openWorker();
    const { present } = this.#dataSets;
    if (worker === this.#worker && present === this.#source)
      return worker.call("replace_map", { weights }, [weights.buffer]);
    try {
      const [test] = await Promise.all([this.#dataSets.test(), worker.opened]);
      await worker.call("open_map", { test, weights }, [...buffersOf(test), weights.buffer]);
    } catch (error) {
      if (isDamagedData(error)) await present.forgetTest();
      throw error;
    }
    this.#worker = worker;
    this.#source = present;
    present.keepTest();
  }

  /** Encodes the next few of the first `count` test images: {done, of}. */
  encode(count) {
    return this.#worker.call("encode_map", { count });
  }

  /** The picture [784] of the test image at `index`. */
  picture(index) {
    return this.#worker.call("map_picture", { index });
  }

  /** How often the encoded images use each code of each codebook, the top one first: [{counts [C], perplexity}]. */
  codeUsage() {
    return this.#worker.call("code_usage");
  }

  /**
   * The encoded images in the plane of two `components`, or of the principal components where there are none, turned towards the
   * directions `before` [2 * Z]: {places [n * 2], labels [n] or null, across [Z], upwards [Z], share, variances [Z], contours}.
   */
  view({ components, before }) {
    return this.#worker.call("view_map", { components, before });
  }
}
