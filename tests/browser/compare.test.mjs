// The comparison of models, as a person uses it, against what Rust answers to the same requests.

import assert from "node:assert/strict";
import { inChromium, SOURCE } from "./browser.mjs";
import {
  actOnRun,
  assertAccessible,
  chooseSystem,
  drawByMouse,
  drawByTouch,
  loadNothingInAdvance,
  open,
  painted,
  pause,
  pickDigit,
  pixels,
  restart,
  set,
  showView,
  strokeOnPad,
  takeStep,
  until,
  untilAddress,
  untilAnswered,
  untilCompared,
  untilModel,
  untilNotice,
  untilPadIsEmpty,
  untilReady,
  untilRestarted,
  untilStep,
  untilTraining,
} from "./page.mjs";

const test = inChromium();

const column = (page, k) => page.locator(".compared").nth(k);
const part = (page, k, name) => column(page, k).locator(`[data-part="${name}"]`);
const row = (page, k) => page.locator("#compare-losses tbody tr").nth(k);

/** All columns have scored this many test images. */
function untilScored(page, images = 10_000) {
  return until(
    page,
    `every column has scored ${images} images`,
    () => page.locator(".compared").evaluateAll((all) => all.map(({ dataset }) => Number(dataset.images))),
    (scored) => scored.length > 0 && scored.every((count) => count >= images),
  );
}

/** The three numbers under the drawing of a column. */
const terms = (page, k) =>
  column(page, k)
    .locator("dd")
    .allInnerTexts()
    .then((all) => all.map((words) => Number.parseFloat(words)));

const numbersOf = async (locator) =>
  (await locator.locator("td").allInnerTexts()).map((cell) =>
    cell.split(" ± ").map((value) => Number.parseFloat(value.replaceAll(",", ""))),
  );

/** What another worker answers for the weights `file`: all that a column shows. */
function ask(page, file, { seed, reach, image }) {
  return page.evaluate(
    async ([source, name, asked]) => {
      const { WorkerClient } = await import(`${source}worker/worker-client.js`);
      const { MNIST } = await import(`${source}data-sets/shipped.js`);
      const { shippedFiles } = await import(`${source}data-sets/shipped-files.js`);
      const bytes = new Uint8Array(await (await fetch(`${source}models/${name}`)).arrayBuffer());
      const client = new WorkerClient("cpu");
      const [images, labels] = await shippedFiles(MNIST).test();
      const test = { ...MNIST, images, labels };
      await client.call("open_comparison", { test });
      const { model } = await client.call("open_column", { column: 1, weights: bytes });
      const call = (action, args) => client.call(action, { column: 1, ...args });
      const { losses } = await (async () => {
        for (;;) {
          const progress = await call("score_column", { count: 10_000 });
          if (progress.done === progress.of) return progress;
        }
      })();
      const prior = await call("prior_of_column", { seed: asked.seed, count: 20 });
      const box = await call("box_of_column", { seed: asked.seed, count: 20, reach: asked.reach });
      const noise = new Float32Array(model.latent);
      const drawn = asked.image && Float32Array.from(asked.image);
      const inferred = drawn && (await call("infer_column", { image: drawn, noise, label: 0 }));
      const pictures = async (z) => [...(await call("decode_column", { z, label: 0 }))];
      const answer = {
        losses,
        prior: await pictures(prior),
        box: await pictures(box),
        drawing: inferred && {
          picture: [...inferred.at_mean.picture],
          reconstruction: inferred.at_mean.reconstruction,
          kl: inferred.at_mean.kl,
          squared_error: inferred.at_mean.squared_error,
        },
      };
      client.close();
      return answer;
    },
    [SOURCE, file, { seed, reach, image }],
  );
}

/** The ink of each picture of a canvas, in reading order: [n * 784], 0..=1. */
function inkOf(locator, columns) {
  return locator.evaluate((canvas, across) => {
    const context = canvas.getContext("2d");
    const down = Math.round((canvas.height + 2) / 30);
    const ink = [];
    for (let k = 0; k < across * down; k++) {
      const { data } = context.getImageData((k % across) * 30, Math.floor(k / across) * 30, 28, 28);
      for (let i = 0; i < 784; i++) ink.push(1 - data[4 * i] / 255);
    }
    return ink;
  }, columns);
}

