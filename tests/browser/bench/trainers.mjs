// The trainers of both modules in a page that does nothing else: steps and memory.

import { openIdle } from "../page.mjs";
import { residentMemory } from "./resident-memory.mjs";
import { report } from "./results.mjs";

export async function cpuTraining({ page, origin, browser }) {
  await openTrainer({ page, origin }, "cpu");
  report("CPU module, first step of 128", await trainFor(page, 1, 1), "ms");
  await trainFor(page, 19, 1);
  report("CPU module, step of 128", await trainFor(page, 180, 2), "ms", "<= 40");
  const [wasm, resident] = [await wasmMemory(page, "cpu"), await residentMemory(browser, "renderer")];
  await trainFor(page, 1800, 2);
  report("CPU module, wasm memory after 200 steps", wasm, "MiB");
  report("CPU module, wasm memory after 2000 steps", await wasmMemory(page, "cpu"), "MiB", "+10 %");
  report("CPU module, process after 200 steps", resident, "MiB");
  report("CPU module, process after 2000 steps", await residentMemory(browser, "renderer"), "MiB", "+10 %");
}

export async function gpuTraining({ page, origin, browser }) {
  await openTrainer({ page, origin }, "gpu");
  report("GPU module on SwiftShader, first step of 128", await trainFor(page, 1, 1), "ms");
  await trainFor(page, 2, 1);
  report("GPU module on SwiftShader, step of 128", await trainFor(page, 8, 2), "ms");
  const [wasm, resident] = [await wasmMemory(page, "gpu"), await residentMemory(browser, "GPU")];
  await trainFor(page, 20, 2);
  report("GPU module, wasm memory after 11 steps", wasm, "MiB");
  report("GPU module, wasm memory after 31 steps", await wasmMemory(page, "gpu"), "MiB");
  report("GPU module, GPU process after 11 steps", resident, "MiB");
  report("GPU module, GPU process after 31 steps", await residentMemory(browser, "GPU"), "MiB");
}

/** Opens a trainer of one module in a worker of its own, in a page that does nothing else. */
async function openTrainer({ page, origin }, module) {
  await openIdle({ page, origin });
  await page.evaluate(async (name) => {
    const { WorkerClient } = await import(new URL("worker/worker-client.js", location.href));
    const { MNIST } = await import(new URL("data-sets/shipped.js", location.href));
    const { shippedFiles } = await import(new URL("data-sets/shipped-files.js", location.href));
    const { trainingFiles } = await import(new URL("data-sets/training-files.js", location.href));
    const train = { seed: 1, batch: 128, learning_rate: 1e-3, beta: 1, epochs: 100 };
    globalThis.client = new WorkerClient(name);
    await globalThis.client.call("create", {
      options: { model: { latent: 20, hidden: 400 }, train },
      data: trainingFiles(MNIST, await shippedFiles(MNIST).raw()),
    });
  }, module);
}

/** Milliseconds per step over `steps` steps, requested `chunk` at a time, as the page does. */
function trainFor(page, steps, chunk) {
  return page.evaluate(
    async ([all, each]) => {
      const begun = performance.now();
      for (let done = 0; done < all; done += each) await globalThis.client.call("train", { steps: each });
      return (performance.now() - begun) / all;
    },
    [steps, chunk],
  );
}

/** The worker's wasm memory: importing the module again gives the one that already runs. */
function wasmMemory(page, module) {
  return page.workers()[0].evaluate(async (name) => {
    const { default: init } = await import(new URL(`./pkg/${name}/latent_lab.js`, location.href));
    return (await init()).memory.buffer.byteLength / 2 ** 20;
  }, module);
}
