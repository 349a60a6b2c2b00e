// The page's side of a worker that runs one engine.

import { Failure } from "../messages/failure.js";
import { engineWorker } from "../urls.js";
import { afterAwake } from "../worker/awake-timer.js";
import { Caller } from "../worker/rpc.js";

/** The slowest known call, four convolutional steps on a software adapter, takes three minutes. */
const PATIENCE_MS = 240_000;

export class EngineClient {
  #worker;
  #caller;

  constructor(engine) {
    this.engine = engine;
    this.#worker = new Worker(engineWorker(engine), { type: "module", name: engine });
    this.#caller = new Caller(this.#worker);
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      const { message } = event;
      this.close(
        message ? new Failure("bench_engine_failed", { reason: message }) : new Failure("worker_not_loaded"),
      );
    });
  }

  /** One of the worker's actions; rejects when the worker fails, is silent for too long or is closed. */
  async call(action, args) {
    const silent = new Failure("worker_silent", { action, seconds: PATIENCE_MS / 1000 });
    const answered = afterAwake(PATIENCE_MS, () => this.close(silent));
    try {
      return await this.#caller.call(action, args);
    } finally {
      answered();
    }
  }

  close(reason = new Failure("bench_stopped")) {
    this.#worker.terminate();
    this.#caller.close(reason);
  }
}
