// The benchmark page's calculations: plans, quartiles, the comparison of losses, tables, tensor layouts, counted calls.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asText } from "../../www/bench/bench-report.js";
import { engineTitle, workloadTitle } from "../../www/bench/labels.js";
import { channelsLast, denseLayouts, permuted } from "../../www/bench/layouts.js";
import { defaultPlan, ENGINES, obstacle, readPlan, SWEEP, WORKLOADS } from "../../www/bench/plan.js";
import { tables } from "../../www/bench/result-tables.js";
import { readSafetensors } from "../../www/bench/safetensors.js";
import { agreement, quartiles } from "../../www/bench/statistics.js";
import { sweepTables } from "../../www/bench/sweep.js";
import { watch } from "../../www/bench/watch.js";
import { Failure, sentence } from "../../www/messages/failure.js";

test("an empty address gives the default plan", () => {
  const defaults = defaultPlan({ software: false });
  assert.deepEqual(readPlan("", defaults), defaults);
});

test("an address chooses workloads, engines and counts; invalid parts keep their defaults", () => {
  const defaults = defaultPlan({ software: true });
  const plan = readPlan(
    "?works=conv-32,nonsense,mlp-32&engines=jax-wasm&rounds=7&block=0&warmup=x",
    defaults,
  );
  assert.deepEqual(plan, { ...defaults, works: ["mlp-32", "conv-32"], engines: ["jax-wasm"], rounds: 7 });
});

test("names are unique, and each device has an engine of ours to compare with", () => {
  for (const all of [WORKLOADS, ENGINES]) assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const device of ["webgpu", "wasm"])
    assert.ok(ENGINES.some((engine) => engine.library === "ours" && engine.device === device));
});

test("the default plan has every engine that can run here", () => {
  const { engines } = defaultPlan({ libraries: true, webgpu: false, software: false, isolated: false });
  assert.deepEqual(engines, ["ours-wasm", "jax-wasm", "tfjs-wasm"]);
});

test("an engine that cannot run here is refused with a reason", () => {
  const engine = (name) => ENGINES.find((it) => it.name === name);
  const nothing = { libraries: true, webgpu: false, isolated: false };
  const reason = (name) => sentence(new Failure(obstacle(engine(name), nothing)));
  assert.match(reason("jax-webgpu"), /WebGPU adapter/);
  assert.match(reason("tfjs-threads"), /isolates/);
  assert.equal(obstacle(engine("ours-wasm"), nothing), null);
  assert.equal(obstacle(engine("jax-threads"), { ...nothing, isolated: true }), null);
  assert.match(
    sentence(new Failure(obstacle(engine("jax-wasm"), { isolated: true }))),
    /without the other libraries/,
  );
  const unbuilt = obstacle(engine("ours-webgpu"), { webgpu: true, gpuModule: false });
  assert.match(sentence(new Failure(unbuilt)), /module is not built yet/);
});

test("every workload and engine has a title, with sizes as they are written in the name", () => {
  for (const workload of [...WORKLOADS, SWEEP, ...SWEEP.points]) assert.ok(workloadTitle(workload));
  assert.equal(workloadTitle(WORKLOADS[1]), "784-400-20, batch 128");
  assert.ok(SWEEP.points.map(workloadTitle).includes("784-1024-20, batch 128"));
  assert.equal(new Set(ENGINES.map(engineTitle)).size, ENGINES.length);
});

test("quartiles are interpolated, and null without values", () => {
  assert.deepEqual(quartiles([4, 1, 3, 2]), { q1: 1.75, median: 2.5, q3: 3.25, count: 4 });
  assert.deepEqual(quartiles([5]), { q1: 5, median: 5, q3: 5, count: 1 });
  assert.equal(quartiles([]), null);
});

test("losses are compared after the number of steps that all engines have taken", () => {
  const { step, losses } = agreement(
    { ours: [500, 400, 300], near: [500, 403.9], far: [500, 404.1] },
    "ours",
  );
  assert.equal(step, 2);
  assert.deepEqual(
    Object.values(losses).map(({ agrees }) => agrees),
    [true, true, false],
  );
});

test("losses are compared after fifty steps at most", () => {
  const trace = (last) => [...Array(50).fill(1), last];
  assert.ok(agreement({ ours: trace(1), other: trace(9) }, "ours").losses.other.agrees);
});

test("a loss of NaN does not agree", () => {
  assert.equal(agreement({ ours: [1], broken: [Number.NaN] }, "ours").losses.broken.agrees, false);
});

