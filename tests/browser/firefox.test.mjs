// The page in Firefox: another engine, another WebGPU, another storage. What holds for every browser is tested in Chromium.

import assert from "node:assert/strict";
import { launch, withoutServer } from "./browser.mjs";
import { inFirefox, noWebGpu } from "./firefox.mjs";
import { keptRun, untilKept } from "./kept.mjs";
import {
  decodedOf,
  drawBy,
  drawByMouse,
  drawingStillWorks,
  moveSlider,
  open,
  openIdle,
  painted,
  pause,
  pickDigit,
  pixels,
  restart,
  scrolled,
  set,
  showView,
  strokeOnPad,
  takeStep,
  until,
  untilLoss,
  untilNotice,
  untilOffline,
  untilPixelsAre,
  untilPixelsChange,
  untilReady,
  untilRestarted,
  untilStep,
  untilTraining,
} from "./page.mjs";
import { assertPinned, tenLosses } from "./ten-losses.mjs";

const test = inFirefox();
const CPU = "?device=cpu&batch=32&seed=5&hidden=64";
const GPU = "?device=gpu&batch=16&seed=5&hidden=32";
const play = (page) => page.locator("#play").click();
const notices = (page) => page.locator("#notices").innerText();
const action = (page, words) => page.locator(`#notices button[data-action="${words}"]`);
const deviceOf = (page) => page.locator("#train-panel").getAttribute("data-device");

/** What the page says and shows of a test digit: its losses at the mean, and the reconstruction. */
async function reconstructionOf(page, digit) {
  await pickDigit(page, digit);
  const losses = [];
  for (const term of ["reconstruction", "kl", "total"])
    losses.push(await page.locator(`#terms [data-term="${term}"][data-at="mean"]`).innerText());
  return { losses, picture: await pixels(page, "#at-mean") };
}

test("drawing by mouse and by touch changes the reconstruction", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const blank = await pixels(page, "#at-mean");
  await drawByMouse(page, await strokeOnPad(page));
  const one = await untilPixelsChange(page, "#at-mean", blank);
  const stroke = await strokeOnPad(page, { from: [0.2, 0.7], to: [0.8, 0.2] });
  const before = await scrolled(page);
  await drawBy(page.touch, stroke);
  await untilPixelsChange(page, "#at-mean", one);
  assert.deepEqual(await scrolled(page), before);
});

test("a room whose script did not come is loaded by another try", { provokes: [/module/] }, async ({
  page,
  origin,
  server,
}) => {
  await open({ page, origin }, "?embed=on&hide=map"); // and loads nothing in advance
  const note = page.locator('[data-room="compare"] .room-note');
  await withoutServer(server, async () => {
    await page.locator("#tab-compare").click();
    await until(page, "the view says that it was not loaded", () =>
      note.evaluate((element) => /could not be loaded/.test(element?.innerText)),
    );
  });
  await page.locator('[data-room="compare"] .room-note button').click();
  await page.locator(".compared").waitFor();
});

test("a digit has the losses and the reconstruction that it has in Chromium", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  const chromium = await launch();
  try {
    const other = await chromium.newPage();
    await open({ page: other, origin });
    for (const digit of [2, 7])
      assert.deepEqual(await reconstructionOf(page, digit), await reconstructionOf(other, digit));
  } finally {
    await chromium.close();
  }
});

test("a slider changes the picture by keyboard and by drag", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const before = await decodedOf(page, 2);
  await moveSlider(page, before);
  await page.locator("#latent-reset").click();
  await untilPixelsAre(page, "#decoded", before, "reset brings the picture back");
});

test("training on the CPU has the pinned losses, and lowers that of the test", {}, async ({
  page,
  origin,
}) => {
  await openIdle({ page, origin });
  const { device, losses } = await tenLosses(page, "cpu");
  assert.equal(device, "CPU");
  assertPinned(losses);
  await open({ page, origin }, "?device=cpu&batch=32");
  await play(page);
  const first = await untilLoss(page, "quick");
  await drawingStillWorks(page);
  await untilLoss(page, "quick", (now) => now < 0.8 * first && now < 400);
  await pause(page);
});

test("training on WebGPU has the pinned losses, and lowers that of the test", { skip: noWebGpu }, async ({
  page,
  origin,
}) => {
  await openIdle({ page, origin });
  const { device, losses } = await tenLosses(page, "gpu");
  assert.equal(device, "WebGPU");
  assertPinned(losses);
  await open({ page, origin }, "?device=gpu&batch=32");
  await play(page);
  await untilTraining(page, "running");
  assert.equal(await deviceOf(page), "gpu");
  const first = await untilLoss(page, "quick");
  await drawingStillWorks(page);
  await untilLoss(page, "quick", (now) => now < 0.9 * first && now < 500);
  await pause(page);
});

