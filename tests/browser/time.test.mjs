// Looking back at a run, as a person does it, against the weights that it had then.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import {
  actOnRun,
  assertAccessible,
  downloadWeights,
  drawBy,
  open,
  pause,
  pickDigit,
  pixels,
  runRow,
  showView,
  stepsDone,
  until,
  untilAnswered,
  untilModel,
  untilNotice,
  untilReady,
  untilStep,
  untilTraining,
  upload,
} from "./page.mjs";

const test = inChromium();

const handle = (page) => page.locator("#time-range");

/** Waits until the snapshot shown, "" being the present, is one that is `wanted`; resolves to its step. */
function untilSnapshot(page, what, wanted) {
  const shown = () =>
    page.locator("html").evaluate(({ dataset }) => (dataset.showing === "false" ? dataset.snapshot : null));
  return until(
    page,
    `the snapshot shown is ${what}`,
    shown,
    (snapshot) => snapshot !== null && wanted(snapshot),
  );
}

const untilPresent = (page) => untilSnapshot(page, "the present", (snapshot) => snapshot === "");
const untilPast = (page) => untilSnapshot(page, "an earlier one", (snapshot) => snapshot !== "");

/** A digit, and a run that is paused after some snapshots. */
async function trained(site, query = "") {
  const { page } = site;
  await open(site, `?device=cpu${query}`);
  await pickDigit(page, 3);
  await page.locator("#play").click();
  const count = () => handle(page).getAttribute("data-snapshots");
  await until(page, "there are some snapshots", count, (now) => Number(now) >= 6);
  await pause(page);
  await untilPresent(page);
}

/** Presses keys on the handle. */
async function press(page, ...keys) {
  await handle(page).focus();
  for (const key of keys) await page.keyboard.press(key);
}

/** Drags the handle from the present to a share of the curve's width. */
async function dragTo(page, share, pointer = page.mouse) {
  const { x, y, width, height } = await handle(page).boundingBox();
  const points = Array.from({ length: 6 }, (_, k) => [
    x + width - 4 - (k / 5) * (width - 4 - share * width),
    y + height / 2,
  ]);
  await drawBy(pointer, points);
}

const terms = (page) => page.locator("#terms tbody").innerText();

/** What is seen of a model: hashes of the pictures of the drawing and of the test digits, and the terms of the loss at the mean. */
async function seen(page) {
  await showView(page, "train");
  await untilAnswered(page);
  const pictures = await Promise.all(["#at-mean", "#test-images"].map((canvas) => pixels(page, canvas)));
  return [...pictures, (await terms(page)).split("\n")[0]];
}

test("the handle takes every picture to weights that the run had earlier", {}, async (site) => {
  const { page } = site;
  await trained(site);
  const present = await seen(page);
  await dragTo(page, 0.3);
  const step = await untilPast(page);
  assert.ok(Number(step) > 0 && Number(step) < (await stepsDone(page)), step);
  assert.match(await page.locator("#time-at").innerText(), new RegExp(`^Step ${step} of `));
  const then = await seen(page);
  for (const [k, picture] of then.entries()) assert.notEqual(picture, present[k]);
  const { name, bytes } = await downloadWeights(page);
  assert.match(name, new RegExp(`-training-step-${step}\\.safetensors$`));

  // The same weights as a file, which Rust reads on its own.
  await page.locator("#file").setInputFiles(upload(bytes));
  await untilModel(page, "file");
  assert.deepEqual(await seen(page), then);
  await assertAccessible(page);
});

test("a run that trains goes on while an earlier snapshot is shown, by keyboard", {}, async (site) => {
  const { page } = site;
  await trained(site);
  await page.locator("#play").click();
  await untilTraining(page, "running");
  await press(page, "Home");
  await untilSnapshot(page, "the first", (snapshot) => snapshot === "0");
  const picture = await pixels(page, "#at-mean");
  await untilStep(page, (await stepsDone(page)) + 40);
  assert.equal(await pixels(page, "#at-mean"), picture, "snapshots do not take its place");
  await press(page, "ArrowRight", "ArrowRight");
  const second = Number(await untilSnapshot(page, "a later one", (snapshot) => Number(snapshot) > 0));
  await press(page, "ArrowLeft");
  await untilSnapshot(page, "one before", (snapshot) => Number(snapshot) < second);
  assert.match(await handle(page).getAttribute("aria-valuetext"), /^Step \d+ of \d+$/);
  await press(page, "End");
  await untilPresent(page);
  await pause(page);
  await press(page, "Home");
  await untilPast(page);
  await page.locator("#step").click(); // whoever trains wants to see it
  await untilPresent(page);
  assert.equal(await page.locator("#time").isVisible(), false);
});

