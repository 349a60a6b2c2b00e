// The evaluation panels: measurements, the map, nearest test images; with the real models and small numbers.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { inChromium } from "./browser.mjs";
import {
  assertAccessible,
  chooseSystem,
  copied,
  drawingStillWorks,
  loadNothingInAdvance,
  open,
  pause,
  pickDigit,
  pixels,
  setMap,
  showView,
  stepsDone,
  takeStep,
  until,
  untilAnswered,
  untilMapRests,
  untilModel,
  untilPixelsChange,
  untilStep,
  withoutHashing,
} from "./page.mjs";

const test = inChromium();
const JUDGE = fileURLToPath(new URL("../../www/models/judge.safetensors", import.meta.url));
const TRAINING_IMAGES = "train-images";

const state = (page, panel) => page.locator(`#${panel}-panel`).getAttribute("data-state");

function untilState(page, panel, ...states) {
  return until(
    page,
    `the panel ${panel} is ${states.join(" or ")}`,
    () => state(page, panel),
    (now) => states.includes(now),
  );
}

const VIEW_OF = { plane: "map", nearest: "measure" };
const openPanel = (page, panel) => showView(page, VIEW_OF[panel]);

async function measure(page) {
  await showView(page, "measure");
  await page.locator("#measure-images").selectOption("500");
  await page.locator("#measure-go").click();
  await untilState(page, "measure", "measured");
}

/** The numbers of a row, one for each model, NaN for n/a. */
function row(page, key) {
  return page
    .locator(`#measure-results tr[data-row="${key}"] td > span`)
    .evaluateAll((all) =>
      all.map(({ textContent }) => Number.parseFloat(textContent.replace("−", "-").replaceAll(",", ""))),
    );
}

function watchRequests(page) {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").at(-1)));
  return asked;
}

const within = (value, [least, most], what) =>
  assert.ok(value >= least && value <= most, `${what} is ${value}, not within ${least}..${most}`);

test("several systems are measured side by side, without the training images", {}, async ({
  page,
  origin,
}) => {
  await loadNothingInAdvance(page);
  const asked = watchRequests(page);
  await open({ page, origin });
  assert.ok(!asked.some((name) => name.startsWith("judge")), "nothing is loaded before it is needed");
  await measure(page);
  assert.deepEqual(
    asked.filter((name) => name.startsWith(TRAINING_IMAGES)),
    [],
  );
  const [total] = await row(page, "total");
  within(total, [98, 106], "the total of the first 500 test images");
  const error = await page.locator('#measure-results tr[data-row="total"] .error').innerText();
  within(Number(error.replace("± ", "")), [0.5, 2.5], "the standard error of that total");
  const [nll] = await row(page, "nll");
  assert.ok(nll < total, "importance weighting tightens the bound");
  const [frechet] = await row(page, "frechet");
  within(frechet, [10, 120], "the distance of samples");
  const [[precision], [recall]] = [await row(page, "precision"), await row(page, "recall")];
  within(precision, [40, 95], "the share of samples among real images");
  within(recall, [40, 95], "the share of real images among samples");
  const parts = await Promise.all(
    ["mutual_information", "total_correlation", "dimension_kl"].map(
      async (part) => (await row(page, part))[0],
    ),
  );
  const [kl] = await row(page, "kl");
  within(parts.reduce((sum, part) => sum + part) - kl, [-1, 1], "what the parts of the KL lack of it");
  within((await row(page, "collapsed_units"))[0], [0, 5], "collapsed units");
  assert.deepEqual(await row(page, "bits_per_dimension"), [], "grey pixels have none");

  await chooseSystem(page, "ae");
  await untilModel(page, "ae");
  await measure(page);
  assert.equal(await page.locator("#measure-panel").getAttribute("data-columns"), "2");
  const confidence = await row(page, "confidence");
  assert.ok(confidence[1] < confidence[0] - 10, `samples of an autoencoder are worse: ${confidence}`);
  assert.ok(Number.isNaN((await row(page, "nll"))[1]), "a point has no density");
  assert.ok((await row(page, "recall"))[1] < recall / 2, "its samples miss most of the images");
  const mmd = await row(page, "mmd");
  assert.ok(mmd[1] > 10 * mmd[0], `its codes are not those of the prior: ${mmd}`);
  assert.equal(asked.filter((name) => name.startsWith("t10k-images")).length, 1);

  const lines = (await copied(page, () => page.locator("#measure-copy").click())).split("\n");
  assert.match(
    lines[0],
    /^\tunit\tVariational autoencoder, Z = 20\treal images\tPlain autoencoder, Z = 20\treal images$/,
  );
  assert.ok(lines.some((line) => line.startsWith(`Total\tnats\t${total.toFixed(2)}\t`)));
  assert.ok(lines.some((line) => line.startsWith(`Total, standard error\tnats\t${error.slice(2)}\t`)));

  await page.locator('#measure-results button[aria-label="Remove Plain autoencoder, Z = 20"]').click();
  assert.equal(await page.locator("#measure-panel").getAttribute("data-columns"), "1");
});

