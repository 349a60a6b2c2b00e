// Pictures of every view, in test-results/screens/: node tests/browser/screenshots.mjs [part of a name]
//
// Each name is view-width-theme. They are to be looked at: is each as clear in five seconds as it could be?

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { serve } from "../../build/serve.mjs";
import { launch, PATIENCE_MS } from "./browser.mjs";
import { open, pause, showView, tabs, until, untilStep } from "./page.mjs";

const FOLDER = fileURLToPath(new URL("../../test-results/screens/", import.meta.url));
const WINDOWS = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 1100, height: 640 },
  { width: 844, height: 390, hasTouch: true },
  { width: 390, height: 844, hasTouch: true },
  { width: 360, height: 640, hasTouch: true },
];
const STEPS = 40;

const part = process.argv[2] ?? "";
const server = await serve();
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await launch();
await mkdir(FOLDER, { recursive: true });
try {
  for (const { hasTouch = false, ...viewport } of WINDOWS)
    for (const colorScheme of ["light", "dark"]) {
      const name = (view) => `${view}-${viewport.width}x${viewport.height}-${colorScheme}`;
      const asked = [
        "first",
        "systems",
        "latents",
        "paths",
        "map",
        "posterior",
        "compare",
        "data",
        "train",
        "measure",
        "learn",
      ].filter((view) => name(view).includes(part));
      if (asked.length === 0) continue;
      const context = await browser.newContext({ viewport, colorScheme, hasTouch, isMobile: hasTouch });
      context.setDefaultTimeout(PATIENCE_MS);
      await photograph(await context.newPage(), name);
      await context.close();
    }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}

async function photograph(page, name) {
  const shoot = (view) => page.screenshot({ path: `${FOLDER}${name(view)}.png` });
  await open({ page, origin }, "?demo=on");
  await untilDrawn(page);
  await untilMapped(page);
  await shoot("first");
  await page.locator("#system-name").click();
  await shoot("systems");
  await page.keyboard.press("Escape");
  await page.locator("#play").click();
  await untilStep(page, STEPS);
  await pause(page);
  for (const view of await tabs(page)) {
    await showView(page, view);
    await untilMapped(page);
    await untilCompared(page);
    await untilIntegrated(page);
    await shoot(view);
  }
}

function untilDrawn(page) {
  return until(
    page,
    "the recorded digit is drawn",
    () => page.locator("html").getAttribute("data-demonstration"),
    (state) => state === "drawn",
  );
}

/** Where the map is in sight, it has its points. */
async function untilMapped(page) {
  if (!(await page.locator("#view-map").isVisible())) return;
  const state = () => page.locator("#plane-panel").getAttribute("data-state");
  await until(page, "the map is drawn", state, (now) => now === "drawn");
}

/** Where posteriors are computed, they are on their finest lattice. */
async function untilIntegrated(page) {
  if (!(await page.locator("#view-posterior").isVisible())) return;
  const states = () =>
    page.locator(".posterior-of").evaluateAll((all) => all.map(({ dataset }) => dataset.state));
  await until(page, "the posteriors are computed", states, (all) => all.every((state) => state === "done"));
}

/** Where models are compared, their losses are those on all test images. */
async function untilCompared(page) {
  if (!(await page.locator("#view-compare").isVisible())) return;
  const images = () =>
    page.locator(".compared").evaluateAll((all) => all.map(({ dataset }) => Number(dataset.images)));
  await until(page, "the models are compared", images, (all) => all.every((count) => count === 10_000));
}
