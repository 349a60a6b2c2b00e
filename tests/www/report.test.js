import assert from "node:assert/strict";
import { test } from "node:test";
import { asText, rows, rowsFor, written } from "../../www/evaluation/report.js";

const score = { images: 500, reconstruction: 80, kl: 25, total: 105, usage: [20, 5] };
const quality = {
  pictures: 500,
  confidence: 0.86,
  accuracy: null,
  histogram: [50, 0, 50, 50, 50, 50, 50, 50, 50, 100],
  frechet: 44.5,
  greyness: 89.2,
};
const vae = {
  images: 500,
  samples: 10,
  draws: 2000,
  sampled: score,
  at_mean: { ...score, reconstruction: 70, total: 95 },
  log_likelihood: -97.7,
  active_units: 2,
  activity: [0.4, 0.9],
  mutual_information: 6.2,
  aggregate_kl: 18.2,
  quality,
  real: { ...quality, confidence: 0.99, accuracy: 0.98, frechet: 7.8, histogram: Array(10).fill(50) },
};
const ae = {
  ...vae,
  sampled: { ...score, kl: 0, reconstruction: 64, total: 64 },
  log_likelihood: null,
  mutual_information: null,
  aggregate_kl: null,
  quality: { ...quality, frechet: Number.NaN },
};
const columns = (text) => text.split("\n").map((line) => line.split("\t"));
const line = (text, name) => columns(text).find(([first]) => first === name);

test("every number of a report has a row with a unit and an explanation", () => {
  for (const { name, unit, explanation } of rows) {
    assert.ok(name && unit, name);
    assert.match(explanation, /\.$/, name);
  }
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
});

test("the text is a rectangle with a model's column and real images' beside it", () => {
  const text = asText([
    { name: "VAE", report: vae },
    { name: "AE", report: ae },
  ]);
  assert.ok(columns(text).every((cells) => cells.length === 6));
  assert.deepEqual(columns(text)[0], ["", "unit", "VAE", "real images", "AE", "real images"]);
  assert.deepEqual(line(text, "Total"), ["Total", "nats", "105.00", "", "64.00", ""]);
  assert.deepEqual(line(text, "Confidence"), ["Confidence", "%", "86.0", "99.0", "86.0", "99.0"]);
  assert.deepEqual(line(text, "Judged as 9"), ["Judged as 9", "%", "20.0", "10.0", "20.0", "10.0"]);
  assert.deepEqual(line(text, "Activity").slice(0, 3), ["Activity", "variance", "0.90 0.40"]);
});

test("log p(x) is written as what it costs, and as none where there is no density", () => {
  const text = asText([
    { name: "VAE", report: vae },
    { name: "AE", report: ae },
  ]);
  assert.deepEqual(line(text, "−log p(x)"), ["−log p(x)", "nats", "97.70", "", "none", ""]);
});

test("a distance that is no number is said to be none, not printed", () => {
  const row = rows.find(({ name }) => name === "Fréchet distance");
  assert.equal(written(row, row.of(ae)), "not finite");
  assert.equal(written(row, row.of(vae)), "44.50");
});

test("what only codebooks and classifiers have is left out elsewhere", () => {
  const names = (reports) => rowsFor(reports).map(({ name }) => name);
  assert.ok(!names([vae]).includes("Codes in use"));
  const codebook = { ...vae, sampled: { ...score, perplexity: 61.5, accuracy: null } };
  assert.ok(names([vae, codebook]).includes("Codes in use"));
  assert.ok(!names([vae, codebook]).includes("Digits recognised"));
  const text = asText([
    { name: "VAE", report: vae },
    { name: "VQ", report: codebook },
  ]);
  assert.deepEqual(line(text, "Codes in use").slice(2), ["none", "", "61.50", ""]);
});

test("negative numbers and thousands can be read by a spreadsheet", () => {
  const sharp = { ...vae, images: 10_000, sampled: { ...score, total: -1234.5 } };
  const text = asText([{ name: "a\tb", report: sharp }]);
  assert.equal(line(text, "Total")[2], "-1234.50");
  assert.equal(line(text, "looked at")[2], "10000 images, 10 draws each, 2000 pictures");
  assert.equal(columns(text)[0][2], "a b");
});
