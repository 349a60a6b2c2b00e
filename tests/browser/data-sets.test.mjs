// Another data set: chosen, trained on, kept with its run, and left again.

import assert from "node:assert/strict";
import { imagesFile, labelsFile, PIXELS } from "../../www/data-sets/idx.js";
import { inChromium } from "./browser.mjs";
import { keptRun } from "./kept.mjs";
import {
  drop,
  open,
  pause,
  pixels,
  runRow,
  showView,
  takeStep,
  until,
  untilAnswered,
  untilMapRests,
  untilModel,
  untilNotice,
  untilPixelsChange,
  untilStep,
  untilTraining,
} from "./page.mjs";

const test = inChromium();
const CPU = "device=cpu&batch=32&seed=5&hidden=64";

const chosen = (page) => page.locator("#data-choice").inputValue();
const chooseData = async (page, key) => {
  if (await page.locator("#data-choice").isHidden()) await showOthers(page);
  await page.locator("#data-choice").selectOption(key);
  await untilData(page, key);
};
/** The select is there once the view of data was seen. */
const showOthers = async (page) => {
  const view = await page.evaluate(
    () => document.querySelector("[data-tab][aria-selected=true]").dataset.tab,
  );
  await showView(page, "data");
  await showView(page, view);
};
const untilData = (page, key) =>
  until(
    page,
    `the data set is ${key}`,
    () => page.evaluate(() => new URLSearchParams(location.search).get("data") ?? "mnist"),
    (now) => now === key,
  );
const note = (page) => page.locator("#shown-note p").innerText();

test("Fashion-MNIST is chosen, trained on and mapped, and is there again after a reload", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, CPU);
  assert.equal(await chosen(page), "mnist");
  await showView(page, "train");
  await untilAnswered(page);
  const digits = await pixels(page, "#test-images");
  await chooseData(page, "fashion");
  assert.equal(await chosen(page), "fashion");
  await untilPixelsChange(page, "#test-images", digits);
  await untilModel(page, "fashion-vae");
  const marked = await page
    .locator('#system-map [data-pretrained="true"]')
    .evaluateAll((all) => all.map((option) => option.dataset.system));
  assert.deepEqual(marked.toSorted(), ["ae", "vae"], "those that have weights on it");
  assert.doesNotMatch(await note(page), /trained on MNIST/);

  await takeStep(page, 1);
  await untilModel(page, "training");
  await page.locator("#play").click();
  await untilStep(page, 20);
  await pause(page);
  const run = await keptRun(page);
  assert.deepEqual(
    [run.dataset.key, run.dataset.name, run.dataset.train],
    ["fashion", "Fashion-MNIST", 60_000],
  );
  assert.match(run.address, /data=fashion/);
  await until(
    page,
    "the map is of the run",
    () => page.locator("#plane-panel").getAttribute("data-step"),
    (step) => step === String(run.step),
  );
  await untilMapRests(page);

  await page.reload();
  await untilNotice(page, new RegExp(`step ${run.step}, .*Fashion-MNIST`));
  assert.equal(await chosen(page), "fashion");
  await page.locator('#notices button[data-action="Continue"]').click();
  await untilStep(page, run.step + 5);
  await pause(page);
  assert.equal((await keptRun(page)).dataset.key, "fashion");
});

test("a run goes on with its own data while another data set is looked at, and no curve crosses over", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await showView(page, "train");
  await takeStep(page, 1);
  await chooseData(page, "sprites");
  assert.match(await page.locator("#run-offers").innerText(), /trained on MNIST/);
  await page.locator("#play").click(); // a run of the sprites
  await untilTraining(page, "running");
  await untilStep(page, 5);
  await pause(page);
  const { dataset } = await keptRun(page);
  assert.deepEqual([dataset.key, dataset.train], ["sprites", 20_000]);
  const rows = page.locator("#runs tbody tr[data-run]");
  await until(
    page,
    "the table has both runs",
    () => rows.count(),
    (count) => count === 2,
  );
  const other = runRow(page, /^(?!.*Sprites)/);
  assert.ok(await other.row.locator("input[type=checkbox]").isDisabled(), "its losses are of other images");

  await other.row.getByRole("button", { name: "Continue" }).click();
  await untilData(page, "mnist");
  await untilTraining(page, "running");
  await pause(page);
  assert.equal((await keptRun(page)).dataset.key, "mnist");
});

