// Which device is faster for a model: measured on both, with the model and batch that train, and remembered.

import { chooseDevice, cpu } from "./device.js";
import { milliseconds } from "../messages/format.js";
import { nextSteps } from "./loop.js";
import { failed, openedGpu, selfTest } from "./open-trainer.js";

/** Chunks that are timed, after those by which the chunk grew to the length that training uses. */
const TIMED = 3;
/** No chunk begins later than this after a device's first, but for one that is timed. */
const ENOUGH_MS = 500;
/** A device gets this long for its timed chunks, or a few times what the CPU needed: slower than that has lost anyway. */
const LIMIT_MS = 1000;
const LIMIT_TIMES = 3;

/** Judges devices, and remembers what was measured as long as its tab lives. */
export class Contest {
  #labs;
  #viewer;
  #digits;
  #software;
  #memory;

  /** `digits` as raw [images, labels]; `software`: whether a software adapter may compete; `memory` is a Storage. */
  constructor({ labs, viewer, digits, software = false, memory = globalThis.sessionStorage }) {
    this.#labs = labs;
    this.#viewer = viewer;
    this.#digits = digits;
    this.#software = software;
    this.#memory = memory;
  }

  /**
   * Promises what should go on with the work of `options`, which runs on `current` ("cpu" or "gpu"): {device, lab}. The lab is one to
   * move to, null where the work is best left where it is. The model that trains is not touched; `quietly(body)` does
   * `body` while it stands still.
   */
  async judge({ options, current, quietly }) {
    const gpu = await chooseDevice("auto", { software: this.#software });
    if (gpu.kind === "cpu") return { device: gpu, lab: null };
    const { batch, samples } = options.train;
    const key = `latent-lab speeds ${JSON.stringify([gpu.name, options.model, batch, samples])}`;
    const known = this.#recall(key);
    if (known && faster(known) === current) return { device: verdict(gpu, known), lab: null };
    const labs = { cpu: this.#labs.take("cpu"), gpu: this.#labs.take("gpu") };
    let winner = null;
    try {
      await Promise.all([openedGpu(labs.gpu), labs.cpu.opened]);
      const opponents = { lab: labs.gpu, reference: labs.cpu, options };
      await selfTest({ ...opponents, digits: this.#digits, viewer: this.#viewer });
      const speeds = known ?? (await compare(labs, options, this.#digits, quietly));
      this.#remember(key, speeds);
      if (faster(speeds) !== current) winner = labs[faster(speeds)];
      return { device: verdict(gpu, speeds), lab: winner };
    } catch (error) {
      const device = current === "gpu" ? gpu : cpu(failed(gpu, error));
      return { device, lab: null };
    } finally {
      for (const lab of Object.values(labs)) if (lab !== winner) lab.close();
    }
  }

  #recall(key) {
    try {
      return JSON.parse(this.#memory.getItem(key));
    } catch {
      return null; // no storage is allowed here, or it was written by someone else
    }
  }

  #remember(key, speeds) {
    try {
      this.#memory.setItem(key, JSON.stringify(speeds));
    } catch {
      // measured again next time
    }
  }
}

/** "gpu" or "cpu", by milliseconds a step; a GPU that did not finish in time has none. */
export function faster({ cpu, gpu }) {
  return gpu !== null && gpu < cpu ? "gpu" : "cpu";
}

/** The faster device, and why in one sentence. */
export function verdict(gpu, speeds) {
  const onCpu = `${milliseconds(speeds.cpu)} ms`;
  if (faster(speeds) === "gpu")
    return {
      ...gpu,
      reason: `Measured for this model and batch: ${milliseconds(speeds.gpu)} ms a step; the CPU would take ${onCpu}.`,
    };
  const onGpu =
    speeds.gpu === null ? `more than ${LIMIT_TIMES} times as long` : `${milliseconds(speeds.gpu)} ms`;
  return cpu(
    `Measured for this model and batch: ${onCpu} a step; the graphics adapter (${gpu.name.replace("WebGPU: ", "")}) would take ${onGpu}.`,
  );
}

/** Milliseconds a step of each device: {cpu, gpu}, from new models with the shape and batch of the one that trains. */
async function compare(labs, options, digits, quietly) {
  const data = enough(digits, options.train.batch);
  const { weights: _, resume: __, ...fresh } = options;
  const chunks = {};
  for (const [name, lab] of Object.entries(labs)) {
    await lab.call("create", { options: fresh, data: [...data, ...data] });
    chunks[name] = await warmUp(lab);
  }
  return quietly(async () => {
    const onCpu = await msPerStep(labs.cpu, chunks.cpu);
    const limit = Math.max(LIMIT_MS, LIMIT_TIMES * onCpu * chunks.gpu);
    const late = new Promise((resolve) => setTimeout(resolve, limit, null));
    const timed = msPerStep(labs.gpu, chunks.gpu);
    timed.catch(() => {}); // a lab that is closed because it is late rejects
    return { cpu: onCpu, gpu: await Promise.race([timed, late]) };
  });
}

/** Takes the first steps, and finds how many make a chunk. */
async function warmUp(lab) {
  const begun = performance.now();
  let steps = 1;
  await lab.call("train", { steps });
  while (performance.now() - begun < ENOUGH_MS) {
    const next = nextSteps(steps, await duration(lab, steps));
    if (next <= steps) break;
    steps = next;
  }
  return steps;
}

async function msPerStep(lab, steps) {
  const times = [];
  const begun = performance.now();
  while (times.length < TIMED && (times.length === 0 || performance.now() - begun < ENOUGH_MS))
    times.push((await duration(lab, steps)) / steps);
  return median(times);
}

async function duration(lab, steps) {
  const begun = performance.now();
  await lab.call("train", { steps });
  return performance.now() - begun;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** IDX files with their items repeated until there are at least `count`. */
export function enough(files, count) {
  return files.map((bytes) => {
    const header = 4 + 4 * bytes[3]; // the fourth byte counts the axes
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const items = view.getUint32(4);
    const times = Math.max(1, Math.ceil(count / items));
    const body = bytes.subarray(header);
    const repeated = new Uint8Array(header + times * body.length);
    repeated.set(bytes.subarray(0, header));
    new DataView(repeated.buffer).setUint32(4, times * items);
    for (let i = 0; i < times; i++) repeated.set(body, header + i * body.length);
    return repeated;
  });
}
