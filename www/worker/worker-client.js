// The page's side of one worker with a wasm module: calls by name, and what happens when the worker dies.

import { Failure } from "../messages/failure.js";
import { isReplaced } from "../site-version.js";
import { workerScript } from "../urls.js";
import { afterAwake } from "./awake-timer.js";
import { isOutOfMemory, isPanic } from "./module-deaths.js";
import { Caller } from "./rpc.js";

/** A worker that has not answered for this long awake is closed: a lost device may never answer. Compiling kernels takes up to 20 s. */
const PATIENCE_MS = 120_000;

export class WorkerClient {
  closed = false;
  #patience;
  #worker;
  #caller;

  /** `module`: "cpu", "gpu" or "threads", the wasm module that the worker owns; `plain`: optional features of the graphics adapter stay off; `patience` in ms, as above. */
  constructor(module, { plain = false, patience = PATIENCE_MS } = {}) {
    this.module = module;
    this.#patience = patience;
    this.#worker = new Worker(workerScript(module, plain), { type: "module", name: module });
    this.#caller = new Caller(this.#worker, (error) => this.close(error));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.close(event.message ? deathBy(event.message) : new Failure("worker_not_loaded"));
    });
    this.#worker.addEventListener("messageerror", () => this.close(new Failure("worker_message")));
    this.opened = this.call("open").catch(async (error) => {
      throw (await isReplaced()) ? new Failure("new_version") : error;
    });
    this.opened.catch(() => {}); // every user of the worker awaits it as well
  }

  async call(action, args, transfer) {
    const silent = () => this.close(new Failure("worker_silent", { action, seconds: this.#patience / 1000 }));
    const answered = afterAwake(this.#patience, silent);
    try {
      return await this.#caller.call(action, args, transfer);
    } catch (error) {
      if (error.kind || !isDeath(error)) throw error;
      const death = deathBy(error.message);
      this.close(death); // a wasm trap leaves the module unusable
      throw death;
    } finally {
      answered();
    }
  }

  /** Ends the worker; all pending and all later calls are rejected with `reason`. */
  close(reason = new Failure("worker_closed")) {
    this.closed = true;
    this.#worker.terminate();
    this.#caller.close(reason);
  }
}

function isDeath({ name, message }) {
  return name === "RuntimeError" || isPanic(message) || isOutOfMemory(message);
}

function deathBy(message) {
  return isOutOfMemory(message)
    ? new Failure("worker_out_of_memory")
    : new Failure("worker_failed", { reason: message });
}

/** Whether the worker itself is gone (a trap, a lost graphics device, a script that did not load), not just one call refused. */
export function isWorkerLost(error) {
  return Boolean(error?.kind?.startsWith("worker_"));
}
