// Keys, swipes and links do what they are meant for, and nothing else.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import {
  chooseSystem,
  open,
  painted,
  pause,
  pickDigit,
  pixels,
  showView,
  stepsDone,
  trainingState,
  until,
  untilModel,
  untilPadIsEmpty,
  untilPixelsAre,
  untilStep,
} from "./page.mjs";

const test = inChromium();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A real touch from `from` by each of `moves`, as a touch screen sends it. */
async function swipe(page, [x, y], moves) {
  const client = await page.context().newCDPSession(page);
  const send = (type, points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await send("touchStart", [{ x, y }]);
  for (const [dx, dy] of moves) await send("touchMove", [{ x: x + dx, y: y + dy }]);
  await send("touchEnd", []);
  await client.detach();
  await painted(page);
}

/** Ten moves that end at `dx`, `dy`. */
const along = (dx, dy) => Array.from({ length: 10 }, (_, k) => [(dx * (k + 1)) / 10, (dy * (k + 1)) / 10]);

const values = (page) =>
  page.locator('input[type="range"]').evaluateAll((all) => all.map(({ value }) => value));

/** A point at `share` of the track of a range input, which is scrolled into view. */
async function pointOn(input, share) {
  await input.evaluate((element) => element.scrollIntoView({ block: "center" }));
  return pointAt(input, share);
}

async function pointAt(input, share) {
  const { x, y, width, height } = await input.boundingBox();
  return [x + width * share, y + height / 2];
}

async function assertSwipesScroll(page, input) {
  const before = await values(page);
  const state = await page.locator("#latent-state").innerText();
  const moved = [];
  for (const [share, dx, dy] of [
    [0.1, 0, -160],
    [0.9, 0, 160],
    [0.8, 30, -160],
    [0.25, -60, 140],
  ]) {
    const from = await pointOn(input, share);
    await swipe(page, from, along(dx, dy));
    const [, y] = await pointAt(input, share);
    moved.push(Math.abs(y - from[1]));
    assert.deepEqual(await values(page), before, `a swipe by ${dx}, ${dy} at ${share} of the track`);
  }
  assert.ok(Math.max(...moved) > 50, `scrolled by ${moved} px`);
  assert.equal(await page.locator("#latent-state").innerText(), state);
}

async function assertMoves(page, input) {
  const [min, max] = await input.evaluate((element) => [Number(element.min), Number(element.max)]);
  await swipe(page, await pointOn(input, 0.5), along(110, 6));
  const dragged = Number(await input.inputValue());
  assert.ok(dragged > min + 0.6 * (max - min), `dragged to ${dragged}`);
  await swipe(page, await pointOn(input, 0.2), []);
  const tapped = Number(await input.inputValue());
  assert.ok(tapped < min + 0.35 * (max - min), `tapped to ${tapped}`);
}

test(
  "on a phone a vertical swipe over any slider scrolls, a drag or a tap moves it",
  PHONE,
  async ({ page, origin }) => {
    await open({ page, origin });
    await pickDigit(page, 4);
    for (const [view, slider] of [
      ["train", '[data-slides="learning_rate"]'],
      ["latents", "#sliders input >> nth=2"],
    ]) {
      await showView(page, view);
      const input = page.locator(slider);
      await assertSwipesScroll(page, input);
      await assertMoves(page, input);
    }
    assert.match(await page.locator("#latent-state").innerText(), /Edited/);
    const [shown, whole] = await page
      .locator("#sliders")
      .evaluate((list) => [list.clientHeight, list.scrollHeight]);
    assert.equal(shown, whole, "the sliders are no scroller of their own");

    await chooseSystem(page, "vq");
    await untilModel(page, "vq");
    const code = page.locator("#code-value");
    await code.waitFor();
    await assertSwipesScroll(page, code);
    await assertMoves(page, code);
  },
);

test("Space pages down and trains nothing", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await page.keyboard.press("Space");
  await showView(page, "train");
  await page.locator("#train-title").click();
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.getElementById("view-train").scrollTop > 300);
  assert.equal(await trainingState(page), "idle");
  assert.equal(await page.locator('[aria-keyshortcuts*="Space"]').count(), 0);
});

test("a key that an input method or another modifier uses is no shortcut", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await pickDigit(page, 4);
  const press = (key, more) =>
    page.evaluate(
      ([name, options]) => {
        const event = new KeyboardEvent("keydown", {
          key: name,
          bubbles: true,
          cancelable: true,
          ...options,
        });
        return document.body.dispatchEvent(event);
      },
      [key, more],
    );
  for (const key of ["c", "t", "s", "."])
    for (const more of [
      { altKey: true },
      { isComposing: true },
      { modifierAltGraph: true },
      { ctrlKey: true, metaKey: true },
      { metaKey: true },
      { ctrlKey: true, shiftKey: true },
    ])
      assert.ok(await press(key, more), `${key} with ${Object.keys(more)} is left to the browser`);
  assert.equal(await page.locator("#pad").getAttribute("data-empty"), "false");
  assert.equal(await trainingState(page), "idle");
  assert.equal(await press("c", {}), false);
  await untilPadIsEmpty(page);
});

