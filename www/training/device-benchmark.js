// Which device trains a model faster: both take steps with its shape and batch, and the times are remembered.

import { recallValue, remember, sessionStore } from "../keep/storage.js";
import { milliseconds } from "../messages/format.js";
import { chooseDevice, cpuBecause, cpuInsteadOf } from "./device.js";

/** How many times as long as the CPU the GPU may take before it is given up; it is slower anyway. */
export const LIMIT_TIMES = 3;

/** Measures devices; the results last as long as the tab. */
export class DeviceBenchmark {
  #pool;
  #viewer;
  #loadGpu;
  #software;
  #memory;

  /** `loadGpu()` resolves to the exports of training-on-gpu.js; `software`: whether a software adapter is measured, too; `memory`: a Storage or null. */
  constructor({ pool, viewer, loadGpu, software = false, memory = sessionStore() }) {
    this.#pool = pool;
    this.#viewer = viewer;
    this.#loadGpu = loadGpu;
    this.#software = software;
    this.#memory = memory;
  }

  /**
   * Resolves to {device, client} for the run with these `options` and `examples` of its data set, which is on `current` ("cpu" or "gpu"). `client`: an open worker on a
   * faster device to move to, or null where the run should stay. The run's own model is not touched; `exclusively(body)` does
   * `body` while it pauses.
   */
  async fasterDevice({ options, examples, current, exclusively }) {
    const gpu = await chooseDevice("auto", { software: this.#software });
    if (gpu.kind === "cpu") return { device: gpu, client: null };
    const { batch, samples } = options.train;
    const key = `latent-lab speeds ${JSON.stringify([gpu.adapter, this.#pool.cpuModule, options.model, batch, samples])}`;
    const known = recallValue(this.#memory, key);
    if (known && faster(known) === current) return { device: measuredDevice(gpu, known), client: null };
    const candidates = {};
    let target = null;
    try {
      const { openTestedGpu, usedGpu, stepTimes } = await this.#loadGpu();
      const { client: cpu, ...threads } = await this.#pool.openCpu();
      candidates.cpu = cpu;
      const shared = { pool: this.#pool, viewer: this.#viewer, examples };
      const tested = await openTestedGpu({ ...shared, reference: cpu, options });
      candidates.gpu = tested.client;
      const speeds = known ?? (await stepTimes(candidates, options, examples, exclusively));
      remember(this.#memory, key, JSON.stringify(speeds));
      if (faster(speeds) !== current) target = candidates[faster(speeds)];
      const used = measuredDevice(gpu, speeds);
      const device = used.kind === "gpu" ? usedGpu(used, tested.without) : { ...used, ...threads };
      return { device, client: target };
    } catch (error) {
      return { device: current === "gpu" ? gpu : cpuInsteadOf(gpu, error), client: null };
    } finally {
      for (const client of Object.values(candidates)) if (client !== target) client.close();
    }
  }
}

/** "gpu" or "cpu", by milliseconds per step; `gpu` is null where it did not finish in time. */
export function faster({ cpu, gpu }) {
  return gpu !== null && gpu < cpu ? "gpu" : "cpu";
}

/** The faster device, with both times as its reason. */
export function measuredDevice(gpu, speeds) {
  const { adapter } = gpu;
  const times = { cpu: milliseconds(speeds.cpu), gpu: milliseconds(speeds.gpu) };
  if (faster(speeds) === "gpu") return { ...gpu, reason: { kind: "gpu_is_faster", values: times } };
  if (speeds.gpu === null)
    return cpuBecause("gpu_took_too_long", { cpu: times.cpu, adapter, times: LIMIT_TIMES });
  return cpuBecause("cpu_is_faster", { ...times, adapter });
}
