// Threads of the module with shared memory: workers of this worker, each with the same module and memory.

import { Failure } from "../messages/failure.js";
import { threadScript } from "../urls.js";

/** More gain little: a training step is a dozen loops of a tenth of a millisecond to one. */
const MOST = 8;

/** How many threads train, with that of the trainer's worker. */
export function threadCount({ hardwareConcurrency } = globalThis.navigator ?? {}) {
  return Math.min(MOST, hardwareConcurrency || 1);
}

/** Held on to, because Firefox collects workers that share memory and that nothing refers to (bugzilla 1702191). They end with this worker. */
const workers = [];

/** Starts the other threads for the exports `wasm` of the module; resolves to how many there are with this one. */
export async function startThreads(wasm) {
  const count = threadCount();
  const [module, memory] = wasm.instance();
  await Promise.all(Array.from({ length: count - 1 }, () => startThread({ module, memory })));
  return count;
}

function startThread(instance) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadScript, { type: "module", name: "thread" });
    workers.push(worker);
    worker.addEventListener("message", resolve);
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const { message } = event;
      reject(message ? new Failure("thread_failed", { reason: message }) : new Failure("thread_not_loaded"));
    });
    worker.postMessage(instance);
  });
}
