// The ten losses of `tests/ten-losses.json`, which hold every device of every browser.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

/** The loss of each step. */
export const PINNED = JSON.parse(await readFile(new URL("../ten-losses.json", import.meta.url), "utf8"));

/** Trains ten steps in a worker of its own, on the module "cpu", "gpu" or "threads": {device, losses}. */
export function tenLosses(page, module) {
  return page.evaluate(async (name) => {
    const { WorkerClient } = await import(new URL("worker/worker-client.js", location.href));
    const { MNIST } = await import(new URL("data-sets/shipped.js", location.href));
    const { shippedFiles } = await import(new URL("data-sets/shipped-files.js", location.href));
    const { trainingFiles } = await import(new URL("data-sets/training-files.js", location.href));
    const options = {
      model: { latent: 20, hidden: 400 },
      train: { seed: 11, batch: 32, learning_rate: 1e-3, beta: 1, epochs: 1 },
    };
    const client = new WorkerClient(name);
    const { device } = await client.call("create", {
      options,
      data: trainingFiles(MNIST, await shippedFiles(MNIST).raw()),
    });
    const { losses } = await client.call("train", { steps: 10 });
    client.close();
    return { device, losses };
  }, module);
}

/** The losses are those of the native library, within rounding. */
export function assertPinned(losses) {
  assert.equal(losses.length, PINNED.length);
  for (const [i, expected] of PINNED.entries()) {
    const { total } = losses[i];
    assert.ok(Math.abs(total / expected - 1) < 1e-4, `step ${i + 1}: ${total}, natively ${expected}`);
  }
}
