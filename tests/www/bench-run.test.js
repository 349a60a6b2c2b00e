// A run of the benchmark that is stopped, and the results that are there by then. No engine starts in these tests.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { compareEngines } from "../../www/bench/engine-comparison.js";
import { SWEEP, WORKLOADS } from "../../www/bench/plan.js";
import { runSweep } from "../../www/bench/sweep.js";
import { unlessAborted } from "../../www/bench/unless-aborted.js";

const COUNTS = { rounds: 1, block: 1, warmup: 0, marathon: 0 };
const presets = [{ name: "vae", model: { body: "mlp" }, train: {} }];
const abilities = { libraries: true, webgpu: false };
const nothing = () => {};
const stopped = { name: "AbortError" };

let workers;
beforeEach(() => {
  workers = 0;
});
globalThis.Worker = class extends EventTarget {
  constructor() {
    super();
    workers++;
  }

  postMessage() {}

  terminate() {}
};

/** Ours and another library on the CPU, whose batches are what `replay` resolves to. */
const compare = (replay, signal) => {
  const plan = { ...COUNTS, engines: ["ours-wasm", "jax-wasm"] };
  return compareEngines(WORKLOADS[0], plan, { presets, abilities, files: {}, replay }, nothing, signal);
};

test("a run that is stopped while batches are prepared ends at once, and starts no engine", async () => {
  const running = new AbortController();
  const never = new Promise(nothing);
  const comparison = compare(() => never, running.signal);
  running.abort();
  await assert.rejects(comparison, stopped);
  assert.equal(workers, 0);
});

test("what was stopped before does not begin", async () => {
  const asked = [];
  const comparison = compare(() => asked.push("batches"), AbortSignal.abort());
  await assert.rejects(comparison, stopped);
  assert.deepEqual([asked, workers], [[], 0]);
});

test("a run that is stopped during a first step begins no other", async () => {
  const running = new AbortController();
  const said = [];
  const plan = { ...COUNTS, engines: ["ours-wasm", "ours-threads"] };
  const everything = { ...abilities, isolated: true, threadsModule: true };
  const inputs = { presets, abilities: everything, files: {} };
  const report = (words) => said.push(words);
  const comparison = compareEngines(WORKLOADS[0], plan, inputs, report, running.signal);
  running.abort();
  await assert.rejects(comparison, stopped);
  assert.equal(said.length, 1);
});

test("a sweep that is stopped has handed over the points before", async () => {
  const running = new AbortController();
  const points = [];
  const add = (point) => {
    points.push(point);
    if (points.length === 3) running.abort();
  };
  const plan = { ...COUNTS, engines: ["ours-webgpu"] }; // which no adapter runs: each point fails at once
  const sweep = runSweep(plan, { presets, abilities }, { report: nothing, add }, running.signal);
  await assert.rejects(sweep, stopped);
  assert.deepEqual(
    points.map(({ workload }) => workload),
    SWEEP.points.slice(0, 3),
  );
});

test("waiting settles as its promise does, or with the reason why it ended before", async () => {
  const { signal } = new AbortController();
  assert.equal(await unlessAborted(Promise.resolve(7), signal), 7);
  await assert.rejects(unlessAborted(Promise.reject(new Error("no")), signal), { message: "no" });
  await assert.rejects(unlessAborted(Promise.reject(new Error("no")), AbortSignal.abort()), stopped);
});
