// The table of runs, and their curves in the loss chart.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import { keptRun, read, untilKept, write } from "./kept.mjs";
import {
  actOnRun,
  assertAccessible,
  open,
  painted,
  pause,
  restart,
  runRow,
  set,
  showView,
  stepsDone,
  takeStep,
  trainingState,
  until,
  untilModel,
  untilNotice,
  untilRestarted,
  untilStep,
} from "./page.mjs";

const test = inChromium();
const CPU = "?device=cpu&batch=32&seed=5&hidden=64&view=train";
const SHORTEST_AXIS = 100; // steps

const curves = (page) => page.locator("#chart").getAttribute("data-overlaid");
const untilCurves = async (page, letters) => {
  await until(
    page,
    `the curves ${letters} are in the chart`,
    () => curves(page),
    (now) => now === letters,
  );
  await painted(page);
};
const readout = (page) => page.locator("#readout").innerText();
const table = (page) => page.locator("#runs tbody").innerText();
const untilTable = (page, pattern) =>
  until(
    page,
    `the table says ${pattern}`,
    () => table(page),
    (words) => pattern.test(words),
  );
const switchOf = (page, words) => runRow(page, words).row.locator('input[type="checkbox"]');

async function train(page, steps) {
  await page.locator("#play").click();
  await untilStep(page, steps);
  await pause(page);
}

async function restartWith(page, settings) {
  await set(page, settings);
  await restart(page);
  await untilRestarted(page);
}

/** Three seeds of the same settings, then a run with another β, which is the present one. */
async function trainFour(page) {
  await train(page, 6);
  for (const seed of [6, 7]) {
    await restartWith(page, { seed });
    await train(page, 4);
  }
  await restartWith(page, { beta: 4 });
  await takeStep(page, 1);
}

async function rename(page, words, name) {
  const { row, details } = runRow(page, words);
  if (!(await details.isVisible())) await row.locator(".run-more button").click();
  await details.locator("input").fill(name);
  await details.locator("input").press("Enter");
}

test("a restart erases no curve, and seeds of the same settings are a band", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await train(page, 6);
  assert.equal(await curves(page), "");
  await page.locator("#restart").click();
  await untilRestarted(page);
  await untilCurves(page, "A");
  await until(
    page,
    "the readout has the run before",
    () => readout(page),
    (words) => /A\s+Variational autoencoder\s+step \d+\s+[\d.]+/.test(words),
  );

  await restartWith(page, { seed: 6 });
  await takeStep(page, 1);
  await untilTable(page, /Seed 5 → 6/);
  await restartWith(page, { beta: 4 });
  await takeStep(page, 1);
  await untilTable(page, /KL weight β 1 → 4/);
  await untilCurves(page, "A");
  assert.match(await readout(page), /2 seeds|1 of 2 seeds/);

  await switchOf(page, "Seed 5 → 6").uncheck();
  await until(
    page,
    "one seed is left",
    () => readout(page),
    (words) => !/seeds/.test(words),
  );
  await switchOf(page, "Hidden units").uncheck();
  await untilCurves(page, "");
  await switchOf(page, "Hidden units").check();
  await untilCurves(page, "A");

  await page.reload();
  await showView(page, "train");
  await untilTable(page, /KL weight β 1 → 4/);
  await untilCurves(page, "");
  await switchOf(page, "KL weight β 1 → 4").check();
  await untilCurves(page, "A");
});

test("one cursor gives the values of every curve, by mouse and by keyboard", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await trainFour(page);
  await untilCurves(page, "A");
  const slider = page.locator("#chart-step");
  await slider.focus();
  await page.keyboard.press("End");
  const words = () => slider.getAttribute("aria-valuetext");
  await until(page, "the last step is said", words, (said) =>
    /^Step \d+\. .*A Variational.*KL [\d.]+$/.test(said),
  );
  const step = () => page.locator("#readout .readout-step").innerText();
  const last = await step();
  for (let i = 0; i < 40; i++) await page.keyboard.press("ArrowLeft");
  await until(page, "the cursor has moved", step, (now) => now !== last && /^Step/.test(now));
  await slider.blur();

  const chart = page.locator("#chart .u-over");
  await chart.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await chart.boundingBox();
  const axis = Math.max(SHORTEST_AXIS, Number(last.match(/\d+/)[0]));
  await until(page, "the newest values are there", step, (now) => now === "Newest values");
  await page.mouse.move(x + width * 0.03, y + height / 2);
  const at = await until(page, "the cursor is at a step", step, (now) => /^Step \d+$/.test(now));
  assert.ok(Math.abs(Number(at.match(/\d+/)[0]) - 0.03 * axis) <= 1 + 0.01 * axis, `${at} of ${axis}`);
  assert.match(await readout(page), /3 seeds: mean, least–most/);
  await page.mouse.move(x + width / 2, y - 60);
  await until(page, "the newest values are there", step, (now) => now === "Newest values");
});

