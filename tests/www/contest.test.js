// Which device is faster: the verdict, what is remembered, and what is passed over unmeasured.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Contest, enough, faster, verdict } from "../../www/training/device-benchmark.js";
import { chooseDevice } from "../../www/training/device.js";

const adapter = ({ features = ["timestamp-query"], ...info } = {}) => ({
  requestAdapter: async () => ({ features: new Set(features), info: { description: "Some GPU", ...info } }),
});
const gpu = { kind: "gpu", name: "WebGPU: Some GPU", reason: null };
const options = { model: { hidden: 400 }, train: { batch: 128, samples: 1 } };

test("the faster device is the one of fewer milliseconds; a GPU that came too late or is equal is not", () => {
  assert.equal(faster({ cpu: 18, gpu: 2 }), "gpu");
  assert.equal(faster({ cpu: 18, gpu: 210 }), "cpu");
  assert.equal(faster({ cpu: 18, gpu: 18 }), "cpu");
  assert.equal(faster({ cpu: 18, gpu: null }), "cpu");
});

test("the verdict names both times in a sentence", () => {
  assert.deepEqual(verdict(gpu, { cpu: 18.2, gpu: 2.13 }), {
    ...gpu,
    reason: "Measured for this model and batch: 2.1 ms a step; the CPU would take 18 ms.",
  });
  const { kind, reason } = verdict(gpu, { cpu: 18.2, gpu: 210.4 });
  assert.equal(kind, "cpu");
  assert.equal(
    reason,
    "Measured for this model and batch: 18 ms a step; the graphics adapter (Some GPU) would take 210 ms.",
  );
  assert.match(verdict(gpu, { cpu: 18, gpu: null }).reason, /would take more than 3 times as long\.$/);
});

test("a software adapter competes only where it is asked to", async () => {
  const software = adapter({ architecture: "swiftshader" });
  assert.match((await chooseDevice("auto", { gpu: software })).reason, /is software/);
  assert.equal((await chooseDevice("auto", { gpu: software, software: true })).kind, "gpu");
  assert.equal((await chooseDevice("gpu", { gpu: software })).kind, "gpu");
  const incomplete = adapter({ features: [] });
  for (const wanted of ["auto", "gpu"])
    assert.match((await chooseDevice(wanted, { gpu: incomplete, software: true })).reason, /timestamp-query/);
});

/** A contest over labs of which a step takes `ms` on each device. */
function contest({ ms, memory = new Map(), relative = 0 }) {
  const labs = [];
  const take = (module) => {
    const lab = { module, closed: false, calls: [] };
    lab.opened = Promise.resolve();
    lab.close = () => {
      lab.closed = true;
    };
    lab.call = async (action, { steps, options: given } = {}) => {
      lab.calls.push(given ? [action, given] : [action, steps]);
      if (action === "train") await new Promise((done) => setTimeout(done, ms[module] * steps));
    };
    labs.push(lab);
    return lab;
  };
  const storage = {
    getItem: (key) => memory.get(key) ?? null,
    setItem: (key, value) => memory.set(key, value),
  };
  const viewer = { call: async () => ({ name: "a gradient", relative }) };
  const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
  const it = new Contest({ labs: { take }, viewer, digits: [idx, idx], memory: storage });
  return { it, labs, memory };
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
const quietly = (body) => body();

test("the winner's lab is handed over, the loser's closed, and the next time nothing is measured", () =>
  withAdapter(async () => {
    const { it, labs, memory } = contest({ ms: { cpu: 40, gpu: 1 } });
    const { device, lab } = await it.judge({ options, current: "cpu", quietly });
    assert.equal(device.kind, "gpu");
    assert.equal(lab.module, "gpu");
    assert.deepEqual(
      labs.map(({ module, closed }) => [module, closed]),
      [
        ["cpu", true],
        ["gpu", false],
      ],
    );
    assert.equal(memory.size, 1);
    const again = await it.judge({ options, current: "gpu", quietly });
    assert.deepEqual([again.device.kind, again.lab, labs.length], ["gpu", null, 2]);
    const other = { ...options, train: { ...options.train, batch: 32 } };
    await it.judge({ options: other, current: "gpu", quietly });
    assert.equal(labs.length, 4, "another batch is measured anew");
  }));

test("neither weights nor place of the model that trains go into the measurement", () =>
  withAdapter(async () => {
    const { it, labs } = contest({ ms: { cpu: 1, gpu: 40 } });
    const { device, lab } = await it.judge({
      options: { ...options, weights: "w" },
      current: "cpu",
      quietly,
    });
    assert.deepEqual([device.kind, lab], ["cpu", null]);
    for (const { calls, closed } of labs) {
      assert.ok(closed);
      const [, timed] = calls.filter(([action]) => action === "create");
      assert.deepEqual(timed[1], options);
    }
  }));

test("a GPU that computes wrongly is neither measured nor remembered", () =>
  withAdapter(async () => {
    const { it, memory } = contest({ ms: { cpu: 40, gpu: 1 }, relative: 1 });
    const { device, lab } = await it.judge({ options, current: "cpu", quietly });
    assert.deepEqual([device.kind, lab, memory.size], ["cpu", null, 0]);
    assert.match(device.reason, /differs from the CPU's/);
  }));

test("IDX files grow to a batch by repeating their items", () => {
  const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
  const [grown] = enough([idx], 3);
  assert.deepEqual([...grown], [0, 0, 8, 1, 0, 0, 0, 4, 7, 9, 7, 9]);
  assert.deepEqual(enough([idx], 2)[0], idx);
});
