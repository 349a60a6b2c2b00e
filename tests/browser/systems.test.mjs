// The systems of the field: chosen, shown, trained.

import assert from "node:assert/strict";
import { inChromium, SOURCE } from "./browser.mjs";
import {
  assertAccessible,
  chooseSystem,
  chosenSystem,
  loadNothingInAdvance,
  loss,
  open,
  painted,
  pause,
  pickDigit,
  pixels,
  set,
  showView,
  takeStep,
  until,
  untilAddress,
  untilAnswered,
  untilModel,
  untilNotice,
  untilPixelsAre,
  untilPixelsChange,
  untilStep,
  untilTraining,
  untilTrouble,
} from "./page.mjs";

const test = inChromium();
const formula = (page) => page.locator("#loss-formula").innerText();
const setting = (page, name) => page.locator(`#settings [name="${name}"]`).inputValue();

test("choosing the plain autoencoder changes pictures, formula, settings and address", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  const before = await pickDigit(page, 3);
  const plain = await formula(page);
  await chooseSystem(page, "ae");
  await untilModel(page, "ae");
  await untilPixelsChange(page, "#at-mean", before);
  assert.notEqual(await formula(page), plain);
  assert.equal(await page.locator('#loss-formula mark[data-part="divergence"]').count(), 1);
  assert.equal(await setting(page, "posterior"), "point");
  assert.equal(await page.locator("#model").inputValue(), "ae");
  await untilAddress(page, /system=ae/);

  assert.equal(await pixels(page, "#at-sample"), await pixels(page, "#at-mean"), "a point has no noise");
  assert.equal(await page.locator('#sliders [data-unused="true"]').count(), 0);
  assert.match(await page.locator("#sliders-key").textContent(), /no KL/);

  await chooseSystem(page, "vae");
  await untilModel(page, "z20");
  await untilPixelsAre(page, "#at-mean", before, "the first pictures are back");
});

test("a conditional model draws the same sliders as different classes", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=cvae");
  assert.ok(await page.locator("#label").isVisible());
  await pickDigit(page, 3);
  const digit = (n) => page.locator(`#label input[value="${n}"]`);
  assert.ok(await digit(3).isChecked(), "a sample brings its digit");
  const sliders = () =>
    page.locator("#sliders input[type=range]").evaluateAll((all) => all.map(({ value }) => value));
  await untilAnswered(page);
  const [at, three] = [await sliders(), await pixels(page, "#decoded")];
  await digit(7).click();
  await untilPixelsChange(page, "#decoded", three);
  await untilAnswered(page);
  const seven = await pixels(page, "#decoded");
  assert.deepEqual(await sliders(), at);
  await digit(0).click();
  await untilPixelsChange(page, "#decoded", seven);
  assert.deepEqual(await sliders(), at);
  const samples = () => page.locator("#prior").getAttribute("aria-label");
  assert.doesNotMatch(await samples(), /every label/, "nothing is decoded for a view out of sight");
  await showView(page, "train");
  await until(page, "the samples of each label are there", samples, (label) => /every label/.test(label));
  await showView(page, "latents");

  await chooseSystem(page, "vae");
  await untilModel(page, "z20");
  assert.ok(await page.locator("#label").isHidden());
});

test("a learned variance trains with finite losses and without the marks of cross-entropy", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?system=sigma&batch=32");
  for (let step = 1; step <= 3; step++) await takeStep(page, step);
  assert.ok(Number.isFinite(await loss(page, "train", "reconstruction")));
  assert.equal(await page.locator("#chart").getAttribute("data-marks"), "");
  assert.doesNotMatch(await page.locator("#loss-note").textContent(), /205\.7|45\.5/);
});

test("after another system is chosen, training makes that one", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32");
  await takeStep(page, 1);
  await chooseSystem(page, "mse");
  await untilModel(page, "mse");
  assert.match(await page.locator("#play").innerText(), /this system/);
  await page.locator("#step").click();
  await until(
    page,
    "a model with squared error has taken a step",
    () => loss(page, "train", "reconstruction"),
    (now) => now > 720,
  );
  await untilModel(page, "training");
});

