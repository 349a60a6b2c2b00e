// Drawing, reconstructing and editing the latent code: everything that needs no training.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import {
  drawByMouse,
  open,
  painted,
  pickDigit,
  pixels,
  strokeOnPad,
  until,
  untilAnswered,
  untilMapRests,
  untilModel,
  untilPadIsEmpty,
  untilPixelsAre,
  untilPixelsChange,
} from "./page.mjs";

const test = inChromium();

const term = (page, name, at = "mean") =>
  page.locator(`#terms [data-term="${name}"][data-at="${at}"]`).innerText();

test("drawing by mouse changes the reconstruction", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const blank = await pixels(page, "#at-mean");
  await drawByMouse(page, await strokeOnPad(page));
  await untilPixelsChange(page, "#at-mean", blank);
  await untilAnswered(page);
  const one = await pixels(page, "#at-mean");
  await drawByMouse(page, await strokeOnPad(page, { from: [0.2, 0.2], to: [0.8, 0.2] }));
  await untilPixelsChange(page, "#at-mean", one);
  for (const name of ["reconstruction", "kl", "total"]) {
    assert.ok(Number.parseFloat(await term(page, name)) > 0, `${name} has a value`);
  }
});

test("a stroke that leaves the pad is kept and ends outside", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const blank = await pixels(page, "#at-mean");
  await drawByMouse(page, await strokeOnPad(page, { from: [0.5, 0.3], to: [1.6, 0.7] }));
  await untilPixelsChange(page, "#at-mean", blank);
  await painted(page);
  const drawn = await pixels(page, "#pad");
  for (const [x, y] of await strokeOnPad(page)) await page.mouse.move(x, y); // no button is down
  await painted(page);
  assert.equal(await pixels(page, "#pad"), drawn);
  await page.locator("#undo").click();
  await untilPadIsEmpty(page);
});

test("an empty pad asks for a drawing and shows no numbers", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await untilPadIsEmpty(page);
  assert.ok(await page.locator("#pad-hint").isVisible());
  await until(
    page,
    "no total is shown",
    () => term(page, "total"),
    (text) => /^\s*–/.test(text),
  );
});

test("undo, eraser and clear take ink away", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await drawByMouse(page, await strokeOnPad(page));
  await painted(page);
  const one = await pixels(page, "#pad");
  await drawByMouse(page, await strokeOnPad(page, { from: [0.2, 0.5], to: [0.8, 0.5] }));
  await untilPixelsChange(page, "#pad", one);
  await page.locator("#undo").click();
  await untilPixelsAre(page, "#pad", one, "undo brings the first stroke back");
  await page.locator("#eraser").click();
  assert.equal(await page.locator("#eraser").getAttribute("aria-pressed"), "true");
  await drawByMouse(page, await strokeOnPad(page, { from: [0.3, 0.5], to: [0.7, 0.5] }));
  await untilPixelsChange(page, "#pad", one);
  await page.locator("#clear").click();
  await untilPadIsEmpty(page);
});

test("centring can be turned off", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const blank = await pixels(page, "#framed");
  await drawByMouse(page, await strokeOnPad(page, { from: [0.1, 0.1], to: [0.3, 0.3] }));
  await untilPixelsChange(page, "#framed", blank);
  await untilAnswered(page);
  const centred = await pixels(page, "#framed");
  await page.locator("#input-options > summary").click();
  await page.locator("#centre").click();
  await untilPixelsChange(page, "#framed", centred);
});

test("each sample digit is reconstructed, and a new sample differs from the last", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  const seen = new Set();
  for (const digit of [0, 1, 4, 9]) seen.add(await pickDigit(page, digit));
  assert.equal(seen.size, 4);
  const sampled = await pixels(page, "#at-sample");
  await page.locator("#resample").click();
  await untilPixelsChange(page, "#at-sample", sampled);
});

test("a slider changes pixels by keyboard and by drag, and leaves the others", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await pickDigit(page, 2);
  await untilAnswered(page);
  const sliders = page.locator("#sliders input[type=range]");
  const values = () => sliders.evaluateAll((all) => all.map((slider) => slider.value));
  const before = await pixels(page, "#decoded");
  const at = await values();

  await sliders.first().focus();
  for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
  await untilPixelsChange(page, "#decoded", before);
  await untilAnswered(page);
  const byKeys = await pixels(page, "#decoded");

  const { x, y, width, height } = await sliders.first().boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.1, y + height / 2, { steps: 5 });
  await page.mouse.up();
  await untilPixelsChange(page, "#decoded", byKeys);

  const now = await values();
  assert.notEqual(now[0], at[0]);
  assert.deepEqual(now.slice(1), at.slice(1));

  await page.locator("#latent-reset").click();
  await untilPixelsAre(page, "#decoded", before, "reset brings the picture back");
});

test("a slider that moves writes nothing into the rows of the others, nor the numerals of the map", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await pickDigit(page, 2);
  await page.locator("#plane-state", { hasText: "The first 2,000 of 10,000 test images." }).waitFor();
  await untilAnswered(page);
  await untilMapRests(page);
  const slider = page.locator("#sliders input[type=range]").first();
  await slider.focus();
  await untilAnswered(page);
  const before = [await pixels(page, "#decoded"), await pixels(page, "#plane")];
  await page.evaluate(watchWrites);
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await untilPixelsChange(page, "#decoded", before[0]);
  await untilPixelsChange(page, "#plane", before[1]);
  const { rows, images } = await page.evaluate(() => globalThis.written);
  assert.deepEqual(rows, [await slider.getAttribute("id")]);
  assert.deepEqual(
    images.filter((width) => width > 28),
    [],
    "only pictures of digits",
  );
});

/** In the page: `written` has the sliders whose rows were written to, and the widths of the images put on a canvas. */
function watchWrites() {
  globalThis.written = { rows: [], images: [] };
  const { rows, images } = globalThis.written;
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const row = target.parentElement.closest(".latent") ?? target.closest?.(".latent");
      const { id } = row.querySelector("input");
      if (!rows.includes(id)) rows.push(id);
    }
  }).observe(document.querySelector("#sliders"), {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
  const { putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (...args) {
    images.push(args[0].width);
    return putImageData.apply(this, args);
  };
}

test("sliders are ordered by use, and a sample from the prior moves them all", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  const count = Number(await page.locator("#sliders").getAttribute("data-count"));
  const unused = await page
    .locator("#sliders .latent")
    .evaluateAll((all) => all.map((one) => one.dataset.unused));
  assert.equal(unused.length, count);
  assert.deepEqual(unused, [...unused].sort(), "unused components come last");
  await untilAnswered(page);
  const before = await pixels(page, "#decoded");
  await page.locator("#latent-sample").click();
  await untilPixelsChange(page, "#decoded", before);
});

test("the model with two latents can be chosen", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await pickDigit(page, 5);
  const before = await pixels(page, "#at-mean");
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await untilPixelsChange(page, "#at-mean", before);
  assert.equal(await page.locator("#sliders").getAttribute("data-count"), "2");
});

test("drawing works before the training data arrive", {}, async ({ page, origin }) => {
  await page.route("**/data/train-*", () => {}); // never answered
  await open({ page, origin });
  await pickDigit(page, 8);
  await page.unrouteAll({ behavior: "ignoreErrors" });
});
