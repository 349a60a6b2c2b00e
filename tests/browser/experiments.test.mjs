// The experiments that break the model: each trains, says what to watch, and is left with one press.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import {
  assertAccessible,
  loss,
  open,
  pause,
  set,
  showView,
  stepsDone,
  takeStep,
  trainingState,
  until,
  untilModel,
  untilStep,
} from "./page.mjs";

const test = inChromium();
const setting = (page, name) => page.locator(`#settings [name="${name}"]`).inputValue();

async function run(page, name) {
  await showView(page, "learn");
  const list = page.locator("details:has(#experiments)");
  if (!(await list.evaluate(({ open: isOpen }) => isOpen))) await list.locator("summary").click();
  await page.locator(`#experiments button[value="${name}"]`).click();
}

test("a loss averaged over pixels lets the KL vanish, and one press brings everything back", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?device=cpu&batch=64&lr=0.002");
  await run(page, "mean_over_pixels");
  await until(
    page,
    "it trains",
    () => stepsDone(page),
    (step) => step > 0,
  );
  assert.match(await page.locator("#experiment").innerText(), /Watch the KL/);
  assert.equal(await setting(page, "beta"), "784");
  await untilStep(page, 60);
  await pause(page);
  assert.ok((await loss(page, "train", "kl")) < 1, "the KL has vanished");
  await assertAccessible(page);
  await page.locator("#experiment button").click();
  await untilModel(page, "z20");
  assert.equal(await page.locator("#view-learn").isVisible(), true, "the view of before");
  await showView(page, "train");
  assert.equal(await page.locator("#experiment").isVisible(), false);
  assert.equal(await setting(page, "beta"), "1");
  assert.equal(await setting(page, "learning_rate"), "0.002");
});

test("a run of before is there again as it was, paused", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?device=cpu&hidden=64&batch=32");
  await set(page, { latent: 5 });
  await takeStep(page, 1);
  await takeStep(page, 2);
  await run(page, "one_component");
  await until(
    page,
    "the experiment trains",
    () => setting(page, "latent"),
    (latent) => latent === "1",
  );
  await showView(page, "latents");
  await until(
    page,
    "its pictures are shown",
    () => page.locator("#sliders .latent").count(),
    (count) => count === 1,
  );
  await showView(page, "map");
  await until(
    page,
    "a single component has a map",
    () => page.locator("#plane-panel").getAttribute("data-axes"),
    (axes) => axes === "1",
  );
  await showView(page, "train");
  await page.locator("#experiment button").click();
  await until(
    page,
    "the settings are back",
    () => setting(page, "latent"),
    (latent) => latent === "5",
  );
  await until(
    page,
    "the run is back, and rests",
    async () => [await trainingState(page), await stepsDone(page)],
    ([state, step]) => state === "paused" && step >= 2 && step < 100,
  );
});