test("a corrupted drawing is what the model sees, and the numbers say so", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=denoise");
  assert.equal(await page.locator("#corruption").inputValue(), "noise");
  await pickDigit(page, 5);
  const noisy = await pixels(page, "#framed");
  assert.match(await page.locator("#terms-caption").innerText(), /corrupted/i);
  await page.locator("#input-options > summary").click();
  await page.locator("#corruption").selectOption("none");
  await untilPixelsChange(page, "#framed", noisy);
  assert.doesNotMatch(await page.locator("#terms-caption").innerText(), /corrupted/i);
});

test("a system without pre-trained weights says so and can be trained", { provokes: [/404/] }, async ({
  page,
  origin,
}) => {
  await page.route("**/models/full-*.safetensors", (route) => route.fulfill({ status: 404 }));
  await open({ page, origin }, "?batch=32");
  const before = await pickDigit(page, 2);
  await chooseSystem(page, "full");
  await untilNotice(page, /no pre-trained weights/);
  assert.equal(await pixels(page, "#at-mean"), before);
  await page.locator("#step").click();
  await untilStep(page, 1);
  await untilModel(page, "training");
  assert.equal(await page.locator("#sample-formula").innerText(), "z = μ + Lε");
});

test("an unknown system is refused with a notice", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=nonsense");
  await untilNotice(page, /nonsense/);
  assert.equal(await chosenSystem(page), "vae");
  await pickDigit(page, 1);
});

/** The system's own model, made here by one small step: nothing depends on its shipped weights. */
async function openTrained({ page, origin }, name, query = "") {
  await open({ page, origin }, `?system=${name}&batch=8${query}`);
  await pickDigit(page, 3);
  await takeStep(page, 1);
  await untilModel(page, "training");
  await untilAnswered(page);
}
const unshipped = { provokes: [/404/] };
const openFold = async (page) => {
  await showView(page, "train");
  await page.locator('#settings .fold[data-fold="parts"] summary').click();
};
const field = (page, name) => page.locator(`#settings .field[data-name="${name}"]`);

test("the setting of a part is shown only while that part is chosen", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await openFold(page);
  for (const [name, part, chosen, plain] of [
    ["components", "prior", "vamp", "standard"],
    ["codes", "posterior", "codebook", "diagonal"],
    ["critic_weight", "critic", "true", "false"],
    ["labels", "classifier", "true", "false"],
  ]) {
    assert.ok(await field(page, name).isHidden(), name);
    await set(page, { [part]: chosen });
    assert.ok(await field(page, name).isVisible(), name);
    assert.equal(await field(page, name).locator("xpath=ancestor::details[@class='fold']").count(), 0);
    await set(page, { [part]: plain });
    assert.ok(await field(page, name).isHidden(), name);
  }
});

test("parts that exclude each other are refused with a sentence, and another choice trains", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?batch=8&device=cpu&posterior=point&prior=mixture");
  await page.locator("#step").click();
  await untilTrouble(page, /density/);
  await pickDigit(page, 4);
  await openFold(page);
  await set(page, { prior: "standard" });
  await page.locator("#trouble-action").click();
  await untilStep(page, 1);
  await untilTraining(page, "paused");
  assert.ok(await page.locator("#trouble").isHidden());
});

test(
  "a setting that a running model refuses is explained, and the run continues",
  unshipped,
  async (site) => {
    const { page } = site;
    await openTrained(site, "semi");
    await set(page, { samples: 5 });
    await takeStep(page, 2);
    assert.match(await page.locator("#setting-note").innerText(), /classifier.*continues/);
    await set(page, { samples: 1 });
    assert.equal(await page.locator("#setting-note").innerText(), "");
  },
);