test("a wheel over the settings scrolls and changes none", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const read = () => page.locator("#settings").evaluate((form) => [...new FormData(form)].join(" "));
  const before = [await read(), await values(page)];
  await showView(page, "train");
  for (const fold of await page.locator("#settings .fold > summary").all()) await fold.click();
  const scrollTop = () => page.locator("#view-train").evaluate((view) => view.scrollTop);
  for (const name of ["latent", "learning_rate", "device"]) {
    const field = page.locator(`#settings [name="${name}"]`);
    await field.focus();
    await field.hover();
    const from = await scrollTop();
    await page.mouse.wheel(0, 200);
    await page.mouse.wheel(0, -100);
    await until(page, `a wheel over ${name} scrolls`, scrollTop, (now) => now !== from);
  }
  await painted(page);
  assert.deepEqual([await read(), await values(page)], before);

  await page.goto(`${origin}/bench.html`);
  await page.locator('html[data-benchmark="idle"]').waitFor({ state: "attached" });
  const rounds = page.locator('[name="rounds"]');
  const count = await rounds.inputValue();
  await rounds.focus();
  await rounds.hover();
  await page.mouse.wheel(0, 200);
  await painted(page);
  assert.equal(await rounds.inputValue(), count);
});

test("no link of ours leaves the tab", {}, async ({ page, context, origin }) => {
  for (const path of ["", "bench.html"]) {
    await page.goto(`${origin}/${path}`);
    const links = await page
      .locator('a[href]:not([href^="#"])')
      .evaluateAll((all) => all.map(({ target, rel }) => `${target} ${rel}`));
    assert.deepEqual([...new Set(links)], ["_blank noopener"], path);
  }
  await open({ page, origin });
  await pickDigit(page, 4);
  await showView(page, "train");
  const link = page.getByRole("link", { name: "Benchmark CPU and GPU (opens in a new tab)" });
  const [opened] = await Promise.all([context.waitForEvent("page"), link.click()]);
  await opened.waitForURL(/bench\.html/);
  assert.equal(await page.locator("#pad").getAttribute("data-empty"), "false");
});

test("the picker of weights offers every file: systems that do not know the extension would grey it out", {}, async ({
  page,
  origin,
}) => {
  await page.goto(`${origin}/`);
  const file = page.locator("#file");
  assert.deepEqual([await file.getAttribute("accept"), await file.getAttribute("capture")], [null, null]);
});

test("training says whose pictures are shown, and both models can be looked at while it goes on", {}, async ({
  page,
  origin,
}) => {
  const note = page.locator("#shown-note p");
  const other = page.locator("#shown-note button");
  const noteSays = (pattern) =>
    until(
      page,
      `the note says ${pattern}`,
      () => note.innerText(),
      (words) => pattern.test(words),
    );
  await open({ page, origin }, "?device=cpu&batch=32&hidden=64");
  const pretrained = await pickDigit(page, 4);
  await noteSays(/^Pre-trained model\.$/);
  assert.ok(await other.isHidden());
  const top = () =>
    page.locator("#at-mean").evaluate((canvas) => canvas.getBoundingClientRect().top + scrollY);
  const before = await top();
  await page.locator("#play").click();
  await untilModel(page, "training");
  await noteSays(/^New model: noise at first\.$/);
  assert.equal(await top(), before, "the pictures stay where they are");

  await other.filter({ hasText: "Show pre-trained" }).click();
  await untilModel(page, "z20");
  await untilPixelsAre(page, "#at-mean", pretrained, "the pictures are the pre-trained model's again");
  await noteSays(/^Pre-trained model\.$/);
  await showView(page, "train");
  assert.match(await page.locator("#test-images-of").innerText(), /another model than the run: Variational/);
  const formula = () => page.locator("#loss-formula").innerText();
  assert.match(await formula(), /^Variational autoencoder, Z = 20: loss =/, "not that of the run");
  const step = await stepsDone(page);
  await untilStep(page, step + 20);
  assert.equal(await trainingState(page), "running");
  assert.equal(await pixels(page, "#at-mean"), pretrained);

  await other.filter({ hasText: "Show in training" }).click();
  await untilModel(page, "training");
  assert.match(await page.locator("#test-images-of").innerText(), /^by Variational autoencoder/);
  assert.match(
    await page.locator("#generate-about").innerText(),
    /^new pictures by Variational autoencoder.*: z ~/,
  );
  assert.match(await formula(), /^loss =/);
  await pause(page);
});

test("sliders moved under one model are the drawing's code under the next", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await pickDigit(page, 4);
  const state = () => page.locator("#latent-state").innerText();
  const sliders = page.locator("#sliders input");
  const codes = () => sliders.evaluateAll((all) => all.map(({ id, value }) => `${id} ${value}`).sort());
  await chooseSystem(page, "beta");
  await untilModel(page, "beta");
  await painted(page);
  const own = await codes();
  await chooseSystem(page, "vae");
  await untilModel(page, "z20");
  for (const slider of ["#z2", "#z5"]) await page.locator(slider).fill("-3.5");
  await until(page, "the code is edited", state, (words) => /Edited/.test(words));
  await chooseSystem(page, "beta");
  await untilModel(page, "beta");
  await painted(page);
  assert.match(await state(), /The code of your drawing/);
  assert.deepEqual(await codes(), own);
});