test("binarised pixels have bits, and distances of another number of samples are not compared", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await measure(page);
  await page.locator("#measure-pixels").selectOption("binarised");
  await page.locator("#measure-prior-samples").selectOption("2000");
  await measure(page);
  const [grey, binarised] = await row(page, "bits_per_dimension");
  assert.ok(Number.isNaN(grey), "the first column is of grey pixels");
  within(binarised, [0.1, 0.3], "bits for each pixel");
  const notCompared = page.locator("#measure-results .not-compared");
  assert.deepEqual(
    await notCompared.evaluateAll((cells) => cells.map((cell) => cell.parentElement.dataset.row)),
    ["frechet", "precision", "recall"],
  );
  assert.match(await notCompared.first().innerText(), /not compared: 2,000 samples/);
  await assertAccessible(page);
});

test("another model chosen while measuring ends it, and can be measured itself", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await showView(page, "measure");
  await page.locator("#measure-images").selectOption("10000");
  await page.locator("#measure-importance-samples").selectOption("200");
  await page.locator("#measure-go").click();
  await until(
    page,
    "it is under way",
    () => page.locator("#measure-state").innerText(),
    (text) => /\d %/.test(text),
  );
  await drawingStillWorks(page);
  await page.locator("#model").selectOption("z2");
  await untilState(page, "measure", "superseded");
  await until(
    page,
    "it says why",
    () => page.locator("#measure-state").innerText(),
    (text) => /other weights/.test(text),
  );
  await page.locator("#measure-importance-samples").selectOption("10");
  await measure(page);
  within((await row(page, "total"))[0], [130, 165], "the total of two components");

  await page.locator("#measure-images").selectOption("10000");
  await page.locator("#measure-go").click();
  await page.locator("#measure-go", { hasText: "Stop" }).click();
  await untilState(page, "measure", "stopped");
  assert.equal(await page.locator("#measure-panel").getAttribute("data-columns"), "1");
});

/** Measuring fails with a sentence like `pattern`; when what was wrong is mended, Retry measures. */
async function measuringRecovers({ page, origin }, files, damage, pattern) {
  await loadNothingInAdvance(page);
  await withoutHashing(page);
  await page.route(files, damage);
  await open({ page, origin });
  await showView(page, "measure");
  await page.locator("#measure-images").selectOption("500");
  await page.locator("#measure-go").click();
  await untilState(page, "measure", "failed");
  await until(
    page,
    `it says ${pattern}`,
    () => page.locator("#measure-panel .notice-text").innerText(),
    (text) => pattern.test(text),
  );
  await drawingStillWorks(page);
  await page.unroute(files);
  await page.locator("#measure-panel .trouble button").click();
  await untilState(page, "measure", "measured");
  await page.locator("#measure-panel .trouble").waitFor({ state: "hidden" });
}

test("a damaged judge: a reason, a retry, and drawing still works", {}, async (site) => {
  const whole = await readFile(JUDGE);
  const body = whole.subarray(0, whole.length - 1000);
  const damage = (route) => route.fulfill({ body, contentType: "application/octet-stream" });
  await measuringRecovers(site, "**/models/judge-*.safetensors", damage, /judge\.safetensors was refused: /);
});

