// The systems of the field: chosen, looked at, trained.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import {
  loss,
  open,
  painted,
  pickSample,
  pixels,
  until,
  untilNotice,
  untilPixelsChange,
  untilStep,
  untilTraining,
} from "./page.mjs";

const test = inChromium();
const choose = (page, name) => page.locator("#system-name").selectOption(name);
const formula = (page) => page.locator("#loss").innerText();
const setting = (page, name) => page.locator(`#settings [name="${name}"]`).inputValue();
const modelIs = (page, wanted) =>
  until(
    page,
    `the model is ${wanted}`,
    () => page.locator("html").getAttribute("data-model"),
    (model) => model === wanted,
  );

test("choosing the plain autoencoder changes pictures, formula, settings and address", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  const before = await pickSample(page, 3);
  const plain = await formula(page);
  await choose(page, "ae");
  await modelIs(page, "ae");
  await untilPixelsChange(page, "#at-mean", before);
  assert.notEqual(await formula(page), plain);
  assert.equal(await page.locator('#loss mark[data-part="divergence"]').count(), 1);
  assert.equal(await setting(page, "posterior"), "point");
  assert.equal(await page.locator("#model").inputValue(), "ae");
  assert.match(page.url(), /system=ae/);

  assert.equal(await pixels(page, "#at-sample"), await pixels(page, "#at-mean"), "a point has no noise");
  assert.equal(await page.locator('#sliders [data-unused="true"]').count(), 0);
  assert.match(await page.locator("#sliders-key").innerText(), /no KL/);

  await choose(page, "vae");
  await modelIs(page, "z20");
  await until(
    page,
    "the first pictures are back",
    () => pixels(page, "#at-mean"),
    (now) => now === before,
  );
});

test("a conditional model draws the same sliders as different digits", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=cvae");
  assert.ok(await page.locator("#digit").isVisible());
  await pickSample(page, 3);
  const digit = (n) => page.locator(`#digit input[value="${n}"]`);
  assert.ok(await digit(3).isChecked(), "a sample brings its digit");
  const sliders = () =>
    page.locator("#sliders input[type=range]").evaluateAll((all) => all.map(({ value }) => value));
  await painted(page);
  const [at, three] = [await sliders(), await pixels(page, "#decoded")];
  await digit(7).click();
  const seven = await untilPixelsChange(page, "#decoded", three);
  assert.deepEqual(await sliders(), at);
  await digit(0).click();
  await untilPixelsChange(page, "#decoded", seven);
  assert.deepEqual(await sliders(), at);
  assert.match(await page.locator("#prior").getAttribute("aria-label"), /ten digits/);

  await choose(page, "vae");
  await modelIs(page, "z20");
  assert.ok(await page.locator("#digit").isHidden());
});

test("a learned variance trains with finite losses and without the marks of cross-entropy", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?system=sigma&batch=32");
  for (let step = 1; step <= 3; step++) {
    await page.locator("#step").click();
    await untilStep(page, step);
    await untilTraining(page, "paused");
  }
  assert.ok(Number.isFinite(await loss(page, "train", "reconstruction")));
  assert.equal(await page.locator("#chart").getAttribute("data-marks"), "");
  assert.doesNotMatch(await page.locator("#scale-note").innerText(), /205\.7|45\.5/);
});

test("after another system is chosen, training makes that one", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32");
  await page.locator("#step").click();
  await untilStep(page, 1);
  await untilTraining(page, "paused");
  await choose(page, "mse");
  await modelIs(page, "mse");
  assert.match(await page.locator("#play").innerText(), /this system/);
  await page.locator("#step").click();
  await until(
    page,
    "a model with squared error has taken a step",
    () => loss(page, "train", "reconstruction"),
    (now) => now > 720,
  );
  await modelIs(page, "training");
});

test("a spoilt drawing is what the model sees, and the numbers say so", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=denoise");
  assert.equal(await page.locator("#spoil").inputValue(), "noise");
  await pickSample(page, 5);
  const noisy = await pixels(page, "#framed");
  assert.match(await page.locator("#terms-caption").innerText(), /spoilt/);
  await page.locator("#spoil").selectOption("none");
  await untilPixelsChange(page, "#framed", noisy);
  assert.doesNotMatch(await page.locator("#terms-caption").innerText(), /spoilt/);
});

test("a system without pre-trained weights says so and can be trained", { provokes: [/404/] }, async ({
  page,
  origin,
}) => {
  await page.route("**/models/full.safetensors", (route) => route.fulfill({ status: 404 }));
  await open({ page, origin }, "?batch=32");
  const before = await pickSample(page, 2);
  await choose(page, "full");
  await untilNotice(page, /no pre-trained weights/);
  assert.equal(await pixels(page, "#at-mean"), before);
  await page.locator("#step").click();
  await untilStep(page, 1);
  await modelIs(page, "training");
  assert.equal(await page.locator("#sample-formula").innerText(), "z = μ + Lε");
});

test("a system that there is not is refused visibly", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=nonsense");
  await untilNotice(page, /nonsense/);
  assert.equal(await page.locator("#system-name").inputValue(), "vae");
  await pickSample(page, 1);
});
