// Which device is faster: what is measured, what is remembered, and which adapters are not considered.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MNIST } from "../../www/data-sets/shipped.js";
import { trainingFiles } from "../../www/data-sets/training-files.js";
import { Failure } from "../../www/messages/failure.js";
import { chooseDevice, reasonInWords } from "../../www/training/device.js";
import { DeviceBenchmark, faster, measuredDevice } from "../../www/training/device-benchmark.js";
import { atLeast } from "../../www/training/step-times.js";
import * as onGpu from "../../www/training/training-on-gpu.js";

const adapter = (info = {}) => ({
  requestAdapter: async () => ({ features: new Set(), info: { description: "Some GPU", ...info } }),
});
const gpu = { kind: "gpu", adapter: "Some GPU", reason: null };
const options = { model: { hidden: 400 }, train: { batch: 128, samples: 1 } };

test("the faster device is the one of fewer milliseconds; a GPU that came too late or is equal is not", () => {
  assert.equal(faster({ cpu: 18, gpu: 2 }), "gpu");
  assert.equal(faster({ cpu: 18, gpu: 210 }), "cpu");
  assert.equal(faster({ cpu: 18, gpu: 18 }), "cpu");
  assert.equal(faster({ cpu: 18, gpu: null }), "cpu");
});

test("the reason names both times in a sentence", () => {
  const onGpu = measuredDevice(gpu, { cpu: 18.2, gpu: 2.13 });
  assert.deepEqual([onGpu.kind, onGpu.adapter], ["gpu", "Some GPU"]);
  assert.equal(
    reasonInWords(onGpu.reason),
    "Measured for this model and batch: 2.1 ms a step; the CPU would take 18 ms.",
  );
  const { kind, reason } = measuredDevice(gpu, { cpu: 18.2, gpu: 210.4 });
  assert.equal(kind, "cpu");
  assert.equal(
    reasonInWords(reason),
    "Measured for this model and batch: 18 ms a step; the graphics adapter (Some GPU) would take 210 ms.",
  );
  const late = measuredDevice(gpu, { cpu: 18, gpu: null });
  assert.match(reasonInWords(late.reason), /would take more than 3 times as long\.$/);
});

test("a software adapter is measured only on request", async () => {
  const software = adapter({ architecture: "swiftshader" });
  assert.equal((await chooseDevice("auto", { gpu: software })).reason.kind, "software_adapter");
  assert.equal((await chooseDevice("auto", { gpu: software, software: true })).kind, "gpu");
  assert.equal((await chooseDevice("gpu", { gpu: software })).kind, "gpu");
  const unbuilt = await chooseDevice("gpu", { gpu: software, module: false });
  assert.match(reasonInWords(unbuilt.reason), /WebGPU module is not built yet/);
});

test("an adapter is named by what the browser says of it", async () => {
  for (const [info, name] of [
    [{ description: "Some GPU", vendor: "acme", architecture: "ampere" }, "Some GPU, acme, ampere"],
    [{ description: "", device: "0x1", vendor: "acme", architecture: "" }, "0x1, acme"],
    [
      { description: "", device: "", vendor: "", architecture: "" },
      "an adapter that the browser does not name",
    ],
    [
      { description: "", device: "", vendor: "", architecture: "", isFallbackAdapter: true },
      "a software adapter that the browser does not name",
    ],
    [undefined, "an adapter that the browser does not name"],
  ]) {
    const gpu = { requestAdapter: async () => ({ features: new Set(), info }) };
    assert.equal((await chooseDevice("gpu", { gpu })).adapter, name);
  }
});

const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
const examples = trainingFiles(MNIST, {
  trainImages: idx,
  trainLabels: idx,
  testImages: idx,
  testLabels: idx,
});