/** Trains, continues in a new tab after the first is closed, and compares with a run that never stopped. */
async function assertResumes({ page, context, origin, query, device, steps }) {
  await open({ page, origin }, query);
  await play(page);
  await untilStep(page, steps);
  await pause(page);
  const { step } = await keptRun(page);
  const later = await context.newPage();
  await page.close();
  await open({ page: later, origin });
  await untilNotice(later, new RegExp(`step ${step.toLocaleString("en")}, Variational autoencoder`));
  await action(later, "Continue").click();
  await untilStep(later, step + steps);
  await pause(later);
  assert.equal(await deviceOf(later), device);
  const resumed = (await keptRun(later)).history.train;
  assert.ok(resumed.length >= step + steps);

  await restart(later);
  await untilRestarted(later);
  await untilTraining(later, "paused");
  await play(later);
  await untilStep(later, resumed.length);
  await pause(later);
  const whole = (await keptRun(later)).history.train;
  assert.deepEqual(resumed, whole.slice(0, resumed.length));
}

test("a run is continued in a new tab, and equals one that never stopped", {}, async ({
  page,
  context,
  origin,
}) => {
  await assertResumes({ page, context, origin, query: CPU, device: "cpu", steps: 100 });
});

test("on WebGPU, too, a continued run equals one that never stopped", { skip: noWebGpu }, async ({
  page,
  context,
  origin,
}) => {
  await assertResumes({ page, context, origin, query: GPU, device: "gpu", steps: 4 });
});

/** The code as its sliders show it, whatever their order. */
function sliderValues(page) {
  return page.evaluate(() => {
    const sliders = [...document.querySelectorAll("#sliders input")];
    return sliders
      .map(({ id, value }) => `${id}: ${value}`)
      .sort()
      .join(", ");
  });
}

test("after the browser was closed, drawing, code, settings and run are there again", {
  restarts: true,
}, async ({ page, context, origin }) => {
  await open({ page, origin }, CPU);
  await drawByMouse(page, await strokeOnPad(page));
  await set(page, { beta: 3 });
  await takeStep(page, 1);
  await keptRun(page);
  await showView(page, "latents");
  await page.locator("#latent-sample").click(); // a code of the run's model, which is shown since the step
  await untilKept(page, "entries", "all is kept", ({ drawing, settings, code }) =>
    Boolean(
      drawing?.value.items.length &&
        /beta=3/.test(settings?.value.address) &&
        code?.value.origin === "sample",
    ),
  );
  await painted(page);
  const [pad, code] = [await pixels(page, "#pad"), await sliderValues(page)];

  const later = await context.restart();
  await open({ page: later, origin });
  assert.equal(await later.locator('#settings [name="beta"]').inputValue(), "3");
  await untilPixelsAre(later, "#pad", pad, "the drawing is back");
  await action(later, "Continue").click();
  await untilStep(later, 2);
  await pause(later);
  await until(
    later,
    "the code is back",
    () => sliderValues(later),
    (now) => now === code,
  );
});

/** Everything works, and one sentence says that nothing is kept. */
async function assertWorksWithoutKeeping(page) {
  assert.equal((await notices(page)).match(/Nothing is kept for your next visit/g)?.length, 1);
  await drawingStillWorks(page);
  await takeStep(page, 1);
  assert.equal((await notices(page)).match(/Nothing is kept for your next visit/g)?.length, 1);
}

test("where cookies and site data are blocked, everything works and one sentence says what is not kept", {
  prefs: { "network.cookie.cookieBehavior": 2 },
  provokes: [/^uncaught: Failed to register\/update a ServiceWorker .* Storage access is restricted/], // Firefox's own report, of a rejection that the page handles
}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await assertWorksWithoutKeeping(page);
  await until(
    page,
    "the page says why it is not there without a network",
    () => page.locator("#offline").evaluate(({ textContent }) => textContent),
    (said) => /did not allow it/.test(said),
  );
});

test("without localStorage and sessionStorage, drawing and run are kept all the same", {
  prefs: { "dom.storage.enabled": false },
}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  assert.equal(await page.evaluate(() => localStorage), null);
  await pickDigit(page, 4);
  await takeStep(page, 1);
  await keptRun(page);
  await page.reload();
  await untilNotice(page, /step 1, Variational autoencoder/);
});

test("a private window keeps its work until it is closed", {
  prefs: { "browser.privatebrowsing.autostart": true },
}, async ({ page, context, origin }) => {
  await open({ page, origin }, CPU);
  await pickDigit(page, 4);
  await takeStep(page, 1);
  await keptRun(page);
  await page.reload();
  await untilNotice(page, /step 1, Variational autoencoder/);
  const later = await context.restart();
  await open({ page: later, origin });
  assert.doesNotMatch(await notices(later), /Continue/);
  await drawingStillWorks(later);
});

test("after one visit the page opens, draws and trains without a network", {}, async ({
  page,
  origin,
  server,
}) => {
  await open({ page, origin }, CPU);
  await untilOffline(page);
  await withoutServer(server, async () => {
    await page.reload();
    await untilReady(page);
    await drawingStillWorks(page);
    await play(page);
    await untilStep(page, 20);
    await pause(page);
  });
});
