// The worker that compares models, opened with the test images when it is first needed, and again where it was lost.

import { isDamagedData } from "../data-sets/idx-files.js";

export class ComparisonClient {
  #references;
  #dataset;
  #openWorker;
  #worker = null;
  #opening = null; // a promise of that worker with the test images

  /** `dataset` gives the test images, `openWorker()` a worker; the signal `references` takes what every loss is compared with. */
  constructor({ dataset, openWorker, references }) {
    this.#references = references;
    this.#dataset = dataset;
    this.#openWorker = openWorker;
  }

  /** Resolves to a worker that has the test images: the same one as long as it lives. */
  open() {
    if (!this.#opening || this.#worker.closed) {
      this.#worker = this.#openWorker();
      this.#opening = this.#fill(this.#worker);
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

  async #fill(worker) {
    try {
      const [[images, labels]] = await Promise.all([this.#dataset.test(), worker.opened]);
      const transfer = [images.buffer, labels.buffer];
      this.#references.value = await worker.call("open_comparison", { images, labels }, transfer);
    } catch (error) {
      worker.close();
      if (isDamagedData(error)) await this.#dataset.forgetTest();
      throw error;
    }
    this.#dataset.keepTest();
    return worker;
  }
}
