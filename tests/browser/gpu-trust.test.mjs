// A GPU that computes garbage, from its first step or later, is found out: the CPU takes over, and nothing wrong is kept.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import { BROKEN_SUBGROUPS, beforeWorker, breakDriver, FAULTY_DRIVER } from "./graphics.mjs";
import {
  drawingStillWorks,
  loss,
  open,
  openIdle,
  pause,
  restart,
  showView,
  stepsDone,
  takeStep,
  until,
  untilNotice,
  untilRestarted,
  untilStep,
  untilTraining,
} from "./page.mjs";

const test = inChromium({ webgpu: true });
const play = (page) => page.locator("#play").click();
const deviceOf = (page) => page.locator("#train-panel").getAttribute("data-device");
const reason = (page) => page.locator("#device-reason").innerText();
const deviceLine = (page) => page.locator("#device-line").innerText();
const untilDevice = (page, wanted) =>
  until(
    page,
    `the ${wanted} trains`,
    () => deviceOf(page),
    (device) => device === wanted,
  );

for (const [fault, long] of [
  ["stale buffers", false],
  ["NaN", false],
  ["bytes that stay bytes", false],
  ["weights are not updated", true],
  ["noise", true],
  ["zeros", true],
  ["wrong reading", true],
]) {
  test(`a driver with ${fault} after a while is found out at the next checkpoint`, { long }, async ({
    page,
    origin,
  }) => {
    await beforeWorker(page, FAULTY_DRIVER);
    await open({ page, origin }, "?device=gpu&batch=32&seed=7");
    for (const step of [1, 2]) await takeStep(page, step);
    assert.equal(await deviceOf(page), "gpu", await reason(page));
    await breakDriver(page, fault);
    await page.locator("#step").click();
    await untilNotice(page, /continues on the CPU from step 2, the last checkpoint on which they agreed/);
    await untilDevice(page, "cpu");
    await untilTraining(page, "paused");
    assert.equal(await stepsDone(page), 2);
    assert.match(await reason(page), /computed something else than the CPU/);
    await drawingStillWorks(page);

    await takeStep(page, 3);
    const continued = await loss(page, "train");
    await open({ page, origin }, "?device=cpu&batch=32&seed=7");
    const means = []; // of the steps so far
    for (const step of [1, 2, 3]) {
      await takeStep(page, step);
      means.push(await loss(page, "train"));
    }
    const alone = 3 * means[2] - 2 * means[1];
    assert.ok(Math.abs(continued - alone) < 0.4, `${continued} and ${alone}`);
  });
}

test("a run under way continues on the CPU by itself, and the tab does not use the GPU again unless asked", {}, async ({
  page,
  origin,
}) => {
  await beforeWorker(page, FAULTY_DRIVER);
  await open({ page, origin }, "?device=gpu&batch=32");
  await play(page);
  await untilStep(page, 2);
  await breakDriver(page, "noise");
  await untilNotice(page, /continues on the CPU/); // at the next checkpoint
  await untilDevice(page, "cpu");
  await untilTraining(page, "running");
  await untilStep(page, (await stepsDone(page)) + 20);
  await pause(page);
  await restart(page);
  await untilRestarted(page);
  assert.equal(await deviceOf(page), "cpu");

  await open({ page, origin }, "?batch=32&software=measure");
  await page.locator("#step").click();
  await untilStep(page, 1);
  assert.equal(await deviceOf(page), "cpu");
  assert.match(await reason(page), /computed something else than the CPU/);

  await open({ page, origin }, "?device=gpu&batch=32");
  await page.locator("#step").click();
  await untilStep(page, 1);
  assert.equal(await deviceOf(page), "gpu", "it was asked for");
});

test("weights that are measured are compared first", {}, async ({ page, origin }) => {
  await beforeWorker(page, FAULTY_DRIVER);
  await open({ page, origin }, "?device=gpu&batch=32");
  await takeStep(page, 1);
  await breakDriver(page, "wrong reading");
  await showView(page, "measure");
  await page.locator("#measure-go").click();
  await untilNotice(page, /continues on the CPU from step 1/);
  await untilDevice(page, "cpu");
});

test("where a self-test fails with subgroups, the kernels are used without", {}, async ({ page, origin }) => {
  await beforeWorker(page, BROKEN_SUBGROUPS);
  await open({ page, origin }, "?device=gpu&batch=32");
  await takeStep(page, 1);
  assert.equal(await deviceOf(page), "gpu", await reason(page));
  assert.match(await deviceLine(page), /WebGPU: .*without its subgroups/);
  assert.match(await reason(page), /With the subgroups .* the self-test failed.*the gradient of/);
});

test("where it fails without them as well, the CPU trains, and both reasons are said", {}, async ({
  page,
  origin,
}) => {
  await beforeWorker(page, "GPUComputePassEncoder.prototype.dispatchWorkgroups = () => {};");
  await open({ page, origin }, "?device=gpu&batch=32");
  await takeStep(page, 1);
  assert.equal(await deviceOf(page), "cpu");
  assert.match(await reason(page), /With its subgroups: .* Without them: /);
});

test("rounding is no disagreement: every preset's checkpoint is accepted", { long: true }, async ({
  page,
  origin,
}) => {
  await openIdle({ page, origin });
  const found = await page.evaluate(async () => {
    const load = (path) => import(new URL(path, location.href));
    const { WorkerClient } = await load("worker/worker-client.js");
    const { CheckedTrainer } = await load("training/checked-trainer.js");
    const file = async (name) =>
      new Uint8Array(await (await fetch(`data/digits-${name}-ubyte`)).arrayBuffer());
    const [images, labels] = [await file("images-idx3"), await file("labels-idx1")];
    const files = {
      name: "MNIST",
      classes: [..."0123456789"],
      train_images: images,
      train_labels: labels,
      test_images: images,
      test_labels: labels,
    };
    const [cpu, gpu] = [new WorkerClient("cpu"), new WorkerClient("gpu")];
    const openCpu = async () => cpu;
    const { presets } = await cpu.call("schema");
    const found = [];
    for (const { name, model, train } of presets) {
      const config = { model, train: { ...train, batch: 16 } };
      const checked = new CheckedTrainer({ gpu, openCpu, examples: files, files });
      await gpu.call("create", { options: config, data: files });
      await gpu.call("train", { steps: 5 });
      const taken = await checked.checkpoint(config).catch(({ kind, values }) => ({ kind, values }));
      found.push({ name, ...taken, bytes: taken.bytes?.length, weights: taken.weights?.length });
    }
    return found;
  });
  assert.ok(found.length >= 17);
  for (const { name, kind, values, bytes, weights } of found) {
    assert.equal(kind, undefined, `${name}: ${JSON.stringify(values)}`);
    assert.ok(bytes > weights, name);
  }
});