test(
  "a codebook's places are chosen and given other codes, by pointer and by keyboard",
  unshipped,
  async (site) => {
    const { page } = site;
    await openTrained(site, "vq");
    assert.ok(await page.locator("#sliders").isHidden());
    const cell = (row, column) =>
      page.locator(`#code-grid [role="row"]:nth-child(${row}) button:nth-child(${column})`);
    const code = async (at) => Number(await at.innerText());
    await cell(3, 4).click();
    await painted(page);
    assert.equal(await page.locator("#code-place").innerText(), "Row 3, column 4");
    const drawn = await code(cell(3, 4));
    assert.match(await page.locator("#code-posterior").innerText(), new RegExp(`has code ${drawn},`));

    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await painted(page);
    assert.equal(await page.locator("#code-place").innerText(), "Row 4, column 5");
    assert.equal(await page.locator('#code-grid [tabindex="0"]').count(), 1);
    const [before, picture] = [await code(cell(4, 5)), await pixels(page, "#decoded")];
    await page.locator(before < 127 ? "#code-more" : "#code-less").focus();
    await page.keyboard.press("Enter");
    await untilPixelsChange(page, "#decoded", picture);
    assert.equal(Math.abs((await code(cell(4, 5))) - before), 1);
    assert.match(await cell(4, 5).getAttribute("aria-label"), new RegExp(`the drawing has ${before}`));

    await page.locator("#latent-reset").click();
    await untilPixelsAre(page, "#decoded", picture, "the drawing's own codes are back");
    await page.locator("#latent-sample").click();
    await untilPixelsChange(page, "#decoded", picture);
    assert.equal(await page.locator("#code-grid button").count(), 49);

    await page.locator("#play").click();
    await showView(page, "train");
    await until(
      page,
      "codes are counted",
      () => page.locator("#test-extra").textContent(),
      (text) => /Perplexity of the codes: \d+ of 128 on the first 512/.test(text),
    );
    await pause(page);
    await chooseSystem(page, "vae");
    await untilModel(page, "z20");
    await showView(page, "latents");
    assert.ok(await page.locator("#codes").isHidden());
    assert.ok(await page.locator("#sliders").isVisible());
  },
);

/** What another worker answers for a codebook and its codes over the first 2,000 test images. */
function countedCodes(page) {
  return page.evaluate(async (source) => {
    const { WorkerClient } = await import(`${source}worker/worker-client.js`);
    const { MNIST } = await import(`${source}data-sets/shipped.js`);
    const { shippedFiles } = await import(`${source}data-sets/shipped-files.js`);
    const weights = new Uint8Array(await (await fetch(`${source}models/vq.safetensors`)).arrayBuffer());
    const client = new WorkerClient("cpu");
    await client.call("load", { weights: weights.slice() });
    const [{ places, share }] = await client.call("codebook", { before: new Float32Array(0) });
    const [images, labels] = await shippedFiles(MNIST).test();
    const test = { ...MNIST, images, labels };
    await client.call("open_map", { test, weights });
    for (let done = 0, of = 1; done < of; ) ({ done, of } = await client.call("encode_map", { count: 2000 }));
    const { codes } = await client.call("map_codes");
    client.close();
    return { places: [...places], share, codes: [...codes] };
  }, SOURCE);
}

