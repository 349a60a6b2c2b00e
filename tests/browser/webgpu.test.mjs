// Training on WebGPU, computed by Chromium's software adapter: slow, but the same shaders.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import { beforeWorker } from "./graphics.mjs";
import {
  drawingStillWorks,
  open,
  openIdle,
  pause,
  recover,
  restart,
  stepsDone,
  takeStep,
  until,
  untilLoss,
  untilRestarted,
  untilStep,
  untilTraining,
  untilTrouble,
} from "./page.mjs";
import { assertPinned, tenLosses } from "./ten-losses.mjs";

const test = inChromium({ webgpu: true });
const play = (page) => page.locator("#play").click();
const deviceOf = (page) => page.locator("#train-panel").getAttribute("data-device");
const reason = (page) => page.locator("#device-reason").innerText();

test("training on WebGPU lowers the test loss", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?device=gpu&batch=32");
  await play(page);
  await untilTraining(page, "running");
  assert.equal(await deviceOf(page), "gpu");
  assert.match(await page.locator("#device-line").innerText(), /WebGPU/);
  await drawingStillWorks(page);
  const first = await untilLoss(page, "quick");
  await untilLoss(page, "quick", (now) => now < 0.9 * first && now < 500);
  await pause(page);
});

test("ten losses from one seed are the same natively, on the CPU and on WebGPU", {}, async ({
  page,
  origin,
}) => {
  await openIdle({ page, origin });
  const [cpu, gpu] = [await tenLosses(page, "cpu"), await tenLosses(page, "gpu")];
  assert.equal(cpu.device, "CPU");
  assert.equal(gpu.device, "WebGPU");
  assertPinned(cpu.losses);
  for (const [i, onCpu] of cpu.losses.entries()) {
    for (const term of ["reconstruction", "kl", "total"]) {
      const relative = Math.abs(gpu.losses[i][term] / onCpu[term] - 1);
      assert.ok(relative < 1e-4, `step ${onCpu.step}, ${term}: ${onCpu[term]} and ${gpu.losses[i][term]}`);
    }
  }
});

test("every system takes the same steps on WebGPU as on the CPU", {}, async ({ page, origin }) => {
  await openIdle({ page, origin });
  const systems = await page.evaluate(async () => {
    const { WorkerClient } = await import(new URL("worker/worker-client.js", location.href));
    const file = async (name) =>
      new Uint8Array(await (await fetch(`data/digits-${name}-ubyte`)).arrayBuffer());
    const [images, labels] = [await file("images-idx3"), await file("labels-idx1")];
    const data = {
      name: "MNIST",
      classes: [..."0123456789"],
      train_images: images,
      train_labels: labels,
      test_images: images,
      test_labels: labels,
    };
    const [cpu, gpu] = [new WorkerClient("cpu"), new WorkerClient("gpu")];
    const run = async (client, { model, train }) => {
      const options = { model, train: { ...train, batch: 16 } };
      await client.call("create", { options, data });
      const { losses } = await client.call("train", { steps: 1 });
      const bytes = await client.call("checkpoint", { resume: true }); // later moments drift apart with the weights
      losses.push(...(await client.call("train", { steps: 2 })).losses);
      return { losses, bytes };
    };
    const compared = [];
    const { presets } = await cpu.call("schema");
    for (const system of presets) {
      const [a, b] = [await run(cpu, system), await run(gpu, system)];
      const worst = await cpu.call("largest_difference", { a: a.bytes, b: b.bytes });
      compared.push({ name: system.name, cpu: a.losses, gpu: b.losses, worst });
    }
    return compared;
  });
  assert.ok(systems.length >= 17);
  for (const { name, cpu, gpu, worst } of systems) {
    for (const [i, { total }] of cpu.entries()) {
      assert.ok(Math.abs(gpu[i].total / total - 1) < 1e-4, `${name}: ${total} and ${gpu[i].total}`);
    }
    assert.ok(worst.relative < 1e-3, `${name}: ${worst.name} differs by ${worst.relative}`);
  }
});

test("a software adapter is passed over for the CPU, with the reason", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32");
  await page.locator("#step").click();
  await untilStep(page, 1);
  assert.equal(await deviceOf(page), "cpu");
  assert.match(await reason(page), /software/);
});

const measured = (page, pattern) =>
  until(
    page,
    `the device and its reason are ${pattern}`,
    () => reason(page),
    (text) => pattern.test(text),
  );

/** Takes step number `step`; resolves to the training loss, a mean over the steps so far. */
async function oneLoss(page, step) {
  await takeStep(page, step);
  return untilLoss(page, "train");
}

/** The same of the first `count` steps. */
async function firstLosses(page, count) {
  const losses = [];
  for (let step = 1; step <= count; step++) losses.push(await oneLoss(page, step));
  return losses;
}

