// Opens trainers: on the device that the settings ask for, a GPU only after its self-test, else on the CPU.

import { recallValue, remember, sessionStore } from "../keep/storage.js";
import { sentence } from "../messages/failure.js";
import { chooseDevice, cpuBecause, cpuInsteadOf } from "./device.js";
import { DeviceBenchmark } from "./device-benchmark.js";
import { WorkerPool } from "./worker-pool.js";

/** Under this key the tab remembers that the GPU and the CPU disagreed: {adapter, reason}. */
const DISAGREED = "latent-lab gpu disagreed";

export class Trainers {
  #viewer;
  #loadGpu;
  #gpu = null; // the exports of training-on-gpu.js, once they are loaded
  #software;
  #pool;
  #benchmark;
  #memory;

  /**
   * `loadGpu()` resolves to the exports of training-on-gpu.js; `software`: whether a software adapter is measured as well; `memory`: a Storage or null.
   */
  constructor({ viewer, loadGpu, software = false, pool = new WorkerPool(), memory = sessionStore() }) {
    this.#viewer = viewer;
    this.#loadGpu = async () => {
      this.#gpu = await loadGpu();
      return this.#gpu;
    };
    this.#software = software;
    this.#pool = pool;
    this.#memory = memory;
    this.#benchmark = new DeviceBenchmark({ pool, viewer, loadGpu: this.#loadGpu, software, memory });
  }

  /** Loads the modules that training on `wanted` will need; the self-test and the fallback need the CPU's as well. */
  async prepare(wanted) {
    const { kind } = await chooseDevice(wanted, { software: this.#software });
    if (kind === "gpu" && wanted === "gpu") {
      for (const module of ["gpu", "cpu"]) await this.#pool.prepare(module);
      return;
    }
    await this.#pool.prepareCpu();
    if (kind === "gpu") await this.#pool.prepare("gpu");
  }

  /**
   * Resolves to {client, device}: a worker in which `create` with these options makes a trainer. It is on the CPU unless "gpu" is
   * `wanted`: "auto" begins there while the devices are measured. `examples`: files of a few images, as in data-sets/training-files.js, with
   * which a GPU is tested; `phase(key)` is called with what is being done.
   */
  async open({ wanted, options, examples, phase }) {
    const distrusted = wanted === "auto" ? this.#distrusted : null;
    if (distrusted) return this.#openCpu(distrusted, phase);
    phase("adapter");
    const chosen = await chooseDevice(wanted, { software: this.#software });
    if (chosen.kind === "gpu" && wanted !== "auto") {
      try {
        return await this.#openGpu(chosen, { options, examples, phase });
      } catch (error) {
        return this.#openCpu(cpuInsteadOf(chosen, error), phase);
      }
    }
    if (chosen.kind === "cpu") return this.#openCpu(chosen, phase);
    const measured = cpuBecause("being_measured", { adapter: chosen.adapter });
    return this.#openCpu(measured, phase);
  }

  /** As `DeviceBenchmark.fasterDevice`. */
  async fasterDevice(work) {
    if (this.#distrusted) return { device: this.#distrusted, client: null };
    return this.#benchmark.fasterDevice(work);
  }

  /** The trainer of `client` as one whose checkpoints are compared with the CPU; null for one on the CPU. `files`: those of its data set; `examples` as above. */
  checked({ client, device, examples, files }) {
    if (device.kind === "cpu") return null; // else its worker was opened with what `#gpu` exports
    const openCpu = async () => {
      const cpu = this.#pool.take("cpu");
      await cpu.opened;
      return cpu;
    };
    return new this.#gpu.CheckedTrainer({ gpu: client, openCpu, examples, files });
  }

  /** This adapter computed something else than the CPU: from now on only a person who asks for the GPU gets it. */
  distrust({ adapter }, failure) {
    remember(this.#memory, DISAGREED, JSON.stringify({ adapter, reason: sentence(failure) }));
  }

  /** A thread of the trainer on the CPU has failed: from now on there is one. */
  giveUpThreads(failure) {
    this.#pool.giveUpThreads(failure);
  }

  /** The CPU, with the reason why the GPU is not used; null where it may be. */
  get #distrusted() {
    const known = recallValue(this.#memory, DISAGREED);
    return known && cpuBecause("gpu_disagreed", known);
  }

  async #openCpu(device, phase) {
    phase("cpu_module");
    const { client, ...threads } = await this.#pool.openCpu();
    return { client, device: { ...device, ...threads } };
  }

  async #openGpu(gpu, test) {
    const { openTestedGpu, usedGpu } = await this.#loadGpu();
    const reference = this.#pool.take("cpu");
    try {
      await reference.opened;
      const shared = { pool: this.#pool, viewer: this.#viewer };
      const { client, without } = await openTestedGpu({ ...shared, reference, ...test });
      return { client, device: usedGpu(gpu, without) };
    } finally {
      reference.close();
    }
  }
}
