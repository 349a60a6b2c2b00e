// What comes back at the next visit, and what happens where nothing can be kept.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import {
  drawByMouse,
  open,
  openIdle,
  painted,
  pause,
  pickDigit,
  pixels,
  set,
  showView,
  stepsDone,
  strokeOnPad,
  takeStep,
  until,
  untilNotice,
  untilPixelsAre,
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
      await new Promise((resolve, reject) =>
        Object.assign(transaction, { oncomplete: resolve, onerror: reject }),
      );
      db.close();
    },
    [store, key, value],
  );
}

const untilKept = (page, store, what, accepts) => until(page, what, () => read(page, store), accepts);

/** The run is kept up to the step at which it is paused; resolves to its summary. */
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
  await showView(page, "latents");
  await page.locator("#latent-sample").click();
  await untilKept(page, "entries", "all is kept", ({ drawing, settings, code }) =>
    Boolean(
      drawing?.value.items.length &&
        /beta=3/.test(settings?.value.address) &&
        code?.value.origin === "sample",
    ),
  );
  await painted(page);
  const [pad, decoded] = [await pixels(page, "#pad"), await pixels(page, "#decoded")];

  await page.goto("about:blank");
  await open({ page, origin });
  assert.equal(await page.locator('#settings [name="beta"]').inputValue(), "3");
  await untilPixelsAre(page, "#pad", pad, "the drawing is back");
  await untilPixelsAre(page, "#decoded", decoded, "the code is back");

  await open({ page, origin }, "?system=beta");
  assert.equal(await page.locator("#system-name").inputValue(), "beta");
  assert.equal(await page.locator('#settings [name="beta"]').inputValue(), "4", "the address wins");
  await untilPixelsAre(page, "#pad", pad, "the drawing is back");
});

test("a run of another system is kept beside the present one, and looking at a system stops nothing", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await play(page);
  await untilStep(page, 20);
  await page.locator("#system-name").selectOption("beta");
  await untilTraining(page, "paused");
  const step = await stepsDone(page);
  await page.locator("#system-name").selectOption("vae");
  assert.equal(await page.locator("#play").innerText(), "Resume");
  await page.locator("#step").click();
  await untilStep(page, step + 1);
  assert.equal(await stepsDone(page), step + 1, "the run is that of before");

  await page.locator("#system-name").selectOption("beta");
  await page.locator("#step").click();
  await until(
    page,
    "the run of VAE is offered",
    () => page.locator("#kept-runs").innerText(),
    (words) => words.includes(`Variational autoencoder, step ${step + 1}`),
  );
  await untilKept(page, "runs", "both runs are kept", (runs) => Object.keys(runs).length === 2);
  await showView(page, "train");
  await page.locator("#kept-runs button", { hasText: "Continue" }).click();
  await untilTraining(page, "running");
  await untilStep(page, step + 2);
  await pause(page);
  assert.equal(await page.locator("#system-name").inputValue(), "vae");
  assert.match(await page.locator("#kept-runs").innerText(), /β-VAE|Beta-VAE/i);
  await page.locator("#kept-runs button", { hasText: "Delete" }).click();
  await untilKept(page, "runs", "one run is left", (runs) => Object.keys(runs).length === 1);
});

test("a run that goes on in a hidden page is kept when it is hidden", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await play(page);
  await untilStep(page, 5);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { configurable: true, value: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await untilKept(page, "runs", "the run is kept", (runs) => Object.keys(runs).length === 1);
  assert.equal(await page.locator("#train-panel").getAttribute("data-training"), "running");
});

test("a second tab works, says that it keeps nothing, and takes over when the first is closed", {}, async ({
  page,
  context,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await pickDigit(page, 3);
  const digit = ({ drawing }) => drawing?.value.items[0]?.digit;
  await untilKept(page, "entries", "the drawing is kept", (entries) => digit(entries) === 3);

  const second = await context.newPage();
  await open({ page: second, origin }, CPU);
  await untilNotice(second, /open in another tab/);
  await pickDigit(second, 8);
  await takeStep(second, 1);
  await pickDigit(page, 5);
  const entries = await untilKept(page, "entries", "the first goes on", (now) => digit(now) !== 3);
  assert.equal(digit(entries), 5);
  assert.deepEqual(await read(page, "runs"), {});

  await page.close();
  await until(
    second,
    "the notice is gone",
    () => notices(second),
    (words) => !/another tab/.test(words),
  );
  await untilKept(second, "runs", "the run is kept", (runs) => Object.keys(runs).length === 1);
  assert.equal(digit(await read(second, "entries")), 5, "only what changes from now on is written");
  await pickDigit(second, 9);
  await untilKept(second, "entries", "the drawing is kept", (now) => digit(now) === 9);
});

test("with all storage blocked everything works, and one sentence says that nothing is kept", {}, async ({
  page,
  origin,
}) => {
  await page.addInitScript(() => {
    const get = () => {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    };
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
      Object.defineProperty(window, name, { get });
    Object.defineProperty(navigator, "locks", { get });
  });
  await open({ page, origin }, CPU);
  assert.equal((await notices(page)).match(/Nothing is kept for your next visit/g).length, 1);
  await pickDigit(page, 4);
  await takeStep(page, 1);
  await showView(page, "learn");
  await page.locator("#about summary", { hasText: "small print" }).click();
  await page.locator("#keys").click();

  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload", "steps would be lost");
  await dialog.accept();
});

test("leaving a page that keeps its run asks nothing", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  const prevented = await page.evaluate(
    () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })),
  );
  assert.equal(prevented, false);
});

