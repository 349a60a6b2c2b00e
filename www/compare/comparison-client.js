// The worker that compares models, opened with the test images when it is first needed, and again where it was lost.

import { isDamagedData } from "../data-sets/idx-files.js";
import { buffersOf } from "../data-sets/training-files.js";

export class ComparisonClient {
  #references;
  #dataSets;
  #source = null; // whose test images the worker has
  #openWorker;
  #worker = null;
  #opening = null; // a promise of that worker with the test images

  /** `dataSets` gives the test images of the present set, `openWorker()` a worker; the signal `references` takes what every loss is compared with. */
  constructor({ dataSets, openWorker, references }) {
    this.#references = references;
    this.#dataSets = dataSets;
    this.#openWorker = openWorker;
  }

  /** Resolves to a worker that has the test images: the same one as long as it lives, and the data set is the same. */
  open() {
    const { present } = this.#dataSets;
    if (!this.#opening || this.#worker.closed || this.#source !== present) {
      this.#worker?.close();
      this.#source = present;
      this.#worker = this.#openWorker();
      this.#opening = this.#fill(this.#worker, present);
      this.#opening.catch(() => {
        this.#opening = null;
      });
    }
    return this.#opening;
  }

  /** The column is not needed any more. */
  close(column) {
    if (this.#opening && !this.#worker.closed) this.#worker.call("close_column", { column }).catch(() => {}); // a lost worker has no columns
  }

  async #fill(worker, source) {
    try {
      const [test] = await Promise.all([this.#dataSets.test(), worker.opened]);
      this.#references.value = await worker.call("open_comparison", { test }, buffersOf(test));
    } catch (error) {
      worker.close();
      if (isDamagedData(error)) await source.forgetTest();
      throw error;
    }
    source.keepTest();
    return worker;
  }
}
