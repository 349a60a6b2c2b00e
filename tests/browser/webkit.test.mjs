// The page in WebKit, without WebGPU: what differs there from other browsers would differ in Safari.

import assert from "node:assert/strict";
import { withoutServer } from "./browser.mjs";
import { keptRun, read, untilKept } from "./kept.mjs";
import {
  decodedOf,
  drawBy,
  drawByMouse,
  drawingStillWorks,
  loss,
  moveSlider,
  open,
  openIdle,
  painted,
  pause,
  pickDigit,
  pixels,
  strokeOnPad,
  takeStep,
  untilLoss,
  untilNotice,
  untilOffline,
  untilPixelsAre,
  untilPixelsChange,
  untilReady,
  untilStep,
} from "./page.mjs";
import { assertPinned, tenLosses } from "./ten-losses.mjs";
import { inWebKit } from "./webkit.mjs";

const test = inWebKit();

test("in WebKit one draws, and moves a latent component by keyboard and by drag", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  assert.equal(await page.locator("#notices").innerText(), "");
  const blank = await pixels(page, "#at-mean");
  await drawByMouse(page, await strokeOnPad(page));
  await untilPixelsChange(page, "#at-mean", blank);
  await moveSlider(page, await decodedOf(page, 2));
});

test("in WebKit a pen draws a whole stroke", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const blank = await pixels(page, "#at-mean");
  const stroke = await strokeOnPad(page);
  await drawBy(page.pen, stroke);
  await untilPixelsChange(page, "#at-mean", blank);
  await painted(page);
  const drawn = await pixels(page, "#pad");
  await page.locator("#clear").click();
  await drawByMouse(page, stroke);
  await untilPixelsAre(page, "#pad", drawn, "the mouse draws what the pen drew");
});

test("in WebKit training has the pinned losses, and lowers that of the test", {}, async ({
  page,
  origin,
}) => {
  await openIdle({ page, origin });
  const { device, losses } = await tenLosses(page, "cpu");
  assert.equal(device, "CPU");
  assertPinned(losses);
  await open({ page, origin }, "?batch=32");
  await page.locator("#play").click();
  const first = await untilLoss(page, "quick");
  await drawingStillWorks(page);
  await untilLoss(page, "quick", (now) => now < 0.8 * first && now < 400);
  await pause(page);
  assert.match(await page.locator("#device-reason").innerText(), /no WebGPU/);
});

test("in WebKit drawing and run are there again after a reload", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32&hidden=64");
  await pickDigit(page, 4);
  const picture = await pixels(page, "#pad");
  await takeStep(page, 1);
  await keptRun(page);
  await untilKept(page, "entries", "the drawing is kept", ({ drawing }) => Boolean(drawing));
  await page.reload();
  await open({ page, origin });
  await untilPixelsAre(page, "#pad", picture, "the drawing is back");
  await untilNotice(page, /step 1, Variational autoencoder/);
  await page.locator('#notices button[data-action="Continue"]').click();
  await untilStep(page, 2);
  await pause(page);
  assert.ok((await loss(page, "train")) > 0);
  await keptRun(page);
  assert.equal(Object.keys(await read(page, "runs")).length, 1, "it is kept in its place");
});

test("in WebKit the page opens, draws and trains without a network after one visit", {}, async ({
  page,
  origin,
  server,
}) => {
  await open({ page, origin }, "?batch=32&hidden=64");
  await untilOffline(page);
  await withoutServer(server, async () => {
    await page.reload();
    await untilReady(page);
    await drawingStillWorks(page);
    await takeStep(page, 1);
  });
});