/** A benchmark of workers whose steps take `ms`, {cpu, gpu}. */
function setUp({ ms, memory = new Map(), relative = 0, loadGpu = async () => onGpu }) {
  const clients = [];
  const take = (module) => {
    const client = { module, closed: false, calls: [] };
    client.opened = Promise.resolve({ subgroups: false });
    client.close = () => {
      client.closed = true;
    };
    client.call = async (action, { steps, options: given } = {}) => {
      client.calls.push(given ? [action, given] : [action, steps]);
      if (action === "train") await new Promise((done) => setTimeout(done, ms[module] * steps));
    };
    clients.push(client);
    return client;
  };
  const storage = {
    getItem: (key) => memory.get(key) ?? null,
    setItem: (key, value) => memory.set(key, value),
  };
  const viewer = { call: async () => ({ name: "some tensor", relative }) };
  const openCpu = async () => ({ client: take("cpu"), threads: 1, withoutThreads: null });
  const benchmark = new DeviceBenchmark({
    pool: { take, openCpu, cpuModule: "cpu" },
    viewer,
    loadGpu,
    memory: storage,
  });
  return { benchmark, clients, memory };
}

/** The browser's own adapter, for the length of `body`. */
async function withAdapter(body) {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { gpu: adapter() } });
  try {
    await body();
  } finally {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else delete globalThis.navigator;
  }
}
const exclusively = (body) => body();

test("the faster device's worker is handed over, the other closed, and the next time nothing is measured", () =>
  withAdapter(async () => {
    const { benchmark, clients, memory } = setUp({ ms: { cpu: 40, gpu: 1 } });
    const { device, client } = await benchmark.fasterDevice({
      options,
      examples,
      current: "cpu",
      exclusively,
    });
    assert.equal(device.kind, "gpu");
    assert.equal(client.module, "gpu");
    assert.deepEqual(
      clients.map(({ module, closed }) => [module, closed]),
      [
        ["cpu", true],
        ["gpu", false],
      ],
    );
    assert.equal(memory.size, 1);
    const again = await benchmark.fasterDevice({ options, examples, current: "gpu", exclusively });
    assert.deepEqual([again.device.kind, again.client, clients.length], ["gpu", null, 2]);
    const other = { ...options, train: { ...options.train, batch: 32 } };
    await benchmark.fasterDevice({ options: other, examples, current: "gpu", exclusively });
    assert.equal(clients.length, 4, "another batch is measured again");
  }));

test("a measurement takes the shape and batch of the run, not its weights", () =>
  withAdapter(async () => {
    const { benchmark, clients } = setUp({ ms: { cpu: 1, gpu: 40 } });
    const { device, client } = await benchmark.fasterDevice({
      options: { ...options, weights: "w" },
      examples,
      current: "cpu",
      exclusively,
    });
    assert.deepEqual([device.kind, client], ["cpu", null]);
    for (const { calls, closed } of clients) {
      assert.ok(closed);
      const [, timed] = calls.filter(([action]) => action === "create");
      assert.deepEqual(timed[1], options);
    }
  }));

test("a GPU that computes wrongly is neither measured nor remembered", () =>
  withAdapter(async () => {
    const { benchmark, memory } = setUp({ ms: { cpu: 40, gpu: 1 }, relative: 1 });
    const { device, client } = await benchmark.fasterDevice({
      options,
      examples,
      current: "cpu",
      exclusively,
    });
    assert.deepEqual([device.kind, client, memory.size], ["cpu", null, 0]);
    assert.match(
      reasonInWords(device.reason),
      /Some GPU\) was tried.*the gradient of some tensor differs from the CPU’s by 100 %/,
    );
  }));

test("where the script for GPUs does not come, the run stays on the CPU and the device says why", () =>
  withAdapter(async () => {
    const loadGpu = () => Promise.reject(new Failure("download_status", { file: "some.js", status: 503 }));
    const { benchmark, clients, memory } = setUp({ ms: { cpu: 40, gpu: 1 }, loadGpu });
    const { device, client } = await benchmark.fasterDevice({
      options,
      examples,
      current: "cpu",
      exclusively,
    });
    assert.deepEqual([device.kind, client, clients.length, memory.size], ["cpu", null, 0, 0]);
    assert.match(reasonInWords(device.reason), /some\.js could not be fetched: the server answers 503/);
  }));

test("IDX files grow to a batch by repeating their items", () => {
  const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
  const grown = atLeast(3, idx);
  assert.deepEqual([...grown], [0, 0, 8, 1, 0, 0, 0, 4, 7, 9, 7, 9]);
  assert.deepEqual(atLeast(2, idx), idx);
});
