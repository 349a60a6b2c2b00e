// The least that WebGPU promises is enough: no optional features, and the limits that every device has.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import { beforeWorker, LEAST_ADAPTER } from "./graphics.mjs";
import { loss, open, openIdle, pause, stepsDone, takeStep, untilLoss, untilStep } from "./page.mjs";
import { PINNED } from "./ten-losses.mjs";

const test = inChromium({ webgpu: true });
const deviceOf = (page) => page.locator("#train-panel").getAttribute("data-device");

/** A worker on an adapter without features, and what its device has. */
async function openWorkers(page, origin) {
  await beforeWorker(
    page,
    `${LEAST_ADAPTER}
    {
      const { requestDevice } = GPUAdapter.prototype;
      GPUAdapter.prototype.requestDevice = async function (...args) {
        return (globalThis.device = await requestDevice.apply(this, args));
      };
    }`,
  );
  await openIdle({ page, origin });
  await page.evaluate(async () => {
    const { WorkerClient } = await import(new URL("worker/worker-client.js", location.href));
    const file = async (name) =>
      new Uint8Array(await (await fetch(`data/digits-${name}-ubyte`)).arrayBuffer());
    const [images, labels] = [await file("images-idx3"), await file("labels-idx1")];
    globalThis.data = {
      name: "MNIST",
      classes: [..."0123456789"],
      train_images: images,
      train_labels: labels,
      test_images: images,
      test_labels: labels,
    };
    globalThis.cpu = new WorkerClient("cpu");
    globalThis.openGpu = () => new WorkerClient("gpu", { patience: 600_000 }); // a slow machine takes minutes for the largest step
    globalThis.gpu = openGpu();
    globalThis.firstStep = async (client, options) => {
      await client.call("create", { options, data });
      await client.call("train", { steps: 1 });
      return client.call("checkpoint", { resume: true });
    };
  });
}

test("every preset takes a step on a device with nothing but WebGPU's default limits", {}, async ({
  page,
  origin,
}) => {
  await openWorkers(page, origin);
  const compared = await page.evaluate(async () => {
    const { presets } = await cpu.call("schema");
    const compared = [];
    for (const { name, model, train } of presets) {
      const [a, b] = [await firstStep(cpu, { model, train }), await firstStep(gpu, { model, train })];
      compared.push({ ...(await cpu.call("largest_difference", { a, b })), system: name });
    }
    return compared;
  });
  const worker = page.workers().find((each) => each.url().includes("module=gpu"));
  const { features, limits } = await worker.evaluate(() => ({
    features: [...globalThis.device.features],
    limits: [
      "maxStorageBuffersPerShaderStage",
      "maxComputeInvocationsPerWorkgroup",
      "maxComputeWorkgroupStorageSize",
      "maxStorageBufferBindingSize",
      "maxBufferSize",
      "maxComputeWorkgroupsPerDimension",
      "minStorageBufferOffsetAlignment",
    ].map((name) => globalThis.device.limits[name]),
  }));
  assert.deepEqual(
    features.filter((name) => name !== "core-features-and-limits"),
    [],
  );
  assert.deepEqual(limits, [8, 256, 16_384, 2 ** 27, 2 ** 28, 65_535, 256]);
  assert.ok(compared.length >= 17);
  for (const { system, name, relative } of compared)
    assert.ok(relative < 1e-3, `${system}: ${name} differs by ${relative}`);
});

test("so do the largest models and batches, or a sentence says why not", { long: true }, async ({
  page,
  origin,
}) => {
  await openWorkers(page, origin);
  const found = await page.evaluate(async () => {
    const { settings } = await cpu.call("schema");
    const [hidden, latent, batch] = ["hidden", "latent", "batch"].map((name) => settings[name].max);
    const found = [];
    for (const [model, train] of [
      [{ hidden, latent }, { batch }],
      [{ body: "conv", latent }, { batch: 512 }],
    ]) {
      if (gpu.closed) globalThis.gpu = openGpu();
      const step = firstStep(gpu, { model, train });
      found.push(await step.then(({ length }) => ({ length })).catch(({ kind }) => ({ kind })));
    }
    return found;
  });
  for (const { length, kind } of found)
    assert.ok(length > 0 || /memory|device/.test(kind), JSON.stringify(found));
});

test("a whole run works there, with the losses of every other device", {}, async ({ page, origin }) => {
  await beforeWorker(page, LEAST_ADAPTER);
  await open({ page, origin }, "?device=gpu&batch=32&seed=11&latent=20");
  let sum = 0;
  for (const [i, expected] of PINNED.entries()) {
    await takeStep(page, i + 1);
    sum += expected; // the page shows the mean of the steps so far
    const shown = await loss(page, "train");
    assert.ok(Math.abs(shown - sum / (i + 1)) < 0.06, `step ${i + 1}: ${shown}, not ${sum / (i + 1)}`);
  }
  assert.equal(await deviceOf(page), "gpu");
  await page.locator("#play").click();
  await untilStep(page, 25);
  await untilLoss(page, "quick");
  await pause(page);
  assert.ok((await stepsDone(page)) >= 25);
  assert.equal(await deviceOf(page), "gpu");
});