test("map, comparison and posterior are those of the snapshot", {}, async (site) => {
  const { page } = site;
  await trained(site, "&latent=2&view=compare");
  await page.locator("#compare-add").selectOption({ index: 1 });
  const column = page.locator(".compared").last();
  const facts = column.locator('[data-part="facts"]');
  await until(
    page,
    "the run is compared",
    () => facts.innerText(),
    (text) => /step \d+/.test(text),
  );
  await press(page, "Home", "ArrowRight", "ArrowRight");
  const step = await untilPast(page);
  await until(
    page,
    "the column follows",
    () => facts.innerText(),
    (text) => text.endsWith(`step ${step}`),
  );
  await showView(page, "latents");
  const map = page.locator("#plane-panel");
  await until(
    page,
    "the map follows",
    () => map.getAttribute("data-step"),
    (shown) => shown === step,
  );
  await showView(page, "posterior");
  const posterior = page.locator("#posterior-panel");
  await until(
    page,
    "the posterior follows",
    () => posterior.innerText(),
    (text) => text.includes(`step ${step}`),
  );
});

test("a replay goes from the first snapshot to the present", {}, async (site) => {
  const { page } = site;
  await trained(site);
  await press(page, "ArrowLeft");
  await untilPast(page);
  await page.evaluate(() => {
    globalThis.replayed = [];
    const note = () => globalThis.replayed.push(document.documentElement.dataset.snapshot);
    new MutationObserver(note).observe(document.documentElement, { attributeFilter: ["data-snapshot"] });
  });
  await page.locator("#time-replay").click();
  const steps = await until(
    page,
    "the replay has ended",
    () => page.evaluate(() => globalThis.replayed),
    (shown) => shown.at(-1) === "",
  );
  assert.deepEqual([steps[0], steps.at(-1)], ["0", ""]);
  const numbers = steps.slice(0, -1).map(Number);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
  assert.ok(numbers.length > 3, steps.join());
});

test("training on from a snapshot begins another run, and both come back", {}, async (site) => {
  const { page } = site;
  await trained(site);
  const last = await stepsDone(page);
  await press(page, "Home", "ArrowRight", "ArrowRight");
  const step = Number(await untilPast(page));
  await page.locator("#time-branch").click();
  await untilNotice(page, new RegExp(`goes on from step ${step}, with weights in half precision`));
  await untilTraining(page, "running");
  assert.ok((await stepsDone(page)) < last + 20, "it goes on from the snapshot");
  await pause(page);
  await untilPresent(page);
  await showView(page, "train");
  const branch = runRow(page, `branched off at step ${step}`).row;
  await branch.waitFor();
  assert.equal(await page.locator("#runs tbody tr[data-run]").count(), 2);
  await actOnRun(page, `branched off at step ${step}`, "Copy command");
  const [parent] = await page.locator("#runs tbody tr[data-run]", { hasNotText: "branched" }).all();
  assert.match(await parent.innerText(), new RegExp(`\\b${last}\\b`), "the run before stays as it was");

  const steps = await stepsDone(page);
  await page.reload();
  await untilReady(page);
  await page.locator("#notices button", { hasText: "Continue" }).click();
  await untilStep(page, steps);
  await pause(page);
  await press(page, "Home");
  await untilSnapshot(page, "the first, which both runs have", (snapshot) => snapshot === "0");
  await showView(page, "train");
  await parent.locator(".run-resume button").click();
  await untilStep(page, last);
  await pause(page);
  await untilPresent(page);
});

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("on a phone the row fits, and is accessible", PHONE, async (site) => {
  const { page } = site;
  await trained(site);
  await dragTo(page, 0.3);
  await untilPast(page);
  const { x, width } = await page.locator("#time").boundingBox();
  assert.ok(x >= 0 && x + width <= 390, `${x} ${width}`);
  for (const button of await page.locator("#time button").all()) {
    const box = await button.boundingBox();
    assert.ok(box.width >= 24 && box.height >= 24 && box.x + box.width <= 390, JSON.stringify(box));
  }
  await assertAccessible(page);
  await page.locator("#time-now").tap();
  await untilPresent(page);
});