function assertSamePictures(found, expected, what) {
  assert.equal(found.length, expected.length, what);
  const largest = Math.max(...found.map((value, k) => Math.abs(value - expected[k])));
  assert.ok(largest < 0.01, `${what} differ by ${largest}`);
}

test("it opens with the autoencoder and the VAE of two components, and shows what Rust answers", {}, async ({
  page,
  origin,
}) => {
  await loadNothingInAdvance(page);
  await open({ page, origin });
  await pickDigit(page, 3);
  await untilAnswered(page);
  assert.equal(page.workers().length, 1, "the comparison has no worker before it is in sight");
  await showView(page, "compare");
  await untilCompared(page, "ae-z2", "z2");
  assert.equal(await page.locator("#view-map").isVisible(), false, "each column has a map of its own");
  await untilScored(page);
  await untilAnswered(page);
  const image = await inkOf(page.locator("#framed"), 1);
  for (const [k, file] of ["ae-z2.safetensors", "vae-z2.safetensors"].entries()) {
    const expected = await ask(page, file, { seed: 1, reach: 3, image });
    assertSamePictures(await inkOf(part(page, k, "prior"), 10), expected.prior, "samples of the prior");
    assertSamePictures(await inkOf(part(page, k, "box"), 10), expected.box, "samples of the box");
    assertSamePictures(
      await inkOf(part(page, k, "reconstruction"), 1),
      expected.drawing.picture,
      "reconstructions",
    );
    const [reconstruction, kl, error] = await terms(page, k);
    assert.ok(
      Math.abs(reconstruction - expected.drawing.reconstruction) < 1,
      "the image was read from a canvas",
    );
    assert.ok(Math.abs(kl - expected.drawing.kl) < 0.1);
    assert.ok(Math.abs(error - expected.drawing.squared_error) < 0.2);
    for (const [at, term] of ["cross_entropy", "kl", "total"].entries()) {
      const [mean, standardError = 0] = (await numbersOf(row(page, k)))[at];
      assert.ok(Math.abs(mean - expected.losses[term].mean) < 0.006, `${term}: ${mean}`);
      assert.ok(
        Math.abs(standardError - expected.losses[term].standard_error) < 0.006,
        `${term}: ${standardError}`,
      );
    }
    assert.equal(await part(page, k, "map").getAttribute("data-components"), "0 1");
  }
  const reaches = await page
    .locator('.compared [data-part="map"]')
    .evaluateAll((maps) => maps.map(({ dataset }) => Number(dataset.square.split(" ")[2])));
  assert.ok(reaches[0] > 2 * reaches[1], `the autoencoder's codes reach further: ${reaches}`);
});

test("every column follows the pen, and an emptied pad", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?view=compare&compare=ae,pca,vq");
  await untilScored(page, 1);
  const canvases = [0, 1, 2].map((k) => `.compared:nth-of-type(${k + 1}) [data-part="reconstruction"]`);
  const before = await Promise.all(canvases.map((selector) => pixels(page, selector)));
  await drawByMouse(page, await strokeOnPad(page));
  for (const [k, selector] of canvases.entries())
    await until(
      page,
      `column ${k} shows the drawing`,
      () => pixels(page, selector),
      (now) => now !== before[k],
    );
  await until(
    page,
    "the numbers are there",
    () => Promise.all([0, 1, 2].map((k) => terms(page, k))),
    (all) => all.flat().every(Number.isFinite),
  );
  await page.locator("#clear").click();
  await untilPadIsEmpty(page);
  await until(
    page,
    "no column has a number",
    () => Promise.all([0, 1, 2].map((k) => terms(page, k))),
    (all) => all.flat().every(Number.isNaN),
  );
});

test("a story is one press of a key, and its address brings it back", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?view=compare");
  const story = page.locator("#compare-stories button").nth(1);
  await story.focus();
  await page.keyboard.press("Enter");
  await untilCompared(page, "beta-0.1", "z20", "beta", "beta-20");
  assert.equal(await story.getAttribute("aria-pressed"), "true");
  await untilScored(page);
  const kls = [];
  for (const k of [0, 1, 2, 3]) kls.push((await numbersOf(row(page, k)))[1][0]);
  assert.deepEqual(
    kls,
    kls.toSorted((a, b) => b - a),
    "a larger beta has a smaller KL",
  );
  await untilAddress(page, /compare=/);
  await page.reload();
  await untilReady(page);
  await untilCompared(page, "beta-0.1", "z20", "beta", "beta-20");
  for (const name of [2, 3]) {
    await page.locator("#compare-stories button").nth(name).click();
    await painted(page); // the columns are those of the story, and have scored nothing yet
    await untilScored(page);
    assert.equal(await page.locator(".compared .trouble:not([hidden])").count(), 0);
  }
});

