// Opens a worker on the GPU that has passed the self-test: with the subgroups of the adapter where it has them, else without.

import { Failure, sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { openedGpu, selfTest } from "./self-test.js";

/**
 * Resolves to {client, without}: an open worker, and why it leaves the adapter's subgroups off, a sentence, or null. `reference`: a worker on the CPU;
 * `options`, `examples` and `viewer` as in self-test.js; `phase(key)` is called with what is being done.
 */
export async function openTestedGpu({ pool, phase = () => {}, ...test }) {
  const first = pool.take("gpu");
  let subgroups = false;
  try {
    phase("webgpu_module");
    subgroups = (await openedGpu(first)).subgroups;
    phase("kernels");
    await selfTest({ client: first, ...test });
    return { client: first, without: pool.withoutSubgroups };
  } catch (error) {
    first.close();
    if (!subgroups) throw error;
    return withoutSubgroups(pool, test, error);
  }
}

async function withoutSubgroups(pool, test, failure) {
  const client = pool.takePlain();
  try {
    await openedGpu(client);
    await selfTest({ client, ...test });
  } catch (error) {
    client.close();
    const reasons = { first: sentence(failure), second: sentence(error) };
    throw new Failure("fails_without_subgroups", reasons, { cause: error });
  }
  pool.withoutSubgroups = sentence(failure);
  return { client, without: pool.withoutSubgroups };
}

/** The device as it is used: `without` as above. */
export function usedGpu(gpu, without) {
  if (!without) return gpu;
  const reason = gpu.reason ?? { kind: "without_subgroups", values: { reason: without } };
  return { ...gpu, adapter: text("training.adapter_without_subgroups", { adapter: gpu.adapter }), reason };
}
