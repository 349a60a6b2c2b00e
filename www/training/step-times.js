// How long a training step takes on each device, in chunks as a run takes them.

import { countOf } from "../data-sets/idx.js";
import { withFiles } from "../data-sets/training-files.js";
import { awakeFor } from "../worker/awake-timer.js";
import { LIMIT_TIMES } from "./device-benchmark.js";
import { Pace } from "./pace.js";

/**
 * Chunks that are timed, after those that determined how many steps a chunk has. The shortest counts: whatever interrupts a chunk, such
 * as a machine that sleeps, makes it longer.
 */
const TIMED = { least: 2, most: 3 };
/** No further chunk begins later than this after a device's first. */
const ENOUGH_MS = 500;
/** The GPU gets this long awake for its timed chunks, or LIMIT_TIMES what the CPU needed. */
const LIMIT_MS = 1000;

/** Milliseconds per step of each device, {cpu, gpu}, measured with new models of the run's shape and batch. `candidates`: open workers, {cpu, gpu}; the other arguments as in `DeviceBenchmark.fasterDevice`. */
export async function stepTimes(candidates, options, examples, exclusively) {
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
