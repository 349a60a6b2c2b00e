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
  pickDigit,
  pixels,
  safetensors,
  until,
  untilNotice,
  untilStep,
  untilTraining,
  untilTrouble,
  upload,
  withoutHashing,
} from "./page.mjs";

const test = inChromium();
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LABELS = "train-labels-idx1-ubyte.gz";
const oneStep = (page) => page.locator("#step").click();

// Data files.

async function trainingRefuses({ page, origin }, name, answer, pattern) {
  const pathPattern = `**/data/${name.replace(".", "-*.")}`;
  await withoutHashing(page);
  await page.route(pathPattern, answer);
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

test("a missing data file: a reason, a retry, and drawing still works", { provokes: [/404/] }, (site) =>
  trainingRefuses(
    site,
    LABELS,
    (route) => route.fulfill({ status: 404 }),
    /train-labels\S+ could not be fetched: the server answers 404/,
  ),
);

test("a data file that the network drops", { provokes: [/net::ERR_/] }, (site) =>
  trainingRefuses(
    site,
    LABELS,
    (route) => route.abort(),
    /train-labels\S+ could not be fetched: the network or the server does not answer/,
  ),
);

test("a truncated data file, cut in its compressed form", {}, async (site) => {
  const whole = await bytesOf(LABELS);
  await trainingRefuses(
    site,
    LABELS,
    send(whole.subarray(0, whole.length / 2)),
    /train-labels\S+ is damaged: it cannot be decompressed/,
  );
});

test("a truncated data file, cut before it was compressed", {}, async (site) => {
  const whole = gunzipSync(await bytesOf(LABELS));
  await trainingRefuses(
    site,
    LABELS,
    send(gzipSync(whole.subarray(0, 40_000))),
    /train labels: the header announces 60,000 bytes of data, but the file has 39,992/,
  );
});

test("a data file with a wrong magic number", {}, async (site) => {
  const whole = gunzipSync(await bytesOf(LABELS));
  whole[3] = 7;
  await trainingRefuses(
    site,
    LABELS,
    send(gzipSync(whole)),
    /train labels: not an IDX file of labels\. It starts with 0x00000807; such files start with 0x00000801/,
  );
});

test("a data file with an impossible label", {}, async (site) => {
  const whole = gunzipSync(await bytesOf(LABELS));
  whole[1234] = 77;
  await trainingRefuses(
    site,
    LABELS,
    send(gzipSync(whole)),
    /train labels: label 1,226 is 77, but there are 10 classes/,
  ); // after a header of 8 bytes
});

// Weights.

/** `reason`: a pattern, as text, for what is wrong with the file. */
async function weightsAreRefused({ page, origin }, file, reason) {
  await open({ page, origin });
  const before = await pickDigit(page, 9);
  await page.locator("#file").setInputFiles(file);
  const whole = `\\.safetensors was refused\\. ${reason} The model shown is unchanged\\.`;
  await untilNotice(page, new RegExp(whole));
  assert.equal(await pixels(page, "#at-mean"), before);
  assert.equal(await page.locator("html").getAttribute("data-model"), "z20");
  await drawingStillWorks(page);
}

const NOT_SAFETENSORS = "Not a valid safetensors file \\(.+\\)\\.";

test("weights that are not a safetensors file", {}, (site) =>
  weightsAreRefused(site, upload(Buffer.from("Dear model, ...")), NOT_SAFETENSORS),
);

test("an empty weights file", {}, (site) =>
  weightsAreRefused(site, upload(Buffer.alloc(0)), "The file is empty\\."),
);

test("truncated weights", {}, async (site) => {
  const whole = await readFile(join(ROOT, "www/models/vae-z20.safetensors"));
  await weightsAreRefused(
    site,
    upload(whole.subarray(0, whole.length - 1000)),
    "The file is incomplete or damaged: .*",
  );
});

test("weights of another model", {}, (site) => {
  const header = { "encoder.weight": { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] } };
  return weightsAreRefused(
    site,
    upload(safetensors(header, Buffer.alloc(16))),
    "The file does not say which model it holds: .* no matrix encoder\\.mean\\.weight\\. .*",
  );
});

test("weights with a matrix that lies on its side", {}, async (site) => {
  const whole = await readFile(join(ROOT, "www/models/vae-z20.safetensors"));
  const begin = 8 + Number(whole.readBigUInt64LE());
  const header = JSON.parse(whole.subarray(8, begin));
  header["encoder.hidden.weight"].shape.reverse();
  const shape = /The tensor encoder\.hidden\.weight has the shape 784 × 400; it must be 400 × 784\./;
  await weightsAreRefused(site, upload(safetensors(header, whole.subarray(begin))), shape.source);
});

test("weights without one of the matrices", {}, async (site) => {
  const whole = await readFile(join(ROOT, "www/models/vae-z20.safetensors"));
  const begin = 8 + Number(whole.readBigUInt64LE());
  const text = whole
    .subarray(8, begin)
    .toString()
    .replace('"encoder.hidden.weight"', '"encoder.secret.weight"');
  const renamed = safetensors(JSON.parse(text), whole.subarray(begin));
  await weightsAreRefused(site, upload(renamed), "The tensor encoder\\.hidden\\.weight is missing\\.");
});

test("weights whose numbers are not finite", {}, async (site) => {
  const whole = await readFile(join(ROOT, "www/models/vae-z2.safetensors")); // in half precision
  whole.fill(0xff, whole.length - 4000);
  await weightsAreRefused(site, upload(whole), "The tensor \\S+ has values that are NaN or infinite\\.");
});

test("a weights file of 1 GB", {}, async (site) => {
  const folder = await mkdtemp(join(tmpdir(), "latent-lab-"));
  try {
    const path = join(folder, "huge.safetensors");
    const file = await openFile(path, "w");
    await file.truncate(2 ** 30); // a hole: no disk is used
    await file.close();
    await weightsAreRefused(site, path, "The file has 1,074 MB; models here have at most 64 MB\\.");
  } finally {
    await rm(folder, { recursive: true });
  }
});

// WebAssembly and WebGPU.

async function saysThatItCannotStart({ page, origin }, reason) {
  await page.goto(`${origin}/`);
  await page.locator('html[data-ready="failed"]').waitFor({ state: "attached" });
  const advice =
    "It needs WebAssembly and the other files of this site; check that nothing blocks them, then reload\\.";
  await untilNotice(page, new RegExp(`Latent Lab could not start: .*${reason}.*\\. ${advice}`));
  await page.locator('#notices button[data-action="Reload"]').waitFor();
  assert.ok((await page.locator("body").innerText()).length > 200, "the page is not blank");
}

test("blocked WebAssembly: a sentence, not a blank page", { provokes: [/net::ERR_/] }, async (site) => {
  await site.page.route("**/*.wasm", (route) => route.abort());
  await saysThatItCannotStart(
    site,
    "latent_lab_bg\\.wasm could not be fetched: the network or the server does not answer",
  );
});

test("a damaged WebAssembly file", {}, async (site) => {
  await site.page.route("**/*.wasm", (route) =>
    route.fulfill({ body: Buffer.from("\0asm, but not for long"), contentType: "application/wasm" }),
  );
  await saysThatItCannotStart(site, "WebAssembly");
});

test("a pre-trained model that is missing", { provokes: [/404/] }, async ({ page, origin }) => {
  await page.route("**/models/*", (route) => route.fulfill({ status: 404 }));
  await saysThatItCannotStart(
    { page, origin },
    "vae-z20\\.safetensors could not be fetched: the server answers 404",
  );
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
