// Which device trains a model faster: both take steps with its shape and batch, and the times are remembered.

import { countOf } from "../data-sets/idx.js";
import { withFiles } from "../data-sets/training-files.js";
import { recallValue, remember, sessionStore } from "../keep/storage.js";
import { milliseconds } from "../messages/format.js";
import { awakeFor } from "../worker/awake-timer.js";
import { chooseDevice, cpuBecause } from "./device.js";
import { openTestedGpu, usedGpu } from "./open-gpu.js";
import { Pace } from "./pace.js";
import { cpuInsteadOf } from "./self-test.js";

/**
 * Chunks that are timed, after those that determined how many steps a chunk has. The shortest counts: whatever interrupts a chunk, such
 * as a machine that sleeps, makes it longer.
 */
const TIMED = { least: 2, most: 3 };
/** No further chunk begins later than this after a device's first. */
const ENOUGH_MS = 500;
/** The GPU gets this long awake for its timed chunks, or a few times what the CPU needed; beyond that it is slower anyway. */
const LIMIT_MS = 1000;
const LIMIT_TIMES = 3;

/** Measures devices; the results last as long as the tab. */
export class DeviceBenchmark {
  #pool;
  #viewer;
  #software;
  #memory;

  /** `software`: whether a software adapter is measured, too; `memory`: a Storage or null. */
  constructor({ pool, viewer, software = false, memory = sessionStore() }) {
    this.#pool = pool;
    this.#viewer = viewer;
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
      const { client: cpu, ...threads } = await this.#pool.openCpu();
      candidates.cpu = cpu;
      const shared = { pool: this.#pool, viewer: this.#viewer, examples };
      const tested = await openTestedGpu({ ...shared, reference: cpu, options });
      candidates.gpu = tested.client;
      const speeds = known ?? (await measure(candidates, options, examples, exclusively));
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

/** Milliseconds per step of each device, {cpu, gpu}, measured with new models of the run's shape and batch. */
async function measure(candidates, options, examples, exclusively) {
  const data = withFiles(examples, (bytes) => atLeast(options.train.batch, bytes));
  const { weights: _, resume: __, ...fresh } = options;
  const chunks = {};
  for (const [name, client] of Object.entries(candidates)) {
    await client.call("create", { options: fresh, data });
    chunks[name] = await warmUp(client);
  }
  return exclusively(async () => {
    const onCpu = await msPerStep(candidates.cpu, chunks.cpu);
    const late = awakeFor(Math.max(LIMIT_MS, LIMIT_TIMES * TIMED.least * onCpu * chunks.gpu), null);
    const timed = msPerStep(candidates.gpu, chunks.gpu);
    timed.catch(() => {}); // rejects when the client is closed after the limit
    return { cpu: onCpu, gpu: await Promise.race([timed, late]) };
  });
}

/** Takes the first steps, and finds how many make a chunk. */
async function warmUp(client) {
  const begun = performance.now();
  const pace = new Pace();
  await client.call("train", { steps: 1 });
  while (performance.now() - begun < ENOUGH_MS) {
    const { steps } = pace;
    pace.add(steps, await duration(client, steps));
    if (pace.steps <= steps) break;
  }
  return pace.steps;
}

async function msPerStep(client, steps) {
  const times = [];
  const begun = performance.now();
  const isEnough = () => times.length >= TIMED.most || performance.now() - begun >= ENOUGH_MS;
  while (times.length < TIMED.least || !isEnough()) times.push((await duration(client, steps)) / steps);
  return Math.min(...times);
}

async function duration(client, steps) {
  const begun = performance.now();
  await client.call("train", { steps });
  return performance.now() - begun;
}

/** An IDX file with its items repeated until there are at least `count`. */
export function atLeast(count, bytes) {
  const header = 4 + 4 * bytes[3]; // bytes; the fourth byte counts the axes
  const items = countOf(bytes);
  const times = Math.max(1, Math.ceil(count / items));
  const body = bytes.subarray(header);
  const repeated = new Uint8Array(header + times * body.length);
  repeated.set(bytes.subarray(0, header));
  new DataView(repeated.buffer).setUint32(4, times * items);
  for (let i = 0; i < times; i++) repeated.set(body, header + i * body.length);
  return repeated;
}