test("the map has its own reason and retry", { provokes: [/404/] }, async ({ page, origin }) => {
  await loadNothingInAdvance(page);
  const files = "**/data/t10k-labels*";
  await page.route(files, (route) => route.fulfill({ status: 404 }));
  await open({ page, origin });
  await page.locator("#plane-load").click();
  await untilState(page, "plane", "failed");
  await until(
    page,
    "it says why",
    () => page.locator("#plane-panel .notice-text").innerText(),
    (text) => /could not be fetched/.test(text),
  );
  await page.unroute(files);
  await page.locator("#plane-panel .trouble button").click();
  await untilMapRests(page);
});

test("a judge that is missing", { provokes: [/404/] }, (site) =>
  measuringRecovers(
    site,
    "**/models/judge-*.safetensors",
    (route) => route.fulfill({ status: 404 }),
    /judge\.safetensors could not be fetched: the server answers 404/,
  ),
);

test("test images that the network drops", { provokes: [/net::ERR_/] }, (site) =>
  measuringRecovers(
    site,
    "**/data/t10k-images*",
    (route) => route.abort(),
    /t10k-images\S+ could not be fetched/,
  ),
);

test("test images that arrive cut short", {}, async (site) => {
  const body = Buffer.from([0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28]);
  const damage = (route) => route.fulfill({ body, contentType: "application/gzip" });
  await measuringRecovers(site, "**/data/t10k-images*", damage, /t10k images: the header announces/);
});

test("the plane shows the codes, and its cross moves two sliders by mouse, touch and keyboard", {
  hasTouch: true,
}, async ({ page, origin }) => {
  await open({ page, origin }, "");
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await pickDigit(page, 7);
  await openPanel(page, "plane");
  await untilMapRests(page);
  const plane = page.locator("#plane");
  const place = () => page.locator("#plane-place").innerText();
  const slider = (c) => page.locator(`#z${c}`).inputValue().then(Number);
  await plane.scrollIntoViewIfNeeded();

  const { x, y, width } = await plane.boundingBox();
  const decoded = await pixels(page, "#plane-decoded");
  await page.mouse.click(x + width * 0.2, y + width * 0.4);
  await untilPixelsChange(page, "#plane-decoded", decoded);
  const clicked = [await slider(1), await slider(2)];
  assert.ok(clicked[0] < -0.5, `the left is negative: ${clicked}`);
  const said = (await place())
    .replaceAll("−", "-")
    .match(/-?\d+\.\d+/g)
    .map(Number);
  for (const [k, value] of clicked.entries())
    within(value, [said[k] - 0.06, said[k] + 0.06], `slider ${k + 1}`);

  await page.touchscreen.tap(x + width * 0.8, y + width * 0.4);
  await until(
    page,
    "a tap moves the cross to the right",
    () => slider(1),
    (now) => now > 0.5,
  );

  const before = await place();
  await plane.focus();
  await page.keyboard.press("Shift+ArrowUp");
  await until(page, "the cross goes up", place, (now) => now !== before);
  const up = await slider(2);
  await page.keyboard.press("ArrowDown");
  await until(
    page,
    "and down again",
    () => slider(2),
    (now) => now < up,
  );
  await until(
    page,
    "the place is spoken",
    () => page.locator("#live").innerText(),
    (text) => text.includes("z1 "),
  );

  await untilAnswered(page);
  await untilMapRests(page);
  const plain = await pixels(page, "#plane");
  await setMap(page, { background: true });
  await untilPixelsChange(page, "#plane", plain);
});

test("the axes can be chosen, and choosing the other's makes them change places", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await openPanel(page, "plane");
  await untilMapRests(page);
  const axes = async () => (await page.locator("#plane-panel").getAttribute("data-axes")).split(" ");
  const [across, upwards] = await axes();
  assert.equal(across, await page.locator("#sliders .latent").first().getAttribute("data-component"));
  const before = await pixels(page, "#plane");
  await setMap(page, { x: { index: 1 } });
  await until(page, "the axes have changed places", axes, (now) => `${now}` === `${[upwards, across]}`);
  await untilPixelsChange(page, "#plane", before);
});