/** Forty bars of two classes as files that are dropped on the page, kept there and chosen. */
async function bringBars(page) {
  const bar = (n, at) => (Math.abs((n % 2 ? at % 28 : Math.floor(at / 28)) - 8 - (n % 9)) < 2 ? 255 : 0);
  const images = Uint8Array.from({ length: 40 * PIXELS }, (_, k) => bar(Math.floor(k / PIXELS), k % PIXELS));
  const labels = Uint8Array.from({ length: 40 }, (_, n) => n % 2);
  await drop(
    page,
    { name: "bars-images-idx3-ubyte", bytes: imagesFile(images) },
    { name: "bars-labels-idx1-ubyte", bytes: labelsFile(labels) },
  );
  await until(
    page,
    "the files are read",
    () => page.locator("#files-state").innerText(),
    (words) => /^40 images in 2 classes/.test(words),
  );
  await page.locator("#files-keep").setChecked(true);
  await page.locator("#files-use").click();
  await until(page, "the bars are the data set", async () => /^own-/.test(await chosen(page)));
}

test("a person's own set is there again with its run; without the set the run is not continued, and says why", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, `${CPU}&system=cvae`);
  await bringBars(page);
  await showView(page, "train");
  await takeStep(page, 1);
  const run = await keptRun(page);
  assert.deepEqual([run.dataset.train, run.made.classes], [32, 2], "a label is as long as there are classes");

  await page.locator("#file-menu > summary").click();
  await page.locator("#share-data").waitFor();
  assert.match(await page.locator("#share-data").innerText(), /in this browser alone/);
  await page.keyboard.press("Escape");

  await page.reload();
  await untilNotice(page, /step 1/);
  assert.match(await chosen(page), /^own-/);
  await showView(page, "data");
  await page.locator("#data-delete").click();
  await page.locator("#data-delete-yes").click();
  await untilData(page, "mnist");
  await showView(page, "train");
  await runRow(page, /Conditional/)
    .row.getByRole("button", { name: "Continue" })
    .click();
  await untilNotice(page, /was trained on “.*”, which is no longer here/);
  assert.equal(await page.locator("#train-panel").getAttribute("data-training"), "idle");
});

test("a system without weights on the data set goes on showing those of MNIST, and says so", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "system=conv");
  await untilModel(page, "conv");
  assert.doesNotMatch(await note(page), /MNIST/);
  await chooseData(page, "fashion");
  await until(
    page,
    "the note says what it was trained on",
    () => note(page),
    (words) => /trained on MNIST; the test images are those of Fashion-MNIST/.test(words),
  );
  assert.equal(await page.locator("#model").inputValue(), "conv");
});

test("an address names the data set; one that is not there is refused in a sentence", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "data=sprites");
  assert.equal(await chosen(page), "sprites");
  await open({ page, origin }, "data=own-0123456789abcdef");
  assert.equal(await chosen(page), "mnist");
  await untilNotice(page, /made in another browser and is not here; MNIST is used/);
});

test("a data set that cannot be fetched leaves the one before, and says why", { provokes: [/404/] }, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await page.route("**/data/fashion/**", (route) => route.fulfill({ status: 404 }));
  await showOthers(page);
  await page.locator("#data-choice").selectOption("fashion");
  await untilNotice(page, /Fashion-MNIST cannot be used, and MNIST stays\..*the server answers 404/);
  await until(page, "MNIST is chosen again", async () => (await chosen(page)) === "mnist");
  await page.unroute("**/data/fashion/**");
  await chooseData(page, "fashion");
  const refusals = () => page.locator('#notices [data-name="data"]').count();
  await until(page, "the refusal is gone", refusals, (count) => count === 0);
});
