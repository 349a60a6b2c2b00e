// The fused operations, and training steps of random models, on WebGPU compared with the CPU. WebGPU runs on Chromium's software adapter.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import schema from "../www/schema.json" with { type: "json" };
import { inChromium } from "./browser.mjs";
import { openIdle } from "./page.mjs";

const test = inChromium({ webgpu: true });
const MODULES = fileURLToPath(new URL("../../pkg/", import.meta.url));

/** Gives the page's workers the modules that were built for the tests: only they export `kernel_trial`. */
async function useTestModules(page) {
  for (const module of ["test-cpu", "test-gpu"])
    assert.ok(existsSync(`${MODULES}${module}`), `pkg/${module} is missing: ./build.sh test builds it`);
  await page.route(/\/pkg\/(cpu|gpu)\/[^/]+$/, (route) => {
    const [module, file] = new URL(route.request().url()).pathname.split("/").slice(-2);
    const contentType = file.endsWith(".wasm") ? "application/wasm" : "text/javascript";
    return route.fulfill({ path: `${MODULES}test-${module}/${file}`, contentType });
  });
}

test("every tile of the CPU's module computes the matrix product, and Chromium has the one of single multiply-adds", {}, async ({
  page,
  origin,
}) => {
  await useTestModules(page);
  await openIdle({ page, origin });
  const differences = await page.evaluate(async () => {
    const module = await import(new URL("pkg/cpu/latent_lab.js", location.href));
    await module.default();
    return module.tile_differences();
  });
  assert.equal(differences.length, 3, "with relaxed SIMD, with SIMD, portable");
  for (const difference of differences) assert.ok(difference < 1e-5, differences.join(", "));
});

for (const [how, options, long] of [
  ["with subgroups", {}, false],
  ["on an adapter without subgroups", { plain: true }, false],
  ["with the sums that a real GPU splits", { parallel: true }, false],
  ["with these, without subgroups", { plain: true, parallel: true }, true],
]) {
  test(`every fused operation gives the same on WebGPU as on the CPU, ${how}`, { long }, async ({
    page,
    origin,
  }) => {
    await useTestModules(page);
    await openIdle({ page, origin });
    const trials = await page.evaluate(async ({ parallel, ...options }) => {
      const { WorkerClient } = await import(new URL("worker/worker-client.js", location.href));
      const patience = 600_000; // the first trial compiles every kernel
      const [cpu, gpu] = [new WorkerClient("cpu"), new WorkerClient("gpu", { patience, ...options })];
      const both = [];
      for (let seed = 0; seed < 12; seed++) {
        both.push([
          await cpu.call("kernel_trial", { seed }),
          await gpu.call("kernel_trial", { seed, parallel }),
        ]);
      }
      return both;
    }, options);
    for (const [seed, [onCpu, onGpu]] of trials.entries()) {
      assert.ok(onCpu.length > 40, "the outputs and gradients of all operations");
      assert.deepEqual(
        onGpu.map(([name]) => name),
        onCpu.map(([name]) => name),
      );
      for (const [i, [name, cpu]] of onCpu.entries()) {
        const gpu = onGpu[i][1];
        assert.equal(gpu.length, cpu.length, name);
        const largest = Math.max(1, ...cpu.map(Math.abs));
        const worst = Math.max(...cpu.map((value, j) => Math.abs(value - gpu[j])));
        assert.ok(worst <= 2e-4 * largest, `seed ${seed}, ${name}: ${worst} of ${largest}`);
      }
    }
  });
}

test("devices are opened with subgroups, which wgpu does not request", {}, async ({ page, origin }) => {
  await openIdle({ page, origin });
  const [before, after] = await page.evaluate(async () => {
    const has = async () =>
      (await (await navigator.gpu.requestAdapter()).requestDevice()).features.has("subgroups");
    const before = await has();
    const { requestSubgroups } = await import(new URL("worker/subgroups.js", location.href));
    return [before, (await requestSubgroups()) && (await has())];
  });
  assert.deepEqual([before, after], [false, true]);
});

test("random models take the same training step on WebGPU as on the CPU", {}, async ({ page, origin }) => {
  await openIdle({ page, origin });
  const random = { settings: schema.settings, wanted: 14 };
  const { compared, refused } = await page.evaluate(async ({ settings, wanted }) => {
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

    let state = 20; // a fixed seed, so that a failure can be reproduced
    const below = (count) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * count);
    };
    const one = (...choices) => choices[below(choices.length)];
    const choices = (name) => settings[name].choices;
    const system = () => ({
      model: {
        body: one("linear", "mlp", "mlp", "conv"),
        latent: 2 + below(6),
        hidden: 12 + below(12),
        posterior: one(...choices("posterior")),
        prior: one(...choices("prior")),
        likelihood: one(...choices("likelihood")),
        components: 2 + below(4),
        codes: 4 + below(4),
        labelled: one(true, false),
        classifier: one(true, false),
        critic: one(true, false),
      },
      train: {
        seed: below(100),
        batch: 8,
        beta: 0.5 + below(3),
        samples: 1 + below(3),
        corruption: one(...choices("corruption")),
      },
    });
    const step = async (client, options) => {
      await client.call("create", { options, data });
      const { losses } = await client.call("train", { steps: 1 });
      return { losses, bytes: await client.call("checkpoint", { resume: true }) };
    };
    const compared = [];
    let refused = 0;
    while (compared.length < wanted) {
      const options = system();
      const a = await step(cpu, options).catch((error) => String(error));
      if (typeof a === "string") {
        refused += 1;
        continue; // an invalid combination of settings
      }
      const b = await step(gpu, options);
      const worst = await cpu.call("largest_difference", { a: a.bytes, b: b.bytes });
      compared.push({ options, cpu: a.losses[0].total, gpu: b.losses[0].total, worst });
    }
    return { compared, refused };
  }, random);
  assert.ok(refused > 0, "some combinations are invalid");
  for (const { options, cpu, gpu, worst } of compared) {
    const which = JSON.stringify(options);
    assert.ok(Number.isFinite(cpu) && Math.abs(gpu / cpu - 1) < 1e-4, `${which}: ${cpu} and ${gpu}`);
    assert.ok(worst.relative < 1e-2, `${which}: ${worst.name} differs by ${worst.relative}`);
  }
});