test("an address that asks for models that there are not says so, and keeps the others", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?view=compare&compare=z20,nothing,ae,beta,mse,sigma");
  await untilNotice(page, /“nothing, sigma”/);
  await untilCompared(page, "z20", "ae", "beta", "mse");
});

test("columns are added, changed and removed; what a model cannot have is explained", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?view=compare");
  await page.locator("#compare-add").selectOption("vq");
  await untilCompared(page, "ae-z2", "z2", "vq");
  await untilScored(page, 1);
  assert.match(await part(page, 2, "map-none").innerText(), /indices/);
  assert.match(await part(page, 2, "box-none").innerText(), /no box/);
  assert.equal(await part(page, 2, "map").isVisible(), false);
  await part(page, 0, "select").selectOption("cvae");
  await untilCompared(page, "cvae", "z2", "vq");
  await untilScored(page, 1);
  assert.match(await part(page, 0, "prior").getAttribute("aria-label"), /every label/);
  await page.locator("#compare-add").selectOption("semi");
  await untilCompared(page, "cvae", "z2", "vq", "semi");
  assert.equal(await page.locator("#compare-add").isDisabled(), true, "four are the most");
  const left = ["cvae", "z2", "vq", "semi"];
  while (left.length > 1) {
    await part(page, 0, "remove").click();
    left.shift();
    await untilCompared(page, ...left);
  }
  assert.equal(await part(page, 0, "remove").isVisible(), false, "one stays");
});

test("a conditional model says with which label it encodes and decodes", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?view=compare&compare=cvae,semi,z2&demo=off");
  const part = (source, name) => page.locator(`.compared[data-source="${source}"] [data-part="${name}"]`);
  const words = (source, name) => part(source, name).innerText();
  await pickDigit(page, 4);
  const become = (source, name, expected) =>
    until(
      page,
      `${name} of ${source} says so`,
      () => words(source, name),
      (now) => now === expected,
    );
  await become("cvae", "drawing-label", "given the label 4");
  await become("semi", "drawing-label", "given the label 4, inferred by its classifier");
  for (const source of ["cvae", "semi"]) {
    await become(source, "path-label", "as 4");
    for (const name of ["prior-label", "box-label"]) await become(source, name, "each code with every label");
    assert.equal(await words(source, "digits-label"), "with their own labels");
  }
  for (const name of ["drawing-label", "path-label", "prior-label", "box-label", "digits-label"])
    assert.equal(await words("z2", name), "", "other models have no labels");
  await chooseSystem(page, "semi");
  await untilModel(page, "semi");
  await showView(page, "latents");
  await page.locator('#label input[value="7"]').check();
  await showView(page, "compare");
  await become("semi", "drawing-label", "given the label 7");
  await become("semi", "path-label", "as 7");
  await page.locator("#clear").click();
  await become("cvae", "drawing-label", "");
});

test("other samples and another box are the same for all models of one size", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?view=compare");
  await untilScored(page, 1);
  await untilAnswered(page);
  const box = (k) => `.compared:nth-of-type(${k + 1}) [data-part="box"]`;
  const prior = (k) => `.compared:nth-of-type(${k + 1}) [data-part="prior"]`;
  const before = await Promise.all([box(0), box(1), prior(1)].map((each) => pixels(page, each)));
  await page.locator("#compare-reach").focus();
  for (let k = 0; k < 8; k++) await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator("#compare-reach-value").innerText(), "±7");
  await until(
    page,
    "the box is larger",
    () => pixels(page, box(1)),
    (now) => now !== before[1],
  );
  await until(page, "the pictures are those of the larger box", async () => {
    const { box: expected } = await ask(page, "vae-z2.safetensors", { seed: 1, reach: 7 });
    const found = await inkOf(part(page, 1, "box"), 10);
    return found.every((value, at) => Math.abs(value - expected[at]) < 0.01);
  });
  assert.equal(await pixels(page, prior(1)), before[2], "the prior has nothing to do with the box");
  await page.locator("#compare-samples").click();
  await until(
    page,
    "there are other samples",
    () => pixels(page, prior(1)),
    (now) => now !== before[2],
  );
});

