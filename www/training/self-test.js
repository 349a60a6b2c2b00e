// Whether a GPU computes correctly: one training step, compared with the CPU's.

import { Failure, sentence } from "../messages/failure.js";
import { hasIndices } from "../settings/schema.js";

/**
 * Largest relative difference of the first gradients between the GPU and the CPU. Rounding gives up to 4e-5 (the presets, with new and with
 * trained weights), noise of 1 % in what is uploaded 9e-2, and a kernel that was silently skipped about 1. A code's index that the
 * devices round to different sides changes the gradient by a few per cent.
 */
const LIMIT = 1e-2;
const INDEX_LIMIT = 0.1;
/**
 * Seeds with which a model whose codes are indices may agree. How much a code changes that lies between two vectors depends on the weights: with those
 * moved by 1e-5 of their size, the first gradients of `vq` on the CPU alone move by 5e-5 to 5e-2, seed by seed. A device that computes wrongly does so
 * for all.
 */
const INDEX_SEEDS = 3;

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
  const { model, train } = options;
  const firstStep = async (each, seed) => {
    await each.call("create", { options: { ...options, train: { ...train, seed } }, data: examples });
    await each.call("train", { steps: 1 });
    return each.call("checkpoint", { resume: true });
  };
  let difference = null;
  for (let n = 0; n < (hasIndices(model) ? INDEX_SEEDS : 1); n++) {
    const seed = train.seed < n ? train.seed + n : train.seed - n; // another one each time, within the limits
    const [gpu, cpu] = await Promise.all([client, reference].map((each) => firstStep(each, seed)));
    difference = await gradientDifference(viewer, { cpu, gpu, model });
    if (!difference) return;
    if (difference.percent === null) throw new Failure("self_test_not_finite", { tensor: difference.tensor });
  }
  throw new Failure("self_test_differs", difference);
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
