// When things go wrong: what the person gets.

import assert from "node:assert/strict";
import { mkdtemp, open as openFile, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { inChromium } from "./browser.mjs";
import {
  drawingStillWorks,
  open,
  pickSample,
  pixels,
  until,
  untilNotice,
  untilStep,
  untilTraining,
  untilTrouble,
} from "./page.mjs";

const test = inChromium();
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LABELS = "train-labels-idx1-ubyte.gz";
const oneStep = (page) => page.locator("#step").click();

// Data files.

async function trainingRefuses({ page, origin }, name, damage, pattern) {
  const pathPattern = `**/data/${name}`;
  await page.route(pathPattern, damage);
  await open({ page, origin }, "?batch=32");
  await oneStep(page);
  await untilTraining(page, "failed");
  await untilTrouble(page, pattern);
  await drawingStillWorks(page);
  await page.unroute(pathPattern);
  await page.locator("#trouble-action").click();
  await untilTraining(page, "paused", "running");
  await oneStep(page);
  await untilStep(page, 1);
}

const bytesOf = (name) => readFile(join(ROOT, "www/data", name));
const send = (body) => (route) => route.fulfill({ body, contentType: "application/gzip" });

test("a missing data file: a reason, a retry, and drawing goes on", { provokes: [/404/] }, (site) =>
  trainingRefuses(site, LABELS, (route) => route.fulfill({ status: 404 }), /train-labels/),
);

test("a data file that the network drops", { provokes: [/net::ERR_/] }, (site) =>
  trainingRefuses(site, LABELS, (route) => route.abort(), /train-labels/),
);

test("a truncated data file, cut in its compressed form", {}, async (site) => {
  const whole = await bytesOf(LABELS);
  await trainingRefuses(site, LABELS, send(whole.subarray(0, whole.length / 2)), /train-labels/);
});

test("a truncated data file, cut before it was compressed", {}, async (site) => {
  const whole = gunzipSync(await bytesOf(LABELS));
  await trainingRefuses(site, LABELS, send(gzipSync(whole.subarray(0, 40_000))), /train.*labels/i);
});

test("a data file with a wrong magic number", {}, async (site) => {
  const whole = gunzipSync(await bytesOf(LABELS));
  whole[3] = 7;
  await trainingRefuses(site, LABELS, send(gzipSync(whole)), /train.*labels/i);
});

test("a data file with an impossible label", {}, async (site) => {
  const whole = gunzipSync(await bytesOf(LABELS));
  whole[1234] = 77;
  await trainingRefuses(site, LABELS, send(gzipSync(whole)), /train.*labels/i);
});

// Weights.

/** A safetensors file: an eight-byte length, a JSON header, the numbers. */
function safetensors(header, numbers) {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, numbers]);
}

async function weightsAreRefused({ page, origin }, file, pattern) {
  await open({ page, origin });
  const before = await pickSample(page, 9);
  await page.locator("#file").setInputFiles(file);
  await untilNotice(page, pattern);
  assert.equal(await pixels(page, "#at-mean"), before);
  assert.equal(await page.locator("html").getAttribute("data-model"), "z20");
  await drawingStillWorks(page);
}

const upload = (buffer) => ({ name: "mine.safetensors", mimeType: "application/octet-stream", buffer });

test("weights that are no safetensors file", {}, (site) =>
  weightsAreRefused(site, upload(Buffer.from("Dear model, ...")), /safetensors/i),
);

test("an empty weights file", {}, (site) =>
  weightsAreRefused(site, upload(Buffer.alloc(0)), /mine\.safetensors|empty|safetensors/i),
);

test("truncated weights", {}, async (site) => {
  const whole = await readFile(join(ROOT, "www/models/vae-z20.safetensors"));
  await weightsAreRefused(
    site,
    upload(whole.subarray(0, whole.length - 1000)),
    /truncat|short|damaged|incomplete|safetensors/i,
  );
});

test("weights of another model", {}, (site) => {
  const header = { "encoder.weight": { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] } };
  return weightsAreRefused(site, upload(safetensors(header, Buffer.alloc(16))), /tensor|shape|model/i);
});

test("weights whose numbers are not finite", {}, async (site) => {
  const whole = await readFile(join(ROOT, "www/models/vae-z20.safetensors"));
  whole.fill(0xff, whole.length - 4000);
  await weightsAreRefused(site, upload(whole), /finite|not a number|NaN/i);
});

test("a weights file of 1 GB", {}, async (site) => {
  const folder = await mkdtemp(join(tmpdir(), "latent-lab-"));
  try {
    const path = join(folder, "huge.safetensors");
    const file = await openFile(path, "w");
    await file.truncate(2 ** 30); // a hole: no disk is used
    await file.close();
    await weightsAreRefused(site, path, /large|big|MB|GB|MiB/i);
  } finally {
    await rm(folder, { recursive: true });
  }
});

// WebAssembly and WebGPU.

async function saysThatItCannotStart({ page, origin }) {
  await page.goto(`${origin}/`);
  await page.locator('html[data-ready="failed"]').waitFor({ state: "attached" });
  await untilNotice(page, /\w{3,} .*\w{3,} .*\w{3,}/);
  assert.ok((await page.locator("body").innerText()).length > 200, "the page is not blank");
}

test("blocked WebAssembly: a sentence, not a blank page", { provokes: [/net::ERR_/] }, async (site) => {
  await site.page.route("**/*.wasm", (route) => route.abort());
  await saysThatItCannotStart(site);
});

test("a damaged WebAssembly file", {}, async (site) => {
  await site.page.route("**/*.wasm", (route) =>
    route.fulfill({ body: Buffer.from("\0asm, but not for long"), contentType: "application/wasm" }),
  );
  await saysThatItCannotStart(site);
});

test("a pre-trained model that is missing", { provokes: [/404/] }, async ({ page, origin }) => {
  await page.route("**/models/*", (route) => route.fulfill({ status: 404 }));
  await page.goto(`${origin}/`);
  await untilNotice(page, /\w{3,} .*\w{3,}/);
});

async function trainsOnCpuBecause({ page, origin }, pattern) {
  await open({ page, origin }, "?batch=32");
  await oneStep(page);
  await untilStep(page, 1);
  assert.equal(await page.locator("#train-panel").getAttribute("data-device"), "cpu");
  await until(
    page,
    `the reason is ${pattern}`,
    () => page.locator("#device-reason").innerText(),
    (text) => pattern.test(text),
  );
}

test("no navigator.gpu: the CPU trains, with the reason", {}, async (site) => {
  await site.page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });
  });
  await trainsOnCpuBecause(site, /WebGPU/);
});

test("no adapter: the CPU trains, with the reason", {}, (site) => trainsOnCpuBecause(site, /adapter/));
