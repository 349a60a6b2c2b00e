// Memory: what is said before training that does not fit, what happens when it runs out all the same, and how good the estimate is.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test as nodeTest } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { inChromium } from "./browser.mjs";
import {
  drawingStillWorks,
  open,
  set,
  stepsDone,
  trainingState,
  until,
  untilStep,
  untilTraining,
  untilTrouble,
} from "./page.mjs";

const test = inChromium();
const MODULE = fileURLToPath(new URL("../../pkg/cpu/", import.meta.url));
const PAGE = 65_536; // bytes of WebAssembly memory
const IN_DATA = 70_000 * 785; // bytes of MNIST that the estimate includes
const [STEP, SMALLER] = ["a step", "a smaller batch"];
const play = (page) => page.locator("#play").click();
const action = (page) => page.locator("#trouble-action");

/** As on a device with so much memory, in GiB. */
const device = (page, gibibytes) =>
  page.addInitScript((value) => {
    Object.defineProperty(navigator, "deviceMemory", { get: () => value });
  }, gibibytes);

test("training beyond the address space is refused before it begins, with a batch that fits", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?system=iwae&body=conv&samples=64&batch=1024");
  await play(page);
  await untilTrouble(page, /needs about 2\d\.\d GB of memory.*about 3\.6 GB.*A batch of 128 would fit/);
  assert.equal(await action(page).innerText(), "Train with batch 128");
  assert.equal(await page.locator("#train-panel").getAttribute("data-training"), "idle");
  await drawingStillWorks(page);
});

test("on a small device one button takes the batch that fits, and trains", {}, async ({ page, origin }) => {
  await device(page, 0.5);
  await open({ page, origin }, "?body=conv&batch=1024&device=cpu");
  await play(page);
  await untilTrouble(page, /A batch of \d+ would fit/);
  const batch = Number((await action(page).innerText()).match(/\d+$/)[0]);
  assert.ok(batch >= 16 && batch < 512, `${batch}`);
  await action(page).click();
  await untilStep(page, 2);
  assert.equal(await page.locator('#settings [name="batch"]').inputValue(), String(batch));
  assert.equal(await page.locator("#trouble").isVisible(), false);
});

test("where no batch fits, the setting to lower is named", {}, async ({ page, origin }) => {
  await device(page, 0.125);
  await open({ page, origin }, "?system=iwae&body=conv&samples=64");
  await play(page);
  await untilTrouble(page, /even with small batches.*Lower “Importance samples/);
  assert.equal(await action(page).isVisible(), false);
});

test("a batch that does not fit is refused while a run trains, and the run goes on", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?body=conv&samples=64&batch=1&device=cpu");
  await play(page);
  await untilStep(page, 1);
  await set(page, { batch: 1024 });
  const note = page.locator("#setting-note");
  await until(
    page,
    "the form says that the batch is refused",
    () => note.innerText(),
    (words) => /would fit.*previous settings/.test(words),
  );
  await untilStep(page, (await stepsDone(page)) + 1);
});

/** The module with at most so much memory: what it then lacks, it really lacks. */
async function withLittleMemory(bytes) {
  const code = await readFile(`${MODULE}latent_lab_bg.wasm`);
  for (let at = 8; at < code.length; ) {
    const id = code[at];
    const [length, start] = unsigned(code, at + 1);
    const end = start + length;
    if (id === 5) {
      const [least] = unsigned(code, start + 2); // after the count of memories and the flag "no maximum"
      const limits = [1, 1, ...encoded(least), ...encoded(Math.floor(bytes / PAGE))];
      return Buffer.concat([
        code.subarray(0, at),
        Buffer.from([5, ...encoded(limits.length), ...limits]),
        code.subarray(end),
      ]);
    }
    at = end;
  }
  throw new Error("the module has no memory");
}

/** A number in LEB128, and where it ends. */
function unsigned(code, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    value += (code[at] & 127) * 2 ** shift;
    if (code[at++] < 128) return [value, at];
  }
}

function encoded(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...encoded(Math.floor(value / 128))];
}

test("memory that runs out all the same is named, and the run goes on with a smaller batch", {}, async ({
  page,
  origin,
}) => {
  const body = await withLittleMemory(170e6);
  await page.route(/\/pkg\/cpu\/[^/]*\.wasm$/, (route) =>
    route.fulfill({ body, contentType: "application/wasm" }),
  );
  await open({ page, origin }, "?body=conv&batch=16&device=cpu");
  await page.locator("#step").click();
  await untilStep(page, 1);
  await untilTraining(page, "paused");
  await set(page, { batch: 256 });
  await play(page);
  await untilTraining(page, "failed");
  await untilTrouble(page, /^Memory ran out\.$/);
  await until(
    page,
    "a smaller batch is offered",
    () => action(page).innerText(),
    (words) => /^Train with batch \d+$/.test(words),
  );
  await drawingStillWorks(page);
  let offered;
  do {
    offered = await action(page).innerText();
    await action(page).click();
  } while ((await until(page, "a step or a smaller batch", () => progress(page, offered))) === SMALLER);
});

/** Whether a step is done after the first, or memory ran out again and another batch than `before` is offered; null while neither. */
async function progress(page, before) {
  if ((await stepsDone(page)) > 1) return STEP;
  const offers = /^Train with batch \d+$/.exec(await action(page).innerText());
  return (await trainingState(page)) === "failed" && offers && offers[0] !== before ? SMALLER : null;
}

// The estimate.

function measure(model, train) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("measure-memory.mjs", import.meta.url), {
      workerData: { model, train },
    });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

const GRID = [
  [{ body: "conv" }, { batch: 128 }],
  [{ body: "conv" }, { batch: 32, samples: 16 }],
  [{ body: "conv", posterior: "codebook", latent: 16 }, { batch: 128 }],
  [{ body: "conv", prior: "vamp", components: 100 }, { batch: 32 }],
  [{ body: "conv", posterior: "full", latent: 64 }, { batch: 16 }],
  [
    { body: "conv", labelled: true, classifier: true },
    { batch: 16, labels: 100 },
  ],
  [{}, { batch: 512, samples: 32 }],
  [
    { posterior: "full", latent: 64 },
    { batch: 128, samples: 16 },
  ],
  [
    { hidden: 300, labelled: true, classifier: true },
    { batch: 1024, labels: 100 },
  ],
];

for (const [model, train] of GRID)
  nodeTest(`the estimate is near what is taken by ${JSON.stringify({ ...model, ...train })}`, async () => {
    const [estimate, taken] = await measure(model, train);
    const ratio = (estimate - IN_DATA) / taken;
    assert.ok(taken > 100e6 && ratio > 0.85 && ratio < 1.5, `${ratio.toFixed(2)} times ${taken} bytes`);
  });