test(
  "codes have the colours of their vectors, and bars say how often each is used",
  unshipped,
  async (site) => {
    const { page } = site;
    await open(site, "?system=vq");
    await pickDigit(page, 7);
    const { places, share, codes } = await countedCodes(page);
    const counts = Array(128).fill(0);
    for (const code of codes) counts[code]++;
    await page.locator('#code-usage[data-state="counted"]').waitFor();
    const colours = await page.locator("#code-usage [data-part=colours]").innerText();
    assert.match(colours, new RegExp(`${Math.round(100 * share)} % of their variance`));
    const all = await page.locator("#code-usage [data-part=all]").innerText();
    const entropy = counts.filter(Boolean).reduce((sum, n) => sum - (n / 98_000) * Math.log(n / 98_000), 0);
    const used = counts.filter(Boolean).length;
    assert.ok(
      all.includes(`${used} of 128 codes are used; their perplexity is ${Math.exp(entropy).toFixed(1)}.`),
      all,
    );

    const cells = await page
      .locator("#code-grid button")
      .evaluateAll((buttons) =>
        buttons.map((each) => [Number(each.innerText), getComputedStyle(each).backgroundColor]),
      );
    const lightest = (a, b) => places[2 * b[0]] - places[2 * a[0]];
    const [light, dark] = [cells.toSorted(lightest)[0], cells.toSorted(lightest).at(-1)];
    const sum = ([, colour]) => colour.match(/\d+/g).reduce((total, byte) => total + Number(byte), 0);
    assert.ok(sum(light) > sum(dark));

    const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
    const bars = page.locator("#code-usage canvas");
    await bars.scrollIntoViewIfNeeded();
    const { width } = await bars.boundingBox();
    const decoded = await pixels(page, "#decoded");
    await bars.click({ position: { x: (20.5 * width) / 128, y: 40 } });
    await untilPixelsChange(page, "#decoded", decoded);
    assert.equal(Number(await page.locator("#code-number").innerText()), order[20], "the code of the bar");
    await page.mouse.move(5, 5);
    await painted(page);
    const words = await page.locator("#code-usage [data-part=code]").innerText();
    const times = counts[order[20]].toLocaleString("en");
    assert.ok(
      words.startsWith(`Code ${order[20]}: used ${times} times`) && words.endsWith("rank 21 of 128."),
      words,
    );
    await assertAccessible(page);
  },
);

test(
  "the two grids of a VQ-VAE-2 are entered by keys, and one of them is redrawn alone",
  unshipped,
  async (site) => {
    const { page } = site;
    await openTrained(site, "vq2");
    const grids = page.locator("#code-grid .code-level");
    assert.deepEqual(await grids.evaluateAll((all) => all.map(({ children }) => children.length)), [7, 14]);
    const codes = () => page.locator("#code-grid button[role=gridcell]").allInnerTexts();
    assert.equal((await codes()).length, 49 + 196);
    await page.locator('#code-usage[data-state="counted"]').waitFor();
    const fills = () =>
      grids
        .last()
        .locator("button")
        .evaluateAll((all) => all.map((each) => getComputedStyle(each).backgroundColor));
    assert.ok(new Set(await fills()).size > 1, "the codes of the bottom have the colours of their vectors");

    await grids.last().locator("button").first().click();
    await page.keyboard.press("ArrowDown");
    await painted(page);
    assert.match(await page.locator("#code-place").innerText(), /^Bottom, row 2, column 1/);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await painted(page);
    assert.match(
      await page.locator("#code-place").innerText(),
      /^Bottom, row 1, column 1/,
      "a grid has an edge",
    );

    const [drawn, picture] = [await codes(), await pixels(page, "#decoded")];
    await page.getByRole("button", { name: "Redraw the bottom codes" }).click();
    await untilPixelsChange(page, "#decoded", picture);
    const redrawn = await codes();
    assert.deepEqual(redrawn.slice(0, 49), drawn.slice(0, 49), "the top stays");
    assert.notDeepEqual(redrawn.slice(49), drawn.slice(49));
    await page.getByRole("button", { name: "Redraw the top codes" }).click();
    await until(
      page,
      "the top is another",
      codes,
      (now) => now.slice(0, 49).join() !== drawn.slice(0, 49).join(),
    );
    assert.deepEqual((await codes()).slice(49), redrawn.slice(49), "the bottom stays");
    await page.locator("#latent-reset").click();
    await untilPixelsAre(page, "#decoded", picture, "the drawing's own codes are back");
    await assertAccessible(page);

    await showView(page, "posterior");
    await until(
      page,
      "the reason is given",
      () => page.locator("#posterior-panel").innerText(),
      (text) => /two codebooks/.test(text),
    );
  },
);

