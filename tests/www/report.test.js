import assert from "node:assert/strict";
import { test } from "node:test";
import { extentText, rowName, rows, rowUnit, written, writtenError } from "../../www/evaluation/report.js";
import { asText } from "../../www/evaluation/report-formats.js";
import "./schema.js";
import { hasText, text as words } from "../../www/messages/text.js";
import { defaults } from "../../www/settings/values.js";

const estimate = (mean, standard_error = 0.5) => ({ mean, standard_error });
const score = { reconstruction: estimate(80), kl: estimate(25), total: estimate(105, 0.75) };
const quality = {
  pictures: 500,
  confidence: 0.86,
  accuracy: null,
  histogram: [50, 0, 50, 50, 50, 50, 50, 50, 50, 100],
  frechet: 44.5,
  pixel_entropy: 89.2,
};
const data = { key: "mnist", name: "MNIST" };
const vae = {
  images: 500,
  importance_samples: 10,
  prior_samples: 2000,
  sampled: score,
  at_mean: { ...score, reconstruction: estimate(70), total: estimate(95) },
  nll: estimate(97.7),
  active_units: 2,
  activity: [0.4, 0.9],
  mutual_information: 6.2,
  aggregate_kl: 18.2,
  quality,
  real: { ...quality, confidence: 0.99, accuracy: 0.98, frechet: 7.8, histogram: Array(10).fill(50) },
};
const ae = {
  ...vae,
  sampled: { reconstruction: estimate(64), kl: estimate(0, 0), total: estimate(64) },
  nll: null,
  mutual_information: null,
  aggregate_kl: null,
  quality: { ...quality, frechet: Number.NaN },
};
const columns = (text) => text.split("\n").map((line) => line.split("\t"));
const line = (text, name) => columns(text).find(([first]) => first === name);

test("every row has a name of its own, a unit and an explanation", () => {
  for (const row of rows) {
    assert.ok(rowName(row) && rowUnit(row), row.key);
    assert.match(words(`evaluation.rows.${row.key}.explanation`), /\.$/, row.key);
    if (row.group) assert.ok(hasText(`evaluation.groups.${row.group}`), row.group);
  }
  assert.equal(new Set(rows.map(rowName)).size, rows.length);
});

test("the copied table has a column for each model and one of real images after it", () => {
  const text = asText([
    { name: "VAE", step: null, data, report: vae },
    { name: "AE", step: null, data, report: ae },
  ]);
  assert.ok(columns(text).every((cells) => cells.length === 6));
  assert.deepEqual(columns(text)[0], ["", "unit", "VAE", "real images", "AE", "real images"]);
  assert.deepEqual(line(text, "Total"), ["Total", "nats", "105.00", "", "64.00", ""]);
  assert.deepEqual(line(text, "Total, standard error"), [
    "Total, standard error",
    "nats",
    "0.75",
    "",
    "0.50",
    "",
  ]);
  assert.equal(line(text, "Confidence, standard error"), undefined, "only means of nats have one");
  assert.deepEqual(line(text, "Confidence"), ["Confidence", "%", "86.0", "99.0", "86.0", "99.0"]);
  assert.deepEqual(line(text, "Predicted classes 9"), [
    "Predicted classes 9",
    "%",
    "20.0",
    "10.0",
    "20.0",
    "10.0",
  ]);
  assert.deepEqual(line(text, "Activity").slice(0, 3), ["Activity", "variance", "0.90 0.40"]);
});

test("−log p(x) is positive nats, and n/a where the posterior has no density", () => {
  const text = asText([
    { name: "VAE", step: null, data, report: vae },
    { name: "AE", step: null, data, report: ae },
  ]);
  assert.deepEqual(line(text, "−log p(x)"), ["−log p(x)", "nats", "97.70", "", "n/a", ""]);
  const error = "−log p(x), standard error";
  assert.deepEqual(line(text, error), [error, "nats", "0.50", "", "n/a", ""]);
});

test("a mean over images has its standard error beside it, and a number without one has none", () => {
  const named = (name) => rows.find(({ key }) => key === name);
  assert.equal(writtenError(named("total"), vae), "± 0.75");
  assert.equal(writtenError(named("nll"), ae), null);
  assert.equal(writtenError(named("frechet"), vae), null);
  const one = { ...vae, sampled: { ...score, total: estimate(105, Number.NaN) } };
  assert.equal(writtenError(named("total"), one), null, "of one image");
});

test("a conditional model has its accuracy by class, a class that it was not trained on included", () => {
  const row = rows.find(({ key }) => key === "class_accuracy");
  const by_class = [1, 0.9, 1, 1, 1, 1, 1, 1, 0.25, null];
  const conditional = { ...vae, quality: { ...quality, accuracy: 0.9, accuracy_by_class: by_class } };
  assert.ok(row.where(conditional) && !row.where(vae));
  assert.deepEqual(row.bars(conditional), [...by_class.slice(0, 9), 0]);
  const text = asText([{ name: "CVAE", step: null, data, report: conditional }]);
  assert.deepEqual(line(text, `${rowName(row)} 8`).slice(0, 3), [`${rowName(row)} 8`, "%", "25.0"]);
});

test("active units are those that the evaluation counts by the variance of their posterior mean", () => {
  const row = rows.find(({ key }) => key === "active_units");
  assert.equal(written(row, row.of(vae)), "2");
});

test("mutual information at its ceiling is marked, in the table and in the copied text", () => {
  const row = rows.find(({ key }) => key === "mutual_information");
  assert.match(row.note({ mutual_information: 6.08, images: 500 }), /ceiling, log 500/);
  assert.equal(row.note({ mutual_information: 6.08, images: 10_000 }), null);
  assert.equal(row.note({ mutual_information: null, images: 500 }), null);
  const text = asText([{ name: "VAE", step: null, data, report: vae }]);
  assert.match(line(text, "Mutual information")[2], /^6\.20; .*ceiling/);
});

test("a copied table says how each model was trained, and on what it was measured", () => {
  const trained = { ...defaults(), seed: 7, batch: 64 };
  const text = asText([
    { name: "VAE", step: 9, data, report: vae, trained },
    { name: "a file", step: null, data, report: vae, trained: null },
  ]);
  assert.deepEqual(line(text, "Seed"), ["Seed", "", "7", "", "n/a", ""]);
  assert.equal(line(text, "Batch size")[2], "64");
  assert.equal(line(text, "Learning rate")[2], "0.001");
  assert.match(line(text, "data")[2], /MNIST, the first 500 test images/);
});

test("a distance that is NaN is written as not finite", () => {
  const row = rows.find(({ key }) => key === "frechet");
  assert.equal(written(row, row.of(ae)), "not finite");
  assert.equal(written(row, row.of(vae)), "44.50");
});

test("a spreadsheet can read negative numbers and thousands", () => {
  const sharp = { ...vae, images: 10_000, sampled: { ...score, total: estimate(-1234.5) } };
  const text = asText([{ name: "a\tb", step: 1200, data, report: sharp }]);
  assert.equal(line(text, "Total")[2], "-1234.50");
  assert.equal(line(text, "extent")[2], "10000 images, 10 importance samples each, 2000 prior samples");
  assert.equal(columns(text)[0][2], "a b, step 1200");
});

test("the table on the page groups thousands", () => {
  const extent = extentText({ images: 10_000, importance_samples: 10, prior_samples: 2000 });
  assert.equal(extent, "10,000 images, 10 importance samples each, 2,000 prior samples");
});
