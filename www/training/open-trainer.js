// Opens trainers: on the device that the settings ask for, a GPU only after its self-test, else on the CPU.

import { chooseDevice, cpuBecause } from "./device.js";
import { DeviceBenchmark } from "./device-benchmark.js";
import { cpuInsteadOf, openedGpu, selfTest } from "./self-test.js";
import { WorkerPool } from "./worker-pool.js";

export class Trainers {
  #viewer;
  #digits;
  #software;
  #pool;
  #benchmark;

  /** `digits`: the sample digits as raw [images, labels]; `software`: whether a software adapter is measured as well. */
  constructor({ viewer, digits, software = false, pool = new WorkerPool() }) {
    this.#viewer = viewer;
    this.#digits = digits;
    this.#software = software;
    this.#pool = pool;
    this.#benchmark = new DeviceBenchmark({ pool, viewer, digits, software });
  }

  /** Loads the modules that training on `wanted` will need; the self-test and the fallback need the CPU's as well. */
  async prepare(wanted) {
    const { kind } = await chooseDevice(wanted, { software: this.#software });
    const modules = kind === "cpu" ? ["cpu"] : wanted === "gpu" ? ["gpu", "cpu"] : ["cpu", "gpu"];
    for (const module of modules) await this.#pool.prepare(module);
  }

  /**
   * Resolves to {client, device}: a worker in which `create` with these options makes a trainer. It is on the CPU unless "gpu" is
   * `wanted`: "auto" begins there while the devices are measured. `phase(key)` is called with what is being done.
   */
  async open({ wanted, options, phase }) {
    phase("adapter");
    const chosen = await chooseDevice(wanted, { software: this.#software });
    if (chosen.kind === "gpu" && wanted !== "auto") {
      try {
        return { client: await this.#openGpu(options, phase), device: chosen };
      } catch (error) {
        return this.#openCpu(cpuInsteadOf(chosen, error), phase);
      }
    }
    const measured = cpuBecause("being_measured", { adapter: chosen.adapter });
    return this.#openCpu(chosen.kind === "gpu" ? measured : chosen, phase);
  }

  /** As `DeviceBenchmark.fasterDevice`. */
  fasterDevice(work) {
    return this.#benchmark.fasterDevice(work);
  }

  async #openCpu(device, phase) {
    phase("cpu_module");
    const client = this.#pool.take("cpu");
    await client.opened;
    return { client, device };
  }

  async #openGpu(options, phase) {
    const client = this.#pool.take("gpu");
    try {
      phase("webgpu_module");
      await openedGpu(client);
      phase("kernels");
      await this.#withReference((reference) =>
        selfTest({ client, reference, options, digits: this.#digits, viewer: this.#viewer }),
      );
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** A second worker, on the CPU, for the length of `use`. */
  async #withReference(use) {
    const reference = this.#pool.take("cpu");
    try {
      await reference.opened;
      return await use(reference);
    } finally {
      reference.close();
    }
  }
}