test("categorical variables have a slider with their values and nothing between", unshipped, async (site) => {
  const { page } = site;
  await openTrained(site, "categorical");
  const sliders = page.locator("#sliders input[type=range]");
  assert.equal(await sliders.count(), 30);
  const first = sliders.first();
  const range = await first.evaluate(({ min, max, step }) => [min, max, step]);
  assert.deepEqual(range, ["0", "9", "1"]);
  const strip = await page.locator("#strip").evaluate(({ width }) => width);
  assert.equal(strip, 10 * 28 + 9 * 2, "all ten values");
  const before = await pixels(page, "#decoded");
  const value = Number(await first.inputValue());
  await first.focus();
  await page.keyboard.press(value < 9 ? "ArrowRight" : "ArrowLeft");
  await untilPixelsChange(page, "#decoded", before);
  assert.equal(Math.abs(Number(await first.inputValue()) - value), 1);
  await page.locator("#latent-reset").click();
  await untilPixelsAre(page, "#decoded", before, "the drawing's own values are back");
  await page.locator("#latent-sample").click();
  await untilPixelsChange(page, "#decoded", before);
  const values = await sliders.evaluateAll((all) => all.map((each) => Number(each.value)));
  assert.ok(values.every((each) => Number.isInteger(each) && each >= 0 && each <= 9));
  await assertAccessible(page);
});

test("under Save-Data the codes are counted when somebody asks for it", unshipped, async (site) => {
  const { page } = site;
  await loadNothingInAdvance(page);
  await openTrained(site, "vq");
  const count = page.locator("#code-usage [data-part=count]");
  await count.click();
  await page.locator('#code-usage[data-state="counted"]').waitFor();
  assert.ok(await count.isHidden());
});

test(
  "a model with a classifier says which digit it predicts, and can be conditioned on another",
  unshipped,
  async (site) => {
    const { page } = site;
    await openTrained(site, "semi");
    const label = (value) => page.locator(`#label input[value="${value}"]`);
    const prediction = () => page.locator("#prediction").innerText();
    assert.ok(await label("inferred").isChecked());
    assert.match(await prediction(), /^Predicted class: \d \(.* %\)/);
    assert.match(await page.locator(".class-bars").getAttribute("aria-label"), /^0: .* %, .*9: .* %$/);
    const predicted = Number((await prediction()).match(/: (\d)/)[1]);
    const decoded = await pixels(page, "#decoded");
    const other = (predicted + 1) % 10;
    await label(other).click();
    await untilPixelsChange(page, "#decoded", decoded);
    await label("inferred").click();
    await untilPixelsAre(page, "#decoded", decoded, "the code is decoded as the predicted class again");

    await page.locator("#play").click();
    await showView(page, "train");
    await until(
      page,
      "digits are counted",
      () => page.locator("#test-extra").textContent(),
      (text) => /classified correctly: \d+\.\d % of the first 512/.test(text),
    );
    await pause(page);
    await chooseSystem(page, "cvae");
    await untilModel(page, "cvae");
    await showView(page, "latents");
    assert.ok(await label(other).isChecked(), "a model without a classifier takes the label chosen last");
    assert.ok(await page.locator("#classes").isHidden());
  },
);

test("principal components are fitted, not trained", unshipped, async ({ page, origin }) => {
  await open({ page, origin }, "?system=pca&latent=8");
  await showView(page, "train");
  assert.equal(await page.locator("#play").innerText(), "Fit");
  for (const id of ["#step", "#restart", "#chart", '#settings [name="epochs"]'])
    assert.ok(await page.locator(id).isHidden(), id);
  await untilAnswered(page);
  const before = await pixels(page, "#test-images");
  await page.locator("#play").click();
  await untilTraining(page, "finished");
  await untilModel(page, "training");
  await untilPixelsChange(page, "#test-images", before);
  assert.match(await page.locator("#status-text").innerText(), /closed form on 60,000 images in \d+\.\d s/);
  assert.match(await page.locator("#device-line").innerText(), /CPU/);
  assert.match(await page.locator("#device-reason").innerText(), /closed form/);
  assert.ok((await loss(page, "full", "reconstruction")) < 746.9, "better than the average digit");
  await showView(page, "latents");
  assert.equal(await page.locator("#sliders").getAttribute("data-count"), "8");

  await chooseSystem(page, "mse");
  await until(
    page,
    "training is trained again",
    () => page.locator("#play").innerText(),
    (text) => text === "Train this system",
  );
  assert.ok(await page.locator("#step").isVisible());
});

