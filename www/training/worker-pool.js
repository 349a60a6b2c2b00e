// Workers with a wasm module for training. One of each module may be opened in advance, so that training can start without a network.

import { sentence } from "../messages/failure.js";
import { WorkerClient } from "../worker/worker-client.js";
import { cpuModule } from "./cpu-module.js";

export class WorkerPool {
  /** Why workers on the GPU leave subgroups off, a sentence, or null. */
  withoutSubgroups = null;
  /** Why training on the CPU has one thread although it could have several, a sentence, or null. */
  withoutThreads = null;
  #cpuModule;
  #open;
  #spare = {};

  /** `module`: that of training on the CPU, as long as its threads work; `open(module, options)`: a WorkerClient. */
  constructor({ module = cpuModule(), open = (...asked) => new WorkerClient(...asked) } = {}) {
    this.#cpuModule = module;
    this.#open = open;
  }

  /** Opens a worker of `module` ("cpu", "gpu" or "threads") in advance, if none is waiting; resolves when its module is loaded. */
  prepare(module) {
    if (this.#spare[module]) return this.#spare[module].opened;
    const client = this.#open(module);
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
    return spare && !spare.closed ? spare : this.#open(module); // a waiting worker may have failed
  }

  /** Opens a worker for training on the CPU in advance. */
  async prepareCpu() {
    const module = this.#cpuModule;
    try {
      await this.prepare(module);
    } catch (error) {
      if (module === "cpu") throw error;
      this.giveUpThreads(error);
      await this.prepare("cpu");
    }
  }

  /**
   * Resolves to {client, threads, withoutThreads}: an open worker for training on the CPU, how many threads it has, and `withoutThreads` as above. Where the
   * module with threads cannot be had, it is the one without.
   */
  async openCpu() {
    const module = this.#cpuModule;
    const client = this.take(module);
    try {
      const { threads } = await client.opened;
      return { client, threads, withoutThreads: this.withoutThreads };
    } catch (error) {
      client.close();
      if (module === "cpu") throw error;
      this.giveUpThreads(error);
      return this.openCpu();
    }
  }

  /** From now on training on the CPU has one thread, because of `failure`. */
  giveUpThreads(failure) {
    if (this.#cpuModule === "cpu") return;
    this.#cpuModule = "cpu";
    this.withoutThreads = sentence(failure);
  }

  /** The module of training on the CPU. */
  get cpuModule() {
    return this.#cpuModule;
  }

  /** A worker on the GPU that leaves subgroups off. */
  takePlain() {
    return this.#open("gpu", { plain: true });
  }
}
