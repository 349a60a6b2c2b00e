// The page's side of one worker: calls by name, and what happens when the worker dies.

import { Caller } from "./rpc.js";

/** The worker itself is gone (a trap, a lost graphics processor, a script that did not load), not just one call. */
export class LabLost extends Error {
  name = "LabLost";
}

/** A worker that has not answered for this long is given up: a lost device may never answer. Compiling kernels takes up to 20 s. */
const PATIENCE_MS = 120_000;

export class Lab {
  closed = false;
  #worker;
  #caller;

  /** `module`: "cpu" or "gpu", the wasm module that the worker owns; `plain`: without what not every graphics adapter has. */
  constructor(module, { plain = false } = {}) {
    this.module = module;
    const address = `./worker.js?module=${module}${plain ? "&plain" : ""}`;
    this.#worker = new Worker(new URL(address, import.meta.url), {
      type: "module",
      name: module,
    });
    this.#caller = new Caller(this.#worker);
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.close(event.message || "its script could not be loaded");
    });
    this.#worker.addEventListener("messageerror", () => this.close("a message could not be read"));
    this.opened = this.call("open");
    this.opened.catch(() => {}); // whoever uses the lab awaits it again
  }

  async call(action, args, transfer) {
    const timer = setTimeout(
      () => this.close(`it has not answered "${action}" for ${PATIENCE_MS / 1000} s`),
      PATIENCE_MS,
    );
    try {
      return await this.#caller.call(action, args, transfer);
    } catch (error) {
      if (error.name === "RuntimeError") this.close(error.message); // a wasm trap leaves the module unusable
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  close(reason = "it was closed") {
    this.closed = true;
    this.#worker.terminate();
    this.#caller.close(new LabLost(`The worker stopped: ${reason}.`));
  }
}