test("damaged entries and those of a later version are left alone and named", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await pickDigit(page, 2);
  await untilKept(page, "entries", "the drawing is kept", ({ drawing }) => Boolean(drawing));
  await write(page, "entries", "drawing", { version: 1, value: { items: "none" } });
  await write(page, "entries", "code", { version: 9, value: "of the future" });
  await write(page, "runs", "some", { version: 1, value: {} });
  await open({ page, origin });
  const words = await untilNotice(page, /kept drawing is damaged/);
  assert.match(words, /latent code was written by a later version/);
  assert.match(words, /kept run is damaged/);

  await pickDigit(page, 6);
  await set(page, { epochs: 3 });
  await untilKept(page, "entries", "the settings are kept", ({ settings }) =>
    /epochs=3/.test(settings?.value.address),
  );
  const { drawing, code } = await read(page, "entries");
  assert.deepEqual([drawing.value.items, code.version], ["none", 9]);

  await action(page, "Delete what cannot be read").click();
  await untilKept(page, "runs", "the damaged run is gone", (runs) => Object.keys(runs).length === 0);
  await pickDigit(page, 7);
  await untilKept(page, "entries", "the drawing is kept", (now) => now.drawing?.value.items[0].digit === 7);
});

test("a kept run whose weights are damaged is a sentence, and other runs can be trained", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await keptRun(page);
  const [[id, checkpoint]] = Object.entries(await read(page, "checkpoints"));
  await write(page, "checkpoints", id, { ...checkpoint, value: { ...checkpoint.value, weights: "none" } });
  await open({ page, origin }, CPU);
  await action(page, "Continue").click();
  await untilNotice(page, /weights of this kept run are missing or damaged/);
  await takeStep(page, 1);
  await untilKept(page, "runs", "the new run is kept beside it", (runs) => Object.keys(runs).length === 2);
});

test("a workspace of a later version is left alone", {}, async ({ page, context, origin }) => {
  await open({ page, origin });
  const later = await context.newPage();
  await openIdle({ page: later, origin });
  await later.evaluate(async () => {
    const opening = indexedDB.open("latent-lab", 1000);
    await new Promise((resolve, reject) => Object.assign(opening, { onsuccess: resolve, onerror: reject }));
    opening.result.close();
  });
  await untilNotice(page, /later version of this page is open in another tab/);
  await pickDigit(page, 2);
  await page.reload();
  await untilNotice(page, /written by a later version of this page/);
  await pickDigit(page, 3);
});

test("a full disk is a sentence, and the page goes on", {}, async ({ page, context, origin }) => {
  const client = await context.newCDPSession(page);
  await client.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1000 });
  await open({ page, origin }, CPU);
  await page.locator("#step").click();
  await untilNotice(page, /space that this browser has for the page is full/);
  await untilTraining(page, "paused");
  await pickDigit(page, 3);
  await client.send("Storage.overrideQuotaForOrigin", { origin });
  await takeStep(page, 2);
  await keptRun(page);
  await until(
    page,
    "the notice is gone",
    () => notices(page),
    (words) => !/full/.test(words),
  );
});

test("one button deletes everything kept and says how much it is", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await pickDigit(page, 2);
  await takeStep(page, 1);
  await keptRun(page);
  await showView(page, "learn");
  await page.locator("#about summary", { hasText: "small print" }).click();
  await page.locator("#keys").click();
  const size = () => page.locator("#kept-size").innerText();
  await until(
    page,
    "the size is known",
    size,
    (words) => Number(/[\d.]+ MB/.exec(words)?.[0].slice(0, -3)) > 10,
  );
  await page.locator("#kept-delete").click();
  await until(
    page,
    "it is deleted",
    () => page.locator("#kept-state").innerText(),
    (words) => /deleted/.test(words),
  );
  assert.match(await size(), /0\.0 MB/);
  await pickDigit(page, 3);
  await takeStep(page, 2);
  await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
  for (const store of ["entries", "runs", "checkpoints"]) assert.deepEqual(await read(page, store), {});
  const others = await page.evaluate(async () => [await caches.keys(), Object.keys(localStorage)]);
  assert.deepEqual(others, [[], []]);
  await open({ page, origin });
  assert.doesNotMatch(await notices(page), /Continue/);
  assert.equal(await page.locator("#pad").getAttribute("data-empty"), "true");
});
