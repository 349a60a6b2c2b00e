// The results of a study, opened in the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { inChromium } from "./browser.mjs";
import {
  assertAccessible,
  drop,
  open,
  showView,
  takeStep,
  until,
  untilEntered,
  untilModel,
  untilNotice,
} from "./page.mjs";

const test = inChromium();
const schema = JSON.parse(await readFile(new URL("../www/schema.json", import.meta.url)));
const preset = (name) => schema.presets.find((each) => each.name === name);

/** A run as `latent-lab train --result` writes it, whose test loss is `nats` at the end. */
function result({ name, configuration, seed, nats, data = "MNIST, 60,000 training images" }) {
  const { model, train } = preset(name);
  const terms = (total) => ({ reconstruction: total - 20, kl: 20, total });
  const point = (epoch) => {
    const total = nats + 30 / epoch - 10;
    return { epoch, step: 468 * epoch, train: terms(total), scored: terms(total), seconds: 3 };
  };
  return {
    latent_lab: "0.1.0",
    configuration,
    command: `train --preset ${name} --seed ${seed}`,
    preset: name,
    seed,
    model,
    train: { ...train, seed },
    data,
    data_sha256: "",
    best_epoch: null,
    unit: "nats per image, 10,000 test images, z sampled",
    test: { images: 10_000, terms: terms(nats), perplexity: null, accuracy: null },
    curve: [1, 2, 3].map(point),
    scored_on: "test",
    seconds: 9,
  };
}

const RUNS = [
  { name: "vae", configuration: "vae", seed: 0, nats: 110 },
  { name: "vae", configuration: "vae", seed: 1, nats: 114 },
  { name: "full", configuration: "full", seed: 0, nats: 112.5 },
  { name: "mse", configuration: "mse", seed: 0, nats: 740 },
].map(result);

const lines = (runs) => runs.map((run) => JSON.stringify(run)).join("\n");
const dropStudy = (page, bytes, name = "beta.results.jsonl") => drop(page, { name, bytes });

const curves = (page) => page.locator("#chart").getAttribute("data-overlaid");
const untilCurves = (page, letters) =>
  until(
    page,
    `the curves ${letters} are in the chart`,
    () => curves(page),
    (now) => now === letters,
  );
const rowOf = (page, name) => page.locator("#study tbody tr").filter({ hasText: name });

test("a study that is dropped draws a mean with a band for each configuration", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?view=latents");
  await dropStudy(page, lines(RUNS));
  await untilCurves(page, "A B");
  assert.ok(await page.locator("#view-train").isVisible(), "where the curves are");
  assert.match(await page.locator("#study-title").innerText(), /beta\.results\.jsonl/);
  assert.match(await rowOf(page, "vae").innerText(), /vae\s+2\s+112\.0 ± 2\.8/);
  assert.match(await rowOf(page, "full").innerText(), /full\s+1\s+112\.5/);
  assert.match(await rowOf(page, "mse").innerText(), /another likelihood/);
  assert.ok(await rowOf(page, "mse").locator("input").isDisabled());
  const readout = await page.locator("#readout").innerText();
  assert.match(readout, /A\s+vae\s+test · 2 seeds: mean, least–most · step [\d,]+\s+92\.0\s+90\.0–94\.0/);
  assert.doesNotMatch(readout, /other runs: train/);
  await assertAccessible(page);

  await rowOf(page, "vae").locator("input").uncheck();
  await untilCurves(page, "B");
  await rowOf(page, "vae").locator("input").check();
  await untilCurves(page, "A B");
  await page.locator("#study-close").click();
  await untilCurves(page, "");
  assert.ok(!(await page.locator("#study").isVisible()));
});

test("a study is opened from the menu, beside a run that trains", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?view=train&device=cpu&batch=32");
  await takeStep(page, 1);
  await page.locator("#file-menu > summary").click();
  await untilEntered(page, "files");
  const buffer = Buffer.from(lines(RUNS));
  const study = { name: "menu.results.jsonl", mimeType: "application/jsonl", buffer };
  await page.locator("#archive-file").setInputFiles(study);
  await untilCurves(page, "A B");
  await takeStep(page, 2);
  await untilCurves(page, "A B");
});

test("damaged results and foreign files are refused, and what was shown stays", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?view=train");
  await dropStudy(page, lines(RUNS));
  await untilCurves(page, "A B");
  await dropStudy(page, lines(RUNS).slice(0, -40), "cut.jsonl");
  await untilNotice(page, /cut\.jsonl was not opened\. Line 4 of the results is damaged/);
  const backwards = { ...RUNS[0], curve: [...RUNS[0].curve].reverse() };
  await dropStudy(page, lines([backwards]), "backwards.jsonl");
  await untilNotice(page, /backwards\.jsonl was not opened\. Line 1 of the results is damaged/);
  await dropStudy(page, '{"format": "another"}', "other.jsonl");
  await untilNotice(page, /other\.jsonl.*JSON/);
  assert.equal(await curves(page), "A B");
  await untilModel(page, "z20");
  for (const [file, other] of [
    ["f.jsonl", { data: "Fashion-MNIST, 60,000 training images" }],
    ["m.jsonl", { data_sha256: "5e0b".repeat(16) }], // as MNIST, but other images
  ]) {
    await dropStudy(page, lines(RUNS.map((run) => ({ ...run, ...other }))), file);
    await untilCurves(page, "");
    assert.match(await rowOf(page, "vae").innerText(), /another data set/);
    await dropStudy(page, lines(RUNS));
    await untilCurves(page, "A B");
  }
  const endless = { ...RUNS[0], curve: [{ ...RUNS[0].curve[0], step: 2 ** 53 }] };
  await dropStudy(page, lines([endless]), "endless.jsonl");
  await untilNotice(page, /endless\.jsonl was not opened\. Line 1 of the results is damaged/);
  assert.equal(await curves(page), "A B");
  await showView(page, "latents");
});
