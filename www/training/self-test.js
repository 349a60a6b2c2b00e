// Whether a GPU computes correctly: one training step, compared with the CPU's.

import { Failure, sentence } from "../messages/failure.js";
import { cpuBecause } from "./device.js";

/**
 * Largest relative difference of the first gradients between the GPU and the CPU. Summation order and fast exponentials in
 * single precision give about 1e-4; a kernel that was silently skipped gives about 1.
 */
const LIMIT = 1e-2;

/** Resolves to the client once its WebGPU module is loaded. */
export async function openedGpu(client) {
  await client.opened.catch((cause) => {
    throw new Failure("webgpu_module_not_loaded", { reason: sentence(cause) }, { cause });
  });
  return client;
}

/**
 * Trains one step on the twenty `digits` (raw [images, labels]) with `client` and with `reference`, a worker on the CPU; fails with
 * "self_test_differs" where their gradients differ.
 */
export async function selfTest({ client, reference, options, digits, viewer }) {
  const firstStep = async (each) => {
    await each.call("create", { options, data: [...digits, ...digits] });
    await each.call("train", { steps: 1 });
    return each.call("checkpoint", { resume: true });
  };
  const [a, b] = await Promise.all([firstStep(client), firstStep(reference)]);
  const { name, relative } = await viewer.call("largest_difference", { a, b });
  if (!(relative <= LIMIT))
    throw new Failure("self_test_differs", { tensor: name, percent: (100 * relative).toPrecision(2) });
}

/** The CPU, because this graphics adapter failed. */
export function cpuInsteadOf({ adapter }, error) {
  return cpuBecause("gpu_failed", { adapter, reason: sentence(error) });
}