test("a run is renamed and pinned, and keeps both", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await train(page, 4);
  const name = "<b>first</b> & only";
  await rename(page, "Variational autoencoder", name);
  await untilTable(page, /<b>first<\/b> & only/);
  await takeStep(page, (await stepsDone(page)) + 1);
  assert.equal((await keptRun(page)).name, name);
  await restartWith(page, { beta: 3 });
  await takeStep(page, 1);
  await restartWith(page, { beta: 2 });
  await takeStep(page, 1);
  await actOnRun(page, name, "Pin");
  await untilTable(page, /^\s*Variational[\s\S]*first<\/b> & only \(pinned\)[\s\S]*Variational/);

  await page.reload();
  await untilNotice(page, /Variational autoencoder/);
  await untilTable(page, /^\s*<b>first<\/b> & only \(pinned\)/);
  await runRow(page, name).row.locator(".run-more button").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  await untilTable(page, /by keyboard/);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await until(
    page,
    "the pin is off, and its button still has the focus",
    () => page.evaluate(() => document.activeElement.getAttribute("aria-pressed")),
    (pressed) => pressed === "false",
  );
  assert.equal(await runRow(page, "by keyboard").details.locator("input").inputValue(), "by keyboard");
});

test("the present run can be deleted, and nothing else is begun", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await restartWith(page, { beta: 3 });
  await page.locator("#play").click();
  await untilStep(page, 3);
  await untilModel(page, "training");
  await actOnRun(page, "KL weight β 1 → 3", "Delete");
  await until(
    page,
    "the run is gone",
    () => trainingState(page),
    (state) => state === "idle",
  );
  await untilModel(page, "z20");
  await until(
    page,
    "one run is left",
    () => page.locator("#runs tr[data-run]").count(),
    (count) => count === 1,
  );
  assert.equal(await stepsDone(page), 0);
  await untilKept(page, "runs", "one run is kept", (runs) => Object.keys(runs).length === 1);
  await takeStep(page, 1);
  await untilTable(page, /^\s*Variational autoencoder\s+KL weight β 1 → 3/);
});

test("two tabs: names, pins and deletions of one show in the other", {}, async ({
  page,
  context,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await restartWith(page, { beta: 3 });
  await takeStep(page, 1);
  await untilCurves(page, "A");
  const second = await context.newPage();
  await open({ page: second, origin }, "?view=train");
  await untilTable(second, /KL weight β 1 → 3/);
  await rename(second, "Hidden units", "from the other tab");
  await untilTable(page, /from the other tab/);

  await rename(second, "KL weight", "of the run in training");
  await untilTable(page, /of the run in training/);
  await takeStep(page, 2);
  assert.equal((await keptRun(page)).name, "of the run in training");

  await actOnRun(second, "of the run in training", "Delete");
  await untilNotice(second, /could not be deleted\. The run is open in another tab/);
  await actOnRun(second, "from the other tab", "Delete");
  await untilCurves(page, "");
  await until(
    page,
    "its row is gone",
    () => page.locator("#runs tr[data-run]").count(),
    (count) => count === 1,
  );
});

test("a run of another likelihood is listed and not drawn", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await restartWith(page, { likelihood: "unit_gaussian" });
  await takeStep(page, 1);
  await untilTable(page, /another likelihood/);
  assert.ok(await switchOf(page, "another likelihood").isDisabled());
  assert.equal(await curves(page), "");
});

/** A hundred copies of the run that is kept. */
async function keepAHundred(page) {
  const [[, entry]] = Object.entries(await read(page, "runs"));
  for (let k = 0; k < 100; k++) {
    const value = { ...entry.value, begun: k, time: k, name: `number ${k}`, pinned: k === 3 };
    await write(page, "runs", `copy-${k}`, { ...entry, value });
  }
}

test("of a hundred runs the newest are shown, the pinned and the drawn, and the rest where asked", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await keptRun(page);
  await keepAHundred(page);
  await page.reload();
  await showView(page, "train");
  const rows = () => page.locator("#runs tr[data-run]").count();
  await until(page, "the rows are there", rows, (count) => count === 10);
  await untilTable(page, /^\s*number 3 \(pinned\)/);
  const all = page.locator("#runs-all");
  assert.equal(await all.innerText(), "Show all 101 runs");
  await all.click();
  await until(page, "all are shown", rows, (count) => count === 101);
  await switchOf(page, /^number 40/).check();
  await untilCurves(page, "A");
  await all.click();
  await until(page, "those at the top and the drawn one are shown", rows, (count) => count === 11);
});

for (const [width, colorScheme] of [
  [1280, "light"],
  [320, "dark"],
])
  test(`the table is accessible and sticks out nowhere: ${colorScheme}, ${width} px`, {
    colorScheme,
    viewport: { width, height: 740 },
  }, async ({ page, origin }) => {
    await open({ page, origin }, CPU);
    await trainFour(page);
    await untilCurves(page, "A");
    await runRow(page, "Seed 5 → 6").row.locator(".run-more button").click();
    await rename(page, "Seed 6 → 7", "x".repeat(60));
    await painted(page);
    await assertAccessible(page);
    const beyond = await page.locator("#view-train").evaluate((view) => view.scrollWidth - view.clientWidth);
    assert.ok(beyond <= 0, `${beyond} px stick out`);
    const small = await page.locator("#runs").evaluate((runs) =>
      [...runs.querySelectorAll("button, input")]
        .map((element) => [element.ariaLabel ?? element.textContent, element.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
        .map(([name]) => name),
    );
    assert.deepEqual(small, []);
  });
