// Live training on the CPU module, as in a browser without WebGPU.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import {
  downloadWeights,
  drawingStillWorks,
  drop,
  loss,
  open,
  painted,
  pause,
  pickDigit,
  pixels,
  recover,
  restart,
  safetensorsHeader,
  set,
  showView,
  stepsDone,
  takeStep,
  until,
  untilAnswered,
  untilLoss,
  untilModel,
  untilPixelsAre,
  untilPixelsChange,
  untilRestarted,
  untilStep,
  untilTraining,
  untilTrouble,
  upload,
} from "./page.mjs";

const test = inChromium();
const play = (page) => page.locator("#play").click();

/** As a lost graphics processor: the worker's "error" event, whatever the page is doing. */
async function killTrainers(page) {
  const [, ...trainers] = page.workers();
  assert.ok(trainers.length > 0);
  for (const trainer of trainers) {
    await trainer.evaluate(() => {
      setTimeout(() => {
        throw new Error("the graphics device was lost");
      });
    });
  }
  await until(
    page,
    "the trainers are gone",
    () => page.workers().filter((worker) => trainers.includes(worker)).length, // the map may open another meanwhile
    (count) => count === 0,
  );
}

test("training from scratch lowers the test loss, and the page says that it is the CPU", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await pickDigit(page, 6);
  await showView(page, "train");
  await untilAnswered(page);
  const before = await pixels(page, "#test-images");
  await play(page);
  await untilTraining(page, "running");
  assert.equal(await page.locator("#train-panel").getAttribute("data-device"), "cpu");
  assert.match(await page.locator("#device-line").innerText(), /CPU/);
  assert.match(await page.locator("#device-reason").innerText(), /WebGPU|adapter/);
  const first = await untilLoss(page, "quick");
  await untilLoss(page, "quick", (now) => now < 0.8 * first && now < 250);
  await untilPixelsChange(page, "#test-images", before);
  await untilModel(page, "training");
  await drawingStillWorks(page);
  await pause(page);
});

test("pause holds still, one step is one step, restart begins again", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32");
  await play(page);
  await untilStep(page, 20);
  await pause(page);
  const held = await stepsDone(page);
  await drawingStillWorks(page); // many frames later
  assert.equal(await stepsDone(page), held);

  await takeStep(page, held + 1);
  assert.equal(await stepsDone(page), held + 1);

  await restart(page);
  await untilRestarted(page);
});

test("the same seed gives the same loss, a new one another", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32&seed=7");
  const firstLoss = async () => {
    await untilTraining(page, "paused");
    await takeStep(page, 1);
    return untilLoss(page, "train");
  };
  await takeStep(page, 1);
  const first = await loss(page, "train");
  await restart(page);
  await untilRestarted(page);
  assert.equal(await firstLoss(), first);
  await showView(page, "train");
  await page.locator("#restart-new").click();
  await untilRestarted(page);
  assert.notEqual(await firstLoss(), first);
});

test("weights are downloaded and loaded back, by picker and by drop", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32");
  await play(page);
  await untilStep(page, 10);
  await pause(page);
  await untilModel(page, "training");
  const trained = await pickDigit(page, 4);

  const { name, bytes } = await downloadWeights(page);
  assert.match(name, /\.safetensors$/);
  assert.ok(Object.keys(safetensorsHeader(bytes)).length > 4, "the file holds named tensors");

  await page.locator("#model").selectOption("z20");
  await untilPixelsChange(page, "#at-mean", trained);
  await page.locator("#file").setInputFiles(upload(bytes));
  await untilModel(page, "file");
  await untilPixelsAre(page, "#at-mean", trained, "the file gives the same picture");

  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await drop(page, { name: "mine.safetensors", bytes });
  await untilModel(page, "file");
  await untilPixelsAre(page, "#at-mean", trained, "the dropped file gives the same picture");
});

test("training starts from the pre-trained weights where asked", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?from=z20");
  await page.locator("#step").click();
  await untilStep(page, 1);
  assert.ok((await untilLoss(page, "train")) < 150, "the first step already knows digits");
});

test("what is being typed into a setting stays while training continues", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32&device=cpu");
  await play(page);
  await untilStep(page, 5);
  await showView(page, "train");
  const field = page.locator('#settings [name="beta"]');
  await field.fill("2.");
  await untilStep(page, (await stepsDone(page)) + 10);
  assert.equal(await field.inputValue(), "2.");
  await field.pressSequentially("5");
  await field.press("Tab");
  assert.equal(await field.inputValue(), "2.5");
  await pause(page);
});

