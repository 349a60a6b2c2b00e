// For everyone: no accessibility violations, every width, keyboard, any address.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { inChromium } from "./browser.mjs";
import {
  assertAccessible,
  drawByMouse,
  open,
  openIdle,
  painted,
  pickDigit,
  pixels,
  showView,
  strokeOnPad,
  takeStep,
  untilAnswered,
  untilPadIsEmpty,
  untilPixelsAre,
  untilPixelsChange,
  untilReady,
  untilRestarted,
  untilStep,
  untilTraining,
} from "./page.mjs";

const test = inChromium();

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    const device = { colorScheme, viewport: { width, height: 900 } };
    test(`axe finds nothing: ${colorScheme}, ${width} px`, device, async ({ page, origin }) => {
      await open({ page, origin });
      await assertAccessible(page);
      await pickDigit(page, 3);
      await page.locator("#step").click();
      await untilStep(page, 1);
      await assertAccessible(page);
    });
  }
}

for (const width of [320, 360, 768, 2560]) {
  test(`nothing sticks out at ${width} px`, { viewport: { width, height: 740 } }, async ({
    page,
    origin,
  }) => {
    await open({ page, origin });
    await pickDigit(page, 3);
    await page.locator("#step").click();
    await untilStep(page, 1);
    const overflow = await page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return [];
      return [...document.body.querySelectorAll("*")]
        .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
        .map((element) => `${element.tagName} #${element.id} .${element.className}`);
    });
    assert.deepEqual(overflow, []);
  });
}

for (const system of ["vq", "semi", "pca"]) {
  for (const [width, colorScheme] of [
    [1280, "light"],
    [320, "dark"],
  ]) {
    const device = { viewport: { width, height: 740 }, colorScheme, provokes: [/404/] };
    test(
      `${system} sticks out nowhere and is accessible: ${colorScheme}, ${width} px`,
      device,
      async ({ page, origin }) => {
        await open({ page, origin }, `?system=${system}&batch=8`);
        await pickDigit(page, 3);
        if (system !== "pca") await takeStep(page, 1);
        await assertAccessible(page);
        const beyond = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(beyond <= 0, `${beyond} px stick out`);
      },
    );
  }
}

test("nothing jumps while the page loads and the first step is trained", {}, async ({ page, origin }) => {
  await page.addInitScript(() => {
    globalThis.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries()) {
        if (!hadRecentInput)
          globalThis.shifts.push({
            value,
            what: sources.map(({ node }) => node?.id || node?.className || node?.nodeName),
          });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await open({ page, origin });
  await page.locator("#step").click();
  await untilStep(page, 1);
  const shifts = await page.evaluate(() => globalThis.shifts);
  const total = shifts.reduce((sum, { value }) => sum + value, 0);
  assert.ok(total < 0.05, `layout shift ${total}: ${JSON.stringify(shifts)}`);
});

test("a digit can be chosen, and a slider moved, by keyboard alone", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const tabTo = async (selector) => {
    for (let i = 0; i < 200; i++) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab never reaches ${selector}`);
  };
  const blank = await pixels(page, "#at-mean");
  await tabTo('#image-picker button[data-index="5"]');
  await page.keyboard.press("Enter");
  await untilPixelsChange(page, "#at-mean", blank);
  await untilAnswered(page);
  const before = await pixels(page, "#decoded");
  await tabTo("#sliders input[type=range]");
  await page.keyboard.press("End");
  await untilPixelsChange(page, "#decoded", before);
  await tabTo("#play");
});

test("no stray letter restarts a run, and single keys can be switched off for good", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?batch=32&device=cpu");
  const train = page.locator("#train-panel");
  await page.keyboard.press(".");
  await untilStep(page, 1);
  await untilTraining(page, "paused");
  await page.keyboard.press("r");
  await page.keyboard.press(".");
  await untilStep(page, 2);
  await untilTraining(page, "paused");
  await page.keyboard.press("Shift+R");
  await untilRestarted(page);

  const off = page.locator("#keys");
  const openHelp = async () => {
    await showView(page, "learn");
    await page.locator("summary", { hasText: "Keys" }).click();
  };
  await openHelp();
  await off.uncheck();
  await page.reload();
  await untilReady(page);
  assert.equal(await off.isChecked(), false, "it is remembered");
  await drawByMouse(page, await strokeOnPad(page));
  for (const key of ["c", "s", ".", "t", "Shift+R"]) await page.keyboard.press(key);
  await painted(page);
  assert.equal(await page.locator("#pad").getAttribute("data-empty"), "false");
  assert.equal(await train.getAttribute("data-training"), "idle");
  await page.keyboard.press("Control+Z");
  await untilPadIsEmpty(page); // Ctrl+Z is not a single key
  await openHelp();
  await off.check();
  await off.blur();
  await page.keyboard.press(".");
  await untilStep(page, 1);
});

test("what a stray C cleared comes back by undo", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await drawByMouse(page, await strokeOnPad(page));
  await painted(page);
  const drawn = await pixels(page, "#pad");
  await page.keyboard.press("c");
  await untilPadIsEmpty(page);
  await page.locator("#undo").click();
  await untilPixelsAre(page, "#pad", drawn, "undo brings the drawing back");
});

test("pauses and full tests are announced at once, steps seldom", {}, async (site) => {
  await openIdle(site);
  const schema = JSON.parse(await readFile(new URL("../www/schema.json", import.meta.url), "utf8"));
  const heard = await site.page.evaluate(async (settings) => {
    const { installSchema } = await import(new URL("settings/schema.js", location.href));
    const { defaults } = await import(new URL("settings/values.js", location.href));
    const { TrainingAnnouncer } = await import(new URL("training/training-announcer.js", location.href));
    const { Announcer } = await import(new URL("views/announcer.js", location.href));
    let now = 0;
    const live = document.getElementById("live");
    const announcer = new Announcer(live, () => now);
    const said = [];
    const listen = () => said.push(live.lastElementChild?.textContent ?? "");
    installSchema(settings);
    const training = new TrainingAnnouncer(announcer);
    const progress = (step, epoch) => {
      training.progress({ step, epoch, loss: 100 });
      listen();
    };
    training.status({ status: "starting" });
    for (const phase of ["kernels", "kernels", ""]) training.phase(phase);
    listen();
    training.begin({ step: 0, made: defaults() });
    training.status({ status: "paused" });
    listen();
    training.status({ status: "running" });
    listen();
    progress(1, 0.1); // too soon
    now = 10_000;
    progress(10, 1); // the last step of the first epoch, not the second
    training.test({ which: "full", epoch: 1, total: 100 });
    listen();
    training.status({ status: "paused" });
    listen();
    return said;
  }, schema);
  assert.deepEqual(heard, [
    "Compiling kernels.",
    "The model is ready.",
    "Training.",
    "Training.",
    "Epoch 1, step 10, training loss 100.0 nats.",
    "Epoch 1 done. Test loss 100.0 nats.",
    "Training paused at step 10.",
  ]);
});

test("the site works from a sub-path", {}, async ({ page, context, origin }) => {
  const below = `${origin}/some/where`;
  await context.route(`${below}/**`, (route) =>
    route.continue({ url: route.request().url().replace(below, origin) }),
  );
  await open({ page, origin: below });
  await pickDigit(page, 1);
  await page.locator("#step").click();
  await untilStep(page, 1);
});
