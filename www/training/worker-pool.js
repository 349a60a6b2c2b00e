// Workers with a wasm module for training. One of each module may be opened in advance, so that training can start without a network.

import { WorkerClient } from "../worker/worker-client.js";

export class WorkerPool {
  /** Why workers on the GPU leave subgroups off, a sentence, or null. */
  withoutSubgroups = null;
  #spare = {};

  /** Opens a worker of `module` ("cpu" or "gpu") in advance, if none is waiting; resolves when its module is loaded. */
  prepare(module) {
    if (this.#spare[module]) return this.#spare[module].opened;
    const client = new WorkerClient(module);
    this.#spare[module] = client;
    return client.opened.catch((error) => {
      client.close();
      if (this.#spare[module] === client) delete this.#spare[module];
      throw error;
    });
  }

  /** A worker of `module` for the caller alone, who closes it; its module may still be loading. */
  take(module) {
    if (module === "gpu" && this.withoutSubgroups) return this.takePlain();
    const spare = this.#spare[module];
    delete this.#spare[module];
    return spare && !spare.closed ? spare : new WorkerClient(module); // a waiting worker may have failed
  }

  /** A worker on the GPU that leaves subgroups off. */
  takePlain() {
    return new WorkerClient("gpu", { plain: true });
  }
}
