// The map of the family, in which the system is chosen: by mouse, keyboard and touch, on every screen.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import { assertAccessible, chosenSystem, open, trainingState, untilAddress, untilModel } from "./page.mjs";

const test = inChromium();
const map = (page) => page.locator("#system-map");
const filter = (page) => page.locator("#system-map input");
const options = (page) => page.locator("#system-map [data-system]:not([hidden])");
const active = (page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    return document.getElementById(focused.getAttribute("aria-activedescendant"))?.dataset.system ?? null;
  });

for (const [width, height, colorScheme] of [
  [1280, 720, "light"],
  [360, 640, "dark"],
])
  test(`the map is accessible and sticks out nowhere: ${width} x ${height}, ${colorScheme}`, {
    viewport: { width, height },
    colorScheme,
  }, async ({ page, origin }) => {
    await open({ page, origin });
    assert.ok(await map(page).isHidden());
    await page.locator("#system-name").click();
    await assertAccessible(page);
    const beyond = await page.evaluate(() => {
      const box = document.getElementById("system-map").getBoundingClientRect();
      const places = document.querySelector(".system-places");
      return [
        box.left < 0,
        box.right > innerWidth,
        box.bottom > innerHeight,
        places.scrollWidth > places.clientWidth,
      ];
    });
    assert.deepEqual(beyond, [false, false, false, false]);
  });

test("a system is found by typing and chosen by Enter; Escape changes nothing", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  const button = page.locator("#system-name");
  assert.match(await button.getAttribute("aria-label"), /Variational autoencoder$/);
  await button.press("Enter");
  assert.equal(await active(page), "vae", "the one that is chosen");
  const all = await options(page).count();
  await page.keyboard.type("kingma 2014");
  assert.ok((await options(page).count()) < all);
  await page.keyboard.press("Escape");
  assert.ok(await map(page).isHidden());
  assert.equal(await chosenSystem(page), "vae");
  assert.equal(await page.evaluate(() => document.activeElement.id), "system-name");

  await button.press("Enter");
  assert.equal(await options(page).count(), all, "the filter is empty again");
  await page.keyboard.type("nothing of the kind");
  assert.equal(await options(page).count(), 0);
  assert.match(await page.locator("#system-map [role=status]").innerText(), /nothing of the kind/);
  await page.keyboard.press("Enter");
  await filter(page).fill("beta");
  assert.equal(await active(page), "beta");
  await page.keyboard.press("Enter");
  await untilModel(page, "beta");
  assert.ok(await map(page).isHidden());
  await untilAddress(page, /system=beta/);
  assert.match(await button.innerText(), /^Beta-VAE/);
  assert.equal(await page.locator('#system-map [aria-selected="true"]').getAttribute("data-system"), "beta");
});

test("arrow keys go through the family, and across its columns", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await page.locator("#system-name").click();
  await page.keyboard.press("ArrowUp");
  assert.equal(await active(page), "vae", "the first");
  await page.keyboard.press("ArrowDown");
  const first = await active(page);
  await page.keyboard.press("ArrowRight");
  const beside = await active(page);
  assert.notEqual(beside, first);
  const [left, right] = await Promise.all(
    [first, beside].map((name) => page.locator(`#system-map [data-system="${name}"]`).boundingBox()),
  );
  assert.ok(right.x >= left.x + left.width);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await active(page), first);
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowDown");
  assert.equal(await active(page), await options(page).last().getAttribute("data-system"), "the last");
  await page.keyboard.press("Home");
  assert.equal(await active(page), "vae");
});

test("a finger opens the map without a keyboard over it, and single keys of the page do not act in it", {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
}, async ({ page, origin }) => {
  await open({ page, origin });
  await page.locator("#system-name").tap();
  assert.equal(await page.evaluate(() => document.activeElement.id), "system-list");
  await page.keyboard.type("t.");
  assert.equal(await filter(page).inputValue(), "t.", "what is typed is in the filter");
  assert.equal(await trainingState(page), "idle");
  await filter(page).fill("");
  await page.locator('#system-map [data-system="vq"]').tap();
  await untilModel(page, "vq");
  assert.equal(await chosenSystem(page), "vq");
});
