// From "train" to a trainer that computes rightly: open the device that is asked for, test a GPU against the CPU, fall back with one sentence why.

import { chooseDevice, cpu } from "./device.js";
import { Lab } from "../worker/worker-client.js";

/**
 * Largest relative difference of the first gradients between the GPU and the CPU. Summation order and fast exponentials in
 * single precision give about 1e-4; a kernel that was silently skipped gives about 1.
 */
const SELF_TEST_LIMIT = 1e-2;

/** Opens labs; one of each module may wait ready, so that training can start after the network is gone. */
export class Labs {
  #spare = {};

  prepare(module) {
    if (this.#spare[module]) return this.#spare[module].opened;
    const lab = new Lab(module);
    this.#spare[module] = lab;
    return lab.opened.catch((error) => {
      lab.close();
      if (this.#spare[module] === lab) delete this.#spare[module];
      throw error;
    });
  }

  take(module) {
    const spare = this.#spare[module];
    delete this.#spare[module];
    return spare && !spare.closed ? spare : new Lab(module); // one may have died while it waited
  }
}

/**
 * Promises {lab, device}: an open worker in which `create` will give a working trainer. It is the CPU's unless "gpu" is `wanted`.
 * `digits` are the sample digits as [images, labels]; `phase(text)` is told what goes on.
 */
export async function openTrainer({ wanted, software = false, options, digits, labs, viewer, phase }) {
  phase("looking for a graphics adapter");
  const device = await chooseDevice(wanted, { software });
  const rivals = device.kind === "gpu" && wanted === "auto";
  if (rivals) device.reason = `It is being compared with ${device.name}.`;
  else if (device.kind === "gpu") {
    const lab = labs.take("gpu");
    try {
      phase("loading the WebGPU module");
      await openedGpu(lab);
      phase("compiling kernels");
      await withReference(labs, (reference) => selfTest({ lab, reference, options, digits, viewer }));
      return { lab, device };
    } catch (error) {
      lab.close();
      device.reason = failed(device, error);
    }
  }
  phase("loading the CPU module");
  const lab = labs.take("cpu");
  await lab.opened;
  return { lab, device: cpu(device.reason) };
}

/** A second CPU lab for the length of `use`. */
async function withReference(labs, use) {
  const reference = labs.take("cpu");
  try {
    await reference.opened;
    return await use(reference);
  } finally {
    reference.close();
  }
}

/** Promises the lab once its WebGPU module is there. */
export async function openedGpu(lab) {
  await lab.opened.catch((error) => {
    throw new Error(`the WebGPU module could not be loaded (${error.message})`);
  });
  return lab;
}

/** Why the CPU trains although there is an adapter. */
export function failed({ name }, error) {
  return `${name} was tried, but ${error.message.replace(/\.$/, "")}; so training runs on the CPU.`;
}

/** One training step on twenty digits, on the GPU and on the CPU, compared by their gradients. */
export async function selfTest({ lab, reference, options, digits, viewer }) {
  const firstStep = async (each) => {
    await each.call("create", { options, data: [...digits, ...digits] });
    await each.call("train", { steps: 1 });
    return each.call("checkpoint", { resume: true });
  };
  const [a, b] = await Promise.all([firstStep(lab), firstStep(reference)]);
  const { name, relative } = await viewer.call("largest_difference", { a, b });
  if (!(relative <= SELF_TEST_LIMIT)) {
    throw new Error(
      `its first step differs from the CPU's (${name} by ${(100 * relative).toPrecision(2)} %)`,
    );
  }
}