test("a learning rate of 10 ends in a sentence and a way to recover", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32&lr=0.001");
  await play(page);
  await untilStep(page, 5);
  await set(page, { learning_rate: 10 });
  await untilTraining(page, "failed");
  await untilTrouble(page, /infinite or NaN/);
  await drawingStillWorks(page);
  await set(page, { learning_rate: 0.001 });
  await recover(page);
  await untilStep(page, (await stepsDone(page)) + 2);
  assert.ok(Number.isFinite(await untilLoss(page, "train")));
});

test("a trainer that fails is replaced and continues from its checkpoint", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32");
  await play(page);
  await untilStep(page, 10);
  await killTrainers(page);
  await untilTraining(page, "failed");
  await untilTrouble(page, /stopped|lost/i);
  await drawingStillWorks(page);
  await recover(page);
  await untilStep(page, (await stepsDone(page)) + 5);
});

test("settings out of range are clamped or refused visibly", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?latent=9999&batch=banana&lr=1e99&epochs=0&seed=-5");
  const value = (name) => page.locator(`#settings [name="${name}"]`).inputValue();
  assert.ok(Number(await value("latent")) <= 64);
  assert.ok(Number(await value("batch")) >= 1);
  for (const [name, text] of [
    ["latent", "0"],
    ["batch", "100000"],
    ["beta", "-1"],
    ["learning_rate", "1e9"],
    ["epochs", "2.5"],
  ]) {
    await set(page, { [name]: text });
    await page.locator(`#settings .field.corrected[data-name="${name}"]`).waitFor();
    assert.match(await page.locator("#setting-note").innerText(), /set to/);
    assert.notEqual(await value(name), text);
  }
  await page.locator("#step").click();
  await untilStep(page, 1);
});

test("with the network gone after loading, everything still works", {}, async ({ page, context, origin }) => {
  await open({ page, origin }, "?batch=32&view=train"); // a change of the address makes Chromium fetch the icon again
  await page.locator("#step").click();
  await untilStep(page, 1);
  await drawingStillWorks(page); // from now on the page fetches what it may need later
  await untilModel(page, "training");
  await page.waitForLoadState("networkidle");
  await painted(page);
  await until(
    page,
    "the map is that of the run",
    () => page.locator("#plane-state").innerText(),
    (words) => /^The first 2,000 of 10,000 test images/.test(words),
  );
  await context.setOffline(true);
  await drawingStillWorks(page);
  await restart(page);
  await untilRestarted(page);
  await untilTraining(page, "paused");
  await play(page);
  await untilStep(page, 5);
  await pause(page);
  await context.setOffline(false);
});

test("the data come from the cache on the second visit", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32");
  await page.locator("#step").click();
  await untilStep(page, 1);
  await until(page, "the data are kept", () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const kept = await Promise.all(
        names.map(async (name) => (await (await caches.open(name)).keys()).length),
      );
      return kept.some((count) => count >= 4);
    }),
  );
  const fetched = [];
  page.on("request", (request) => fetched.push(request.url()));
  await open({ page, origin }, "?batch=32");
  await page.locator("#step").click();
  await untilStep(page, 1);
  assert.deepEqual(
    fetched.filter((url) => url.includes("/data/train-")),
    [],
  );
});

test("a retry after a failed restart starts from the pre-trained weights again", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?from=z20");
  await takeStep(page, 1);
  await killTrainers(page);
  await restart(page);
  await untilTraining(page, "failed");
  assert.ok(await page.locator("#step").isDisabled());
  await page.locator("#trouble-action").click();
  await untilTraining(page, "paused");
  assert.equal(await stepsDone(page), 0, "a restart while paused stays paused, also when it is repeated");
  await page.locator("#step").click();
  await untilStep(page, 1);
  assert.ok((await untilLoss(page, "train")) < 150, "the first step already knows digits");
});

test("a trainer that fails while paused leaves its weights, and a way to recover", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?batch=32");
  await page.locator("#step").click();
  await untilStep(page, 1);
  await untilModel(page, "training");
  await untilTraining(page, "paused");
  await killTrainers(page);
  const { bytes } = await downloadWeights(page);
  assert.deepEqual(
    Object.keys(safetensorsHeader(bytes)).filter((name) => /moment|adam/i.test(name)),
    [],
  );
  await untilTraining(page, "failed");
  await page.locator("#trouble-action").click();
  await untilStep(page, 2);
  await untilTraining(page, "paused");
});