test("neighbours, −log p(x) and classes follow the drawing once it rests", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=cvae");
  await openPanel(page, "nearest");
  await pickDigit(page, 0);
  await untilState(page, "nearest", "answered");
  const nll = () => page.locator("#nearest-nll").innerText();
  const nats = (text) => Number(text.match(/^−log p\(x\) ≈ ([\d.]+) nats/)[1]);
  const ofTwoThousand = (text) => /nats, higher than \d+ % of 2,000 test images$/.test(text);
  await until(page, "all test images are compared", nll, ofTwoThousand);
  assert.equal(await page.locator("#neighbours canvas").count(), 8);
  const classes = () => page.locator("#likelihoods .bar-chart").getAttribute("aria-label");
  assert.match(await classes(), /^0: 100 %/);
  const zero = nats(await nll());
  await pickDigit(page, 1);
  const one = await until(page, "−log p(x) of a one", nll, (now) => ofTwoThousand(now) && nats(now) !== zero);
  assert.ok(nats(one) < zero, "a single stroke is more likely");
  assert.match(await classes(), /1: 100 %/);

  await page.locator("#clear").click();
  await until(page, "nothing is drawn", nll, (now) => now === "");
  await chooseSystem(page, "vae");
  await untilModel(page, "z20");
  await pickDigit(page, 3);
  await until(page, "an answer of the other model", nll, ofTwoThousand);
  assert.ok(await page.locator("#likelihoods").isHidden(), "a model without labels has no classes");
});

test("the comparison keeps its weights while training, until newer ones are asked for", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?batch=32&device=cpu&epochs=1");
  await pickDigit(page, 7);
  await takeStep(page, 1);
  await openPanel(page, "nearest");
  const prepared = page.locator("#nearest-state");
  await untilState(page, "nearest", "answered");
  const refresh = page.locator("#nearest-panel .refresh");
  assert.ok(await refresh.isHidden());
  await page.locator("#play").click();
  await untilStep(page, 30);
  await pause(page);
  await refresh.waitFor();
  assert.match(await prepared.innerText(), /As of step 1;/);
  await refresh.click();
  await until(page, "the newer weights are used", () => refresh.isHidden());
  await untilState(page, "nearest", "answered");
  const step = await stepsDone(page);
  await measure(page);
  const head = await page.locator("#measure-results thead").innerText();
  assert.match(head, new RegExp(`Variational autoencoder, Z = 20\\s+step ${step}\\s`));
});

test("axe finds nothing and nothing sticks out at 360 px, with all panels open", {
  viewport: { width: 360, height: 740 },
  reducedMotion: "reduce", // a colour scheme is there at once
}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=cvae");
  await pickDigit(page, 4);
  await openPanel(page, "plane");
  await untilMapRests(page);
  await assertAccessible(page);
  await openPanel(page, "nearest");
  await untilState(page, "nearest", "answered");
  await measure(page);
  await chooseSystem(page, "beta");
  await untilModel(page, "beta");
  await measure(page);
  await page.locator("#measure-results summary").first().click();
  const [shown, whole] = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    return [clientWidth, scrollWidth];
  });
  assert.ok(whole <= shown, `${whole} px in a window of ${shown}`);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await assertAccessible(page);
  }
});

test("opening and measuring work by keyboard alone", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await page.locator("#tab-latents").focus();
  for (let k = 0; k < 4; k++) await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.id), "tab-measure");
  await untilMapRests(page);
  await page.locator("#measure-images").focus();
  await page.keyboard.press("Home");
  const go = page.locator("#measure-go");
  for (let i = 0; i < 5 && !(await go.evaluate((button) => button === document.activeElement)); i++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await untilState(page, "measure", "measured");
  assert.match(await page.locator("#measure-results thead").innerText(), /500 images/);
});
