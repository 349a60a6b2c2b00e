// Whether a GPU computes correctly: one training step, compared with the CPU's.

import { Failure, sentence } from "../messages/failure.js";
import { hasCodebook } from "../settings/schema.js";
import { cpuBecause } from "./device.js";

/**
 * Largest relative difference of the first gradients between the GPU and the CPU. Rounding gives up to 4e-5 (the presets, with new and with
 * trained weights), noise of 1 % in what is uploaded 9e-2, and a kernel that was silently skipped about 1. A code's index that the
 * devices round to different sides changes the gradient by a few per cent.
 */
const LIMIT = 1e-2;
const INDEX_LIMIT = 0.1;

/** Whether codes are indices, which the devices may round to different sides. */
export function hasIndices(model) {
  return hasCodebook(model) || model.posterior === "categorical";
}

/** Resolves to {subgroups}, whether the kernels use them, once the WebGPU module of `client` is loaded. */
export function openedGpu(client) {
  return client.opened.catch((cause) => {
    throw new Failure("webgpu_module_not_loaded", { reason: sentence(cause) }, { cause });
  });
}

/**
 * Trains one step on `examples`, files as in data-sets/training-files.js, with `client` and with `reference`, a worker on the CPU; fails with
 * "self_test_differs" or "self_test_not_finite" where their gradients differ.
 */
export async function selfTest({ client, reference, options, examples, viewer }) {
  const firstStep = async (each) => {
    await each.call("create", { options, data: examples });
    await each.call("train", { steps: 1 });
    return each.call("checkpoint", { resume: true });
  };
  const [gpu, cpu] = await Promise.all([firstStep(client), firstStep(reference)]);
  const difference = await gradientDifference(viewer, { cpu, gpu, model: options.model });
  if (!difference) return;
  const { tensor, percent } = difference;
  if (percent === null) throw new Failure("self_test_not_finite", { tensor });
  throw new Failure("self_test_differs", { tensor, percent });
}

/**
 * Resolves to null where the checkpoints `cpu` and `gpu` of the same first step have the same gradients within rounding; else to the `tensor`
 * that differs most, and by how many `percent`, as text, or null where it is not finite. `client`: a worker on the CPU.
 */
export async function gradientDifference(client, { cpu, gpu, model }) {
  const limit = hasIndices(model) ? INDEX_LIMIT : LIMIT;
  try {
    const { name, relative } = await client.call("largest_difference", { a: cpu, b: gpu });
    if (relative <= limit) return null;
    return { tensor: name, percent: Number.isFinite(relative) ? percentage(relative) : null };
  } catch (error) {
    if (error.kind !== "tensor_not_finite") throw error;
    return { tensor: error.values.tensor, percent: null };
  }
}

function percentage(relative) {
  return String(Number((100 * relative).toPrecision(2)));
}

/** The CPU, because this graphics adapter failed. */
export function cpuInsteadOf({ adapter }, error) {
  return cpuBecause("gpu_failed", { adapter, reason: sentence(error) });
}
