// For everyone: no accessibility violations, every width, keyboard, any address.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { inChromium } from "./browser.mjs";
import { open, pickSample, pixels, untilPixelsChange, untilStep } from "./page.mjs";

const test = inChromium();
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function assertNoViolations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target).join("; ")})`,
  );
  assert.deepEqual(found, []);
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    const device = { colorScheme, viewport: { width, height: 900 } };
    test(`axe finds nothing: ${colorScheme}, ${width} px`, device, async ({ page, origin }) => {
      await open({ page, origin });
      await assertNoViolations(page);
      await pickSample(page, 3);
      await page.locator("#step").click();
      await untilStep(page, 1);
      await assertNoViolations(page);
    });
  }
}

for (const width of [320, 360, 768, 2560]) {
  test(`nothing sticks out at ${width} px`, { viewport: { width, height: 740 } }, async ({
    page,
    origin,
  }) => {
    await open({ page, origin });
    await pickSample(page, 3);
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

test("a digit can be chosen, and a latent bent, by keyboard alone", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const tabTo = async (selector) => {
    for (let i = 0; i < 200; i++) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab never reaches ${selector}`);
  };
  const blank = await pixels(page, "#at-mean");
  await tabTo('#samples button[data-digit="5"]');
  await page.keyboard.press("Enter");
  await untilPixelsChange(page, "#at-mean", blank);
  const before = await pixels(page, "#decoded");
  await tabTo("#sliders input[type=range]");
  await page.keyboard.press("End");
  await untilPixelsChange(page, "#decoded", before);
  await tabTo("#play");
});

test("the site works from a sub-path", {}, async ({ page, context, origin }) => {
  const below = `${origin}/some/where`;
  await context.route(`${below}/**`, (route) =>
    route.continue({ url: route.request().url().replace(below, origin) }),
  );
  await open({ page, origin: below });
  await pickSample(page, 1);
  await page.locator("#step").click();
  await untilStep(page, 1);
});
