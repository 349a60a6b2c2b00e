// Asks the evaluator's worker for maps: the test images, and what else is seen, in a plane of latent space.

import { isDamagedData } from "../data-sets/idx-files.js";

export class MapClient {
  #dataset;
  #openWorker;
  #worker = null; // that has the test images

  /** `dataset` gives the test images; `openWorker()` the worker, another one where it was lost. */
  constructor({ dataset, openWorker }) {
    this.#dataset = dataset;
    this.#openWorker = openWorker;
  }

  /** Whether the images have to be encoded anew, because the worker that had them is lost. */
  get isLost() {
    return !this.#worker || this.#worker.closed;
  }

  /** From now on `weights`, bytes that are handed over, encode the images; none is encoded yet. */
  async load(weights) {
    const worker = this.#openWorker();
    if (worker === this.#worker) return worker.call("replace_map", { weights }, [weights.buffer]);
    try {
      const [[images, labels]] = await Promise.all([this.#dataset.test(), worker.opened]);
      await worker.call("open_map", { images, labels, weights }, [images.buffer, weights.buffer]);
    } catch (error) {
      if (isDamagedData(error)) await this.#dataset.forgetTest();
      throw error;
    }
    this.#worker = worker;
    this.#dataset.keepTest();
  }

  /** Encodes the next few of the first `count` test images: {done, of}. */
  encode(count) {
    return this.#worker.call("encode_map", { count });
  }

  /** How often the encoded images use each code of a codebook: {counts [C], perplexity}. */
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
