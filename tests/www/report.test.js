import assert from "node:assert/strict";
import { test } from "node:test";
import {
  extentText,
  notCompared,
  rowName,
  rowsOf,
  rowUnit,
  written,
  writtenError,
} from "../../www/evaluation/report.js";
import { asCsv, asLatex, asMarkdown, asText } from "../../www/evaluation/report-formats.js";
import { rows } from "../../www/evaluation/report-rows.js";
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
  frechet: { ...estimate(44.5, 1.25), pictures: 500, reference: 5000 },
  precision: estimate(0.612, 0.022),
  recall: estimate(0.4, 0.021),
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
  bits_per_dimension: null,
  collapsed: { units: 1, components: 4, images: [0, 0.2, 0.97, 1] },
  kl_parts: {
    mutual_information: estimate(6.2, 0.1),
    total_correlation: estimate(3.1, 0.1),
    dimension_kl: estimate(15.1, 0.1),
    aggregate_kl: estimate(18.2, 0.1),
  },
  mmd: estimate(-0.00012, 0.0021),
  cluster_accuracy: null,
  quality,
  real: {
    ...quality,
    confidence: 0.99,
    accuracy: 0.98,
    frechet: { ...estimate(7.8), pictures: 500, reference: 5000 },
    precision: estimate(0.93),
    histogram: Array(10).fill(50),
  },
};
const ae = {
  ...vae,
  sampled: { reconstruction: estimate(64), kl: estimate(0, 0), total: estimate(64) },
  nll: null,
  collapsed: null,
  kl_parts: null,
  mmd: estimate(0.2, 0.01),
  quality: { ...quality, frechet: { ...estimate(Number.NaN), pictures: 500, reference: 5000 } },
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
  assert.equal(line(text, "Confidence, standard error"), undefined, "not every number has one");
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
  assert.equal(writtenError(named("frechet"), vae), "± 1.25");
  assert.equal(writtenError(named("confidence"), vae), null);
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
  const parts = { ...vae.kl_parts, mutual_information: estimate(6.08) };
  assert.match(row.note({ kl_parts: parts, images: 500 }), /ceiling, log 500/);
  assert.equal(row.note({ kl_parts: parts, images: 10_000 }), null);
  assert.equal(row.note({ kl_parts: null, images: 500 }), null);
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
  const binarised = { images: 500, binarised: true, importance_samples: 10, prior_samples: 2000 };
  assert.match(extentText(binarised), /prior samples, pixels binarised$/);
  const text = asText([{ name: "VAE", step: null, data, report: { ...vae, binarised: true } }]);
  assert.equal(line(text, "data")[2], "MNIST, the first 500 test images, pixels binarised");
});

const named = (key) => rows.find((row) => row.key === key);
const shown = (key, report) => written(named(key), named(key).of(report));

test("small numbers have four decimals, with their sign, and shares are in percent with their errors", () => {
  assert.equal(shown("mmd", vae), "−0.0001");
  assert.equal(writtenError(named("mmd"), vae), "± 0.0021");
  assert.equal(shown("precision", vae), "61.2");
  assert.equal(writtenError(named("precision"), vae), "± 2.2");
  assert.equal(shown("dimension_kl", vae), "15.10");
});

test("a row that none of the models has is left out, and n/a where another one has it", () => {
  const keys = (...reports) => rowsOf(reports).map(({ key }) => key);
  for (const key of ["dimension_kl", "collapsed_units"]) {
    assert.ok(keys(vae, ae).includes(key) && !keys(ae).includes(key), key);
    assert.equal(shown(key, ae), "n/a");
  }
  for (const key of ["bits_per_dimension", "cluster_accuracy", "cluster_purity"])
    assert.ok(!keys(vae, ae).includes(key), key);
});

test("collapsed units say what share they are, and how many are at the prior for nearly all images", () => {
  assert.equal(shown("collapsed_units", vae), "1");
  assert.match(named("collapsed_units").note(vae), /^25.0 % of 4; 2 at the prior for 95 % of the images/);
});

test("clusters have an accuracy or a purity, never both, and say how many of them are used", () => {
  const share = estimate(0.812, 0.009);
  const report = (kind) => ({ ...vae, cluster_accuracy: { kind, components: 10, used: 9, share } });
  assert.equal(shown("cluster_accuracy", report("accuracy")), "81.2");
  assert.equal(shown("cluster_purity", report("accuracy")), "n/a");
  assert.equal(shown("cluster_purity", report("purity")), "81.2");
  assert.match(named("cluster_purity").note(report("purity")), /^9 of 10 components/);
});

test("distances of unequal counts are not compared, on the page and in every copied table", () => {
  const frechet = { ...estimate(30, 1), pictures: 2000, reference: 5000 };
  const more = { ...vae, prior_samples: 2000, quality: { ...quality, frechet } };
  const alike = { ...more, prior_samples: 500, quality };
  for (const key of ["frechet", "precision", "recall"]) {
    assert.match(notCompared(named(key), more, [vae, more]), /2,000 samples, 500 in the first column/);
    assert.equal(
      notCompared(named(key), more, [more, vae]),
      null,
      "the first column is what others are compared with",
    );
    assert.equal(notCompared(named(key), alike, [vae, alike]), null);
    const unjudged = { ...vae, quality: null, real: null };
    assert.equal(notCompared(named(key), more, [unjudged, more]), null, "without a judge there is no number");
    assert.equal(notCompared(named(key), unjudged, [vae, unjudged]), null);
  }
  assert.equal(notCompared(named("confidence"), more, [vae, more]), null);
  const results = [vae, more].map((report, k) => ({ name: `${k}`, step: null, data, report }));
  assert.match(line(asText(results), "Fréchet distance")[4], /^30\.00; not compared: 2000 samples/);
  assert.match(asMarkdown(results), /44\.50 ± 1\.25 \| 30\.00 ± 1\.00 \\\(not compared/);
  assert.match(asLatex(results), /\$30\.00 \\pm 1\.00\$ \(not compared: 2000 samples/);
  const [head, first, second] = asCsv(results).split("\r\n");
  assert.ok(head.includes("Fréchet distance, not compared"));
  assert.ok(second.includes("not compared: 2,000 samples") && !first.includes("not compared"));
  assert.ok(
    !asCsv(results.slice(0, 1)).includes("not compared"),
    "one column has nothing to be compared with",
  );
});

test("the distance of real images is left out where there are not as many as samples", () => {
  assert.equal(named("frechet").real(vae), 7.8);
  const few = { ...vae.real, frechet: { ...vae.real.frechet, pictures: 120 } };
  assert.equal(named("frechet").real({ ...vae, real: few }), null);
});