test("a run is compared while it trains, and stays when it is deleted", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await set(page, { latent: 2, epochs: 50 });
  await takeStep(page, 1);
  await page.locator("#play").click();
  await untilTraining(page, "running");
  await showView(page, "compare");
  const [run] = await page
    .locator("#compare-add optgroup:nth-child(2) option")
    .evaluateAll((all) => all.map(({ value }) => value));
  assert.match(run, /^run-[0-9a-f]{32}$/);
  await page.locator("#compare-add").selectOption(run);
  const step = () => column(page, 2).getAttribute("data-step").then(Number);
  const first = await until(page, "the run is shown", step, (now) => now > 0);
  await until(page, "later weights are shown", step, (now) => now > first);
  await untilStep(page, 300);
  await until(
    page,
    "its loss falls below that of the mean image",
    async () => (await numbersOf(row(page, 2)))[2][0],
    (total) => total < 205.65,
  );
  await pause(page);
  await untilScored(page); // at rest it is scored on all test images
  assert.equal(await step(), Number(await page.locator("#train-panel").getAttribute("data-step")));
  await restart(page);
  await untilRestarted(page);
  await showView(page, "compare");
  await untilCompared(page, "ae-z2", "z2", run); // another run does not take its place
  await actOnRun(page, "Latent size", "Delete");
  await showView(page, "compare");
  await until(
    page,
    "the column says that its run is deleted",
    () => part(page, 2, "note").innerText(),
    (words) => /Deleted/.test(words),
  );
  await drawByMouse(page, await strokeOnPad(page));
  await until(
    page,
    "the deleted run still answers",
    () => terms(page, 2),
    (all) => all.every(Number.isFinite),
  );
});

test("weights that cannot be loaded have a sentence in their column, and come with the next try", {
  provokes: [/ERR_FAILED/],
}, async ({ page, origin }) => {
  await page.route("**/models/mse-*", (route) => route.abort());
  await open({ page, origin }, "?view=compare&compare=mse,z2");
  const trouble = column(page, 0).locator(".trouble");
  await trouble.locator(".notice-text").waitFor();
  assert.match(await trouble.innerText(), /mse\.safetensors/);
  await until(
    page,
    "the other column works",
    () => column(page, 1).getAttribute("data-images"),
    (n) => Number(n) > 0,
  );
  await page.unroute("**/models/mse-*");
  await trouble.locator("button").click();
  await untilScored(page);
  assert.equal(await trouble.isVisible(), false);
});

test("a run that is not on this device says so", {}, async ({ page, origin }) => {
  await open({ page, origin }, `?view=compare&compare=z2,run-${"0".repeat(32)}`);
  const trouble = column(page, 1).locator(".notice-text");
  await trouble.waitFor();
  assert.match(await trouble.innerText(), /not on this device/);
});

test("on a phone up to four columns are pushed sideways, and nothing else", {
  viewport: { width: 360, height: 640 },
  hasTouch: true,
  isMobile: true,
}, async ({ page, origin }) => {
  await open({ page, origin }, "?view=compare&compare=beta-0.1,z20,beta,beta-20");
  await untilScored(page, 1);
  const wider = await page.evaluate(() =>
    [...document.querySelectorAll("body, #view-compare, #compare-losses .loss-figure")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map(({ id, className }) => id || className),
  );
  assert.deepEqual(wider, []);
  await drawByTouch(page, await strokeOnPad(page));
  await until(
    page,
    "the drawing has numbers",
    () => terms(page, 0),
    (all) => all.every(Number.isFinite),
  );
});

for (const colorScheme of ["light", "dark"])
  test(`axe finds nothing, ${colorScheme}`, { colorScheme }, async ({ page, origin }) => {
    await open({ page, origin }, "?view=compare&compare=z20,ae,pca,vq");
    await untilScored(page, 1);
    await painted(page);
    await assertAccessible(page);
  });
