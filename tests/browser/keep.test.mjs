// What comes back at the next visit, and what happens where nothing can be kept.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import {
  drawByMouse,
  open,
  painted,
  pause,
  pickSample,
  pixels,
  set,
  stepsDone,
  strokeOnPad,
  until,
  untilNotice,
  untilStep,
  untilTraining,
} from "./page.mjs";

const test = inChromium();
const CPU = "?device=cpu&batch=32&seed=5&hidden=64";
const play = (page) => page.locator("#play").click();
const notices = (page) => page.locator("#notices").innerText();
const action = (page, words) => page.locator(`#notices button[data-action="${words}"]`);

/** What is in the page's database: `read(page, "entries")` gives {key: value}. */
function read(page, store) {
  return page.evaluate(async (name) => {
    const opening = indexedDB.open("latent-lab");
    await new Promise((resolve, reject) => Object.assign(opening, { onsuccess: resolve, onerror: reject }));
    const db = opening.result;
    const cursor = db.transaction(name).objectStore(name).openCursor();
    const found = {};
    await new Promise((resolve, reject) => {
      cursor.onerror = reject;
      cursor.onsuccess = () => {
        if (!cursor.result) return resolve();
        found[cursor.result.key] = cursor.result.value;
        cursor.result.continue();
      };
    });
    db.close();
    return found;
  }, store);
}

/** Puts a value into the page's database, behind the page's back. */
function write(page, store, key, value) {
  return page.evaluate(
    async ([name, at, entry]) => {
      const opening = indexedDB.open("latent-lab");
      await new Promise((resolve, reject) => Object.assign(opening, { onsuccess: resolve, onerror: reject }));
      const db = opening.result;
      const transaction = db.transaction(name, "readwrite");
      transaction.objectStore(name).put(entry, at);
      await new Promise((resolve, reject) => Object.assign(transaction, { oncomplete: resolve, onerror: reject }));
      db.close();
    },
    [store, key, value],
  );
}

const untilKept = (page, store, what, accepts) => until(page, what, () => read(page, store), accepts);

/** The run is kept up to the step at which it is paused; promises its summary. */
async function keptRun(page) {
  const step = await stepsDone(page);
  const runs = await untilKept(page, "runs", `step ${step} is kept`, (kept) =>
    Object.values(kept).some(({ value }) => value.step === step),
  );
  return Object.values(runs).find(({ value }) => value.step === step).value;
}

test("a run that is continued after a reload has the losses of one that never stopped", {}, async ({
  page,
  context,
  origin,
}) => {
  const once = await (await context.browser().newContext()).newPage();
  await open({ page: once, origin }, CPU);
  await play(once);
  await untilStep(once, 400);
  await pause(once);
  const whole = (await keptRun(once)).history.train;
  await once.context().close();

  await open({ page, origin }, CPU);
  await play(page);
  await untilStep(page, 100);
  await pause(page);
  const { step } = await keptRun(page);
  await page.reload();
  await untilNotice(page, new RegExp(`step ${step.toLocaleString("en")}, Variational autoencoder`));
  await action(page, "Continue").click();
  await untilTraining(page, "running");
  await untilStep(page, step + 150);
  await pause(page);
  const { train } = (await keptRun(page)).history;
  assert.ok(train.length > step + 100);
  const length = Math.min(train.length, whole.length);
  assert.deepEqual(train.slice(0, length), whole.slice(0, length));
  assert.doesNotMatch(await notices(page), /Continue/);
});

test("drawing, code and settings are there again", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await drawByMouse(page, await strokeOnPad(page));
  await set(page, { beta: 3 });
  await page.locator("#latent-sample").click();
  await untilKept(page, "entries", "all is kept", ({ drawing, settings, code }) =>
    Boolean(drawing?.value.items.length && /beta=3/.test(settings?.value.address) && code?.value.origin === "sample"),
  );
  await painted(page);
  const [pad, decoded] = [await pixels(page, "#pad"), await pixels(page, "#decoded")];

  await page.goto("about:blank");
  await open({ page, origin });
  assert.equal(await page.locator('#settings [name="beta"]').inputValue(), "3");
  await until(page, "the drawing is back", () => pixels(page, "#pad"), (now) => now === pad);
  await until(page, "the code is back", () => pixels(page, "#decoded"), (now) => now === decoded);

  await open({ page, origin }, "?system=beta");
  assert.equal(await page.locator("#system-name").inputValue(), "beta");
  assert.equal(await page.locator('#settings [name="beta"]').inputValue(), "4", "the address wins");
  await until(page, "the drawing is back", () => pixels(page, "#pad"), (now) => now === pad);
});
