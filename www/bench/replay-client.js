// The page's side of the worker that replays a run's batches and noise.

import { Failure } from "../messages/failure.js";
import { replayWorker } from "../urls.js";
import { Caller } from "../worker/rpc.js";

export class ReplayClient {
  #worker = new Worker(replayWorker, { type: "module" });
  #caller = new Caller(this.#worker);

  constructor() {
    this.#worker.addEventListener("error", ({ message }) =>
      this.#caller.close(
        message ? new Failure("worker_failed", { reason: message }) : new Failure("worker_not_loaded"),
      ),
    );
  }

  /** The presets of the wasm module: `[{ name, model, train }]`. */
  presets() {
    return this.#caller.call("presets");
  }

  /** `{ weights, batches }` of the run that `options` describe, for `steps` steps on the training images (IDX bytes). */
  replay(options, steps, images) {
    return this.#caller.call("replay", { options, steps, images });
  }

  close() {
    this.#worker.terminate();
    this.#caller.close(new Failure("worker_closed"));
  }
}
