// A thread of the module with shared memory. It instantiates the module of the worker that has started it, with the same memory, says so,
// and shares the loops of that worker's trainer until it is ended.

import { loadScript } from "./files/load-script.js";
import { moduleFile } from "./urls.js";

const SCRIPT = "latent_lab.js";
/** Bytes, as the first thread has by the linker. */
const STACK = 2 ** 20;

self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  self.reportError(event.reason);
});

self.addEventListener(
  "message",
  async ({ data: { module, memory } }) => {
    const wasm = await loadScript(moduleFile("threads", SCRIPT), SCRIPT);
    await wasm.default({ module_or_path: module, memory, thread_stack_size: STACK });
    self.postMessage("ready");
    try {
      wasm.serve_as_thread();
    } catch (error) {
      wasm.thread_failed(); // or the trainer would wait for it for ever
      throw error;
    }
  },
  { once: true },
);