test("a linear autoencoder takes steps, and is solved in closed form after a restart that asks for it", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?system=linear&batch=32&device=cpu");
  await showView(page, "train");
  assert.equal(await page.locator("#play").innerText(), "Train");
  assert.ok(await page.locator("#closed-form-note").isHidden());
  for (let step = 1; step <= 3; step++) await takeStep(page, step);
  assert.ok((await loss(page, "train", "reconstruction")) > 735, "three steps do not solve it");
  await set(page, { closed_form: "true" });
  assert.equal(await field(page, "closed_form").getAttribute("data-pending"), "true");
  assert.ok(await field(page, "learning_rate").isHidden(), "a closed form has no learning rate");
  await takeStep(page, 4);
  await page.locator("#restart").click();
  await until(
    page,
    "the new run can be fitted",
    () => page.locator("#play").innerText(),
    (text) => text === "Fit",
  );
  await page.locator("#play").click();
  await untilTraining(page, "finished");
  assert.match(await page.locator("#status-text").innerText(), /closed form on 60,000 images/);
  assert.ok(await page.locator("#closed-form-note").isVisible());
  assert.ok((await loss(page, "full", "reconstruction")) < 730);
});

test("each of a system's weights can be shown, and the formula has their beta", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?system=beta&from=beta-0.1");
  await untilModel(page, "beta");
  const offered = await page.locator("#model option").allInnerTexts();
  assert.deepEqual(offered.slice(0, 3), [
    "pre-trained, β = 4",
    "pre-trained, β = 0.1",
    "pre-trained, β = 20",
  ]);
  assert.equal(await setting(page, "from"), "beta-0.1");
  const sharp = await pickDigit(page, 3);
  await page.locator("#model").selectOption("beta-20");
  await untilModel(page, "beta-20");
  await untilPixelsChange(page, "#at-mean", sharp);
  assert.match(await formula(page), /\+ 20 .*· KL/);
  await page.locator("#model").selectOption("beta-0.1");
  await untilModel(page, "beta-0.1");
  assert.match(await formula(page), /\+ 0\.1 .*· KL/);

  await chooseSystem(page, "ae");
  await untilModel(page, "ae");
  await page.locator("#model").selectOption("ae-z2");
  await untilModel(page, "ae-z2");
  await showView(page, "latents");
  assert.equal(await page.locator("#sliders").getAttribute("data-count"), "2");
});

test("the critic's weight is turned while it trains", unshipped, async (site) => {
  const { page } = site;
  await openTrained(site, "gan");
  await showView(page, "train");
  const slider = field(page, "critic_weight").locator("input[type=range]");
  await slider.focus();
  await page.keyboard.press("End");
  assert.equal(await setting(page, "critic_weight"), "10");
  assert.match(await formula(page), /10 · .*critic/);
  assert.equal(await field(page, "critic_weight").getAttribute("data-pending"), "false");
  await takeStep(page, 2);
  assert.equal(await page.locator("#setting-note").innerText(), "");
  assert.match(await page.locator("#loss-note").textContent(), /no part of the bound/);
});

test(
  "a convolutional model trains in small pieces while drawing still works",
  unshipped,
  async ({ page, origin }) => {
    await open({ page, origin }, "?system=conv&batch=4");
    await page.locator("#play").click();
    await untilStep(page, 3);
    await pickDigit(page, 6);
    await pause(page);
    assert.ok(await page.locator("#settings [name=hidden]").isHidden(), "it has no hidden units to set");
  },
);