test("a software adapter is measured and found slower while the CPU trains", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32&seed=7&device=cpu");
  const alone = await firstLosses(page, 3);
  await open({ page, origin }, "?batch=32&seed=7&software=measure");
  await page.locator("#step").click();
  await untilStep(page, 1);
  assert.match(await reason(page), /being compared|Measured/, "the CPU began before anything was known");
  await measured(page, /^Measured for this model and batch: [\d.]+ ms a step; .* would take (\d+ ms|more)/);
  assert.equal(await deviceOf(page), "cpu");
  await restart(page);
  await untilRestarted(page);
  await untilTraining(page, "paused");
  assert.deepEqual(await firstLosses(page, 3), alone, "what is measured does not touch what is trained");
});

/** Opens the page where it remembers that the GPU is faster. */
async function openWhereGpuIsFaster({ page, origin }, query) {
  await open({ page, origin }, query);
  await page.locator("#step").click();
  await measured(page, /^Measured/);
  const kept = await page.evaluate(() => Object.keys(sessionStorage));
  assert.equal(kept.length, 1);
  await page.evaluate(([key]) => sessionStorage.setItem(key, JSON.stringify({ cpu: 9, gpu: 1 })), kept);
  await open({ page, origin }, query);
}

test("a run that moved has the losses of one that did not", {}, async ({ page, origin }) => {
  const query = "?batch=32&seed=7";
  await openWhereGpuIsFaster({ page, origin }, `${query}&software=measure`);
  const moved = [];
  for (let onGpu = 0; onGpu < 5; onGpu += (await deviceOf(page)) === "gpu" ? 1 : 0)
    moved.push(await oneLoss(page, moved.length + 1));
  assert.ok(moved.length > 5, "it began on the CPU");
  await open({ page, origin }, `${query}&device=cpu`);
  for (const [i, loss] of moved.entries()) {
    const stayed = await oneLoss(page, i + 1);
    assert.ok(
      Math.abs(loss - stayed) < 0.15,
      `the mean to step ${i + 1} of ${moved.length}: ${loss} and ${stayed}`,
    );
  }
});

test("a run moves to a faster GPU without a pause", {}, async ({ page, origin }) => {
  await openWhereGpuIsFaster({ page, origin }, "?batch=32&seed=7&software=measure");
  await play(page);
  await until(
    page,
    "the GPU trains",
    () => deviceOf(page),
    (device) => device === "gpu",
  );
  assert.equal(await page.locator("#train-panel").getAttribute("data-training"), "running");
  const before = await stepsDone(page);
  assert.ok(before > 0, "the CPU trained until then");
  assert.match(await reason(page), /1\.0 ms a step; the CPU would take 9\.0 ms/);
  await untilStep(page, before + 3);
  const first = await untilLoss(page, "quick");
  assert.ok(first < 400, `a test loss of ${first}`);
  await pause(page);
});

test("training does not wait for the WebGPU module", {}, async ({ page, origin }) => {
  await page.route("**/pkg/gpu/**", () => {}); // never answered
  await open({ page, origin }, "?batch=32&software=measure");
  await play(page);
  await untilStep(page, 50);
  assert.equal(await deviceOf(page), "cpu");
  assert.match(await reason(page), /being compared with WebGPU/);
  await pause(page);
});

test("a WebGPU module that cannot be loaded leaves the CPU training, with the reason", {
  provokes: [/net::ERR_/],
}, async ({ page, origin }) => {
  await page.route("**/pkg/gpu/**", (route) => route.abort());
  await open({ page, origin }, "?batch=32&software=measure");
  await page.locator("#step").click();
  await measured(page, /was tried.*The WebGPU module could not be loaded/);
  assert.equal(await deviceOf(page), "cpu");
});

test("shaders that are silently skipped fail the self-test: the CPU trains", {}, async ({ page, origin }) => {
  await beforeWorker(page, "GPUComputePassEncoder.prototype.dispatchWorkgroups = () => {};");
  await open({ page, origin }, "?device=gpu&batch=32");
  await page.locator("#step").click();
  await untilStep(page, 1);
  assert.equal(await deviceOf(page), "cpu");
  assert.match(await reason(page), /differs/);
});

test("a lost GPU stops training; it continues from the checkpoint", {}, async ({ page, origin }) => {
  await beforeWorker(
    page,
    `const { requestDevice } = GPUAdapter.prototype;
     GPUAdapter.prototype.requestDevice = async function (...args) {
       return (globalThis.lastDevice = await requestDevice.apply(this, args));
     };`,
  );
  await open({ page, origin }, "?device=gpu&batch=32");
  await play(page);
  await untilStep(page, 1);
  const trainer = page.workers().find((worker) => worker.url().includes("module=gpu"));
  await trainer.evaluate(() => globalThis.lastDevice.destroy());
  await untilTraining(page, "failed");
  await untilTrouble(page, /lost|stopped/i);
  await drawingStillWorks(page);
  await recover(page);
  await untilStep(page, (await stepsDone(page)) + 1);
  await pause(page);
});