test("a safetensors file gives its tensors", () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  const header = {
    __metadata__: { format: "pt" },
    w: { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + 24);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(new Uint8Array(values.buffer), 8 + text.length);
  assert.deepEqual(readSafetensors(bytes), { w: { shape: [2, 3], values } });
});

test("axes are permuted as transposition does", () => {
  const matrix = { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const turned = { shape: [3, 2], values: Float32Array.of(1, 4, 2, 5, 3, 6) };
  assert.deepEqual(permuted(matrix, [1, 0]), turned);
  const cube = { shape: [2, 1, 2], values: Float32Array.of(1, 2, 3, 4) };
  assert.deepEqual(permuted(cube, [2, 0, 1]), { shape: [2, 2, 1], values: Float32Array.of(1, 3, 2, 4) });
});

test("dense layers are transposed, and both heads become one layer", () => {
  const head = (...values) => ({ shape: [1, 2], values: Float32Array.from(values) });
  const bias = (value) => ({ shape: [1], values: Float32Array.of(value) });
  const laid = denseLayouts({
    "encoder.mean.weight": head(1, 2),
    "encoder.mean.bias": bias(3),
    "encoder.log_var.weight": head(4, 5),
    "encoder.log_var.bias": bias(6),
    "decoder.hidden.weight": head(7, 8),
  });
  assert.deepEqual(laid, {
    "decoder.hidden.weight": { shape: [2, 1], values: Float32Array.of(7, 8) },
    "encoder.heads.weight": { shape: [2, 2], values: Float32Array.of(1, 4, 2, 5) },
    "encoder.heads.bias": { shape: [2], values: Float32Array.of(3, 6) },
  });
});

test("the convolutional model's features go from channels first to channels last", () => {
  const count = 256 * 16;
  const values = Float32Array.from({ length: count }, (_, index) => index);
  const bias = { shape: [1], values: Float32Array.of(0) };
  const laid = channelsLast({
    "encoder.mean.weight": { shape: [1, count], values },
    "encoder.mean.bias": bias,
    "encoder.log_var.weight": { shape: [1, count], values },
    "encoder.log_var.bias": bias,
    "decoder.convolutions.first.bias": { shape: [count], values },
    "encoder.convolutions.norms.0.running_mean": bias,
  });
  assert.deepEqual(laid["encoder.heads.weight"].shape, [count, 2]);
  assert.deepEqual([...laid["encoder.heads.weight"].values.slice(0, 5)], [0, 0, 16, 16, 32]);
  assert.deepEqual([...laid["decoder.convolutions.first.bias"].values.slice(0, 3)], [0, 16, 32]);
  assert.equal(laid["encoder.convolutions.norms.0.running_mean"], undefined);
});

const speed = { each: quartiles([2]), rare: quartiles([1]) };
const calls = { each: {}, rare: { dispatches: 14, submits: 0.02, bindGroups: 0, writes: 1 } };
const result = {
  workload: WORKLOADS[1],
  settings: {
    rounds: 3,
    warmup: 2,
    stretches: { each: { steps: 10, every: 1 }, rare: { steps: 50, every: 50 } },
  },
  compared: { step: 50, reference: "ours-webgpu" },
  rows: [
    {
      engine: ENGINES[0],
      steps: 183,
      speed,
      ratio: { each: 1, rare: 1 },
      first: { milliseconds: 812.3, bytes: 2e6, pipelines: 14 },
      calls,
      memory: { wasm: 60, gpu: 25, gpuPeak: 30, heap: 0 },
      loss: 217.41,
      agrees: true,
    },
    { engine: ENGINES[1], failed: "There is no WebGPU adapter here." },
  ],
};

test("the text has a line for each engine that ran, and the reason of each that did not", () => {
  const text = asText({ machine: { sentence: "A machine." }, begun: "now", comparisons: [result] });
  assert.match(
    text,
    /Latent Lab, WebGPU +2\.00 \(2\.00–2\.00\) +1\.00 +1\.00 \(1\.00–1\.00\) +1\.00 +217\.41/,
  );
  assert.match(text, /jax-js, WebGPU: There is no WebGPU adapter here\./);
});

test("fractions of a submit have decimals, and a CPU engine has a dash for GPU counts", () => {
  const [, costs] = tables(result);
  const cell = (title, row) => costs.columns.find(([heading]) => heading === title)[1](row);
  assert.equal(cell("submits", result.rows[0]), "0.02");
  assert.equal(cell("dispatches", { ...result.rows[0], engine: ENGINES[3] }), "–");
});

test("a saved report without a finite loss or a ratio has its tables", () => {
  const [row] = result.rows;
  const saved = { ...row, loss: null, agrees: false, ratio: { each: null, rare: 1 } };
  const [speeds] = tables({ ...result, rows: [saved] });
  const cells = speeds.columns.map(([, cell]) => cell(saved));
  assert.deepEqual(cells.slice(1), ["–", "1.00 (1.00–1.00)", "1.00", "not finite, not equal"]);
});

test("a long run shows memory at its start, half-way and at its end", () => {
  const memoryAfter = (steps, wasm) => ({ steps, memory: { wasm, gpu: 0 } });
  const [row] = result.rows;
  const longRun = [memoryAfter(5000, 61), memoryAfter(10_000, 62)];
  const [, costs] = tables({ ...result, rows: [{ ...row, longRun }] });
  const cells = costs.columns.map(([heading, text]) => [heading, text(costs.rows[0])]);
  const cell = Object.fromEntries(cells);
  assert.equal(cell["wasm memory"], "60 MiB");
  assert.deepEqual([cell["steps half-way"], cell["wasm memory half-way"]], ["5,000", "61 MiB"]);
  assert.deepEqual([cell["steps at the end"], cell["wasm memory at the end"]], ["10,000", "62 MiB"]);
});

test("the sweep varies one size at a time around the default model", () => {
  assert.equal(SWEEP.points.length, 11);
  for (const { model, batch, varied } of SWEEP.points) {
    const differs = { hidden: model.hidden !== 400, latent: model.latent !== 20, batch: batch !== 128 };
    for (const [name, different] of Object.entries(differs)) if (different) assert.equal(name, varied);
  }
  assert.deepEqual(readPlan("?works=sweep", defaultPlan({})).works, ["sweep"]);
});

test("the sweep's tables show the faster device and the time per step and per image", () => {
  const at = (median) => ({ each: { median }, rare: { median } });
  const comparisons = SWEEP.points.map((workload) => ({
    ...result,
    workload,
    rows: [
      { engine: ENGINES.find(({ name }) => name === "ours-webgpu"), speed: at(40) },
      workload.batch === 512
        ? { engine: ENGINES.find(({ name }) => name === "ours-wasm"), failed: "It was stopped." }
        : { engine: ENGINES.find(({ name }) => name === "ours-wasm"), speed: at(workload.batch / 2) },
    ],
  }));
  const [, , batches] = sweepTables(comparisons);
  const cells = batches.rows.map((row) => [row.title, ...batches.columns.map(([, text]) => text(row))]);
  assert.deepEqual(cells, [
    ["8", "CPU, 10 times", "4.00", "40.0", "0.500", "5.00"],
    ["32", "CPU, 2.5 times", "16.0", "40.0", "0.500", "1.25"],
    ["128", "WebGPU, 1.6 times", "64.0", "40.0", "0.500", "0.313"],
    ["512", "–", "–", "40.0", "–", "0.0781"],
  ]);
  const text = asText({
    machine: { sentence: "A machine." },
    begun: "now",
    comparisons: [],
    sweep: comparisons,
  });
  assert.match(text, /Batch size.*\nbatch +faster +CPU, per step/);
});

test("calls and buffers are counted at the browser's interfaces", () => {
  class GPUBuffer {
    destroy() {}
  }
  class GPUDevice {
    createBuffer() {
      return new GPUBuffer();
    }
    createBindGroup() {
      return "group";
    }
  }
  class GPUQueue {
    submit() {}
    writeBuffer() {}
  }
  const scope = {
    GPUBuffer,
    GPUDevice,
    GPUQueue,
    WebAssembly: { ...WebAssembly, Memory: WebAssembly.Memory },
    performance,
  };
  const watched = watch(scope);
  const device = new GPUDevice();
  const [kept, freed] = [2, 3].map((mebibytes) => device.createBuffer({ size: mebibytes * 2 ** 20 }));
  assert.equal(watched.memory().gpu, 5);
  freed.destroy();
  freed.destroy();
  assert.equal(watched.memory().gpu, 2);
  assert.equal(watched.memory().gpuPeak, 5);
  assert.equal(device.createBindGroup(), "group");
  device.createBuffer({ size: 4, mappedAtCreation: true });
  new GPUQueue().submit([]);
  new GPUQueue().writeBuffer(kept);
  const { dispatches, submits, bindGroups, writes } = watched.calls();
  assert.deepEqual(
    { dispatches, submits, bindGroups, writes },
    { dispatches: 0, submits: 1, bindGroups: 1, writes: 2 },
  );
  new scope.WebAssembly.Memory({ initial: 16 });
  assert.equal(watched.memory().wasm, 1);
});
