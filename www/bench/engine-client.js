// The page's side of one engine's worker.

import { Caller } from "../worker/rpc.js";

/** The slowest known call, four convolutional steps on a software adapter, takes three minutes. */
const PATIENCE_MS = 240_000;

export class Contestant {
  #worker;
  #caller;

  constructor(engine) {
    this.engine = engine;
    const address = new URL(`./bench-worker.js?engine=${engine}`, import.meta.url);
    this.#worker = new Worker(address, { type: "module", name: engine });
    this.#caller = new Caller(this.#worker);
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.close(event.message || "Its script could not be loaded.");
    });
  }

  /** One of the worker's actions; rejects with a sentence when the worker fails or is closed. */
  async call(action, args) {
    const seconds = PATIENCE_MS / 1000;
    const timer = setTimeout(() => this.close(`It has not answered for ${seconds} s.`), PATIENCE_MS);
    try {
      return await this.#caller.call(action, args);
    } finally {
      clearTimeout(timer);
    }
  }

  close(reason = "It was stopped.") {
    this.#worker.terminate();
    this.#caller.close(new Error(reason));
  }
}
