// What counts as slower than the performance on record.

import assert from "node:assert/strict";
import test from "node:test";
import { compareRecords, comparisonText, performanceRecord } from "../browser/performance-record.mjs";

const speed = (q1, median, q3) => ({ q1, median, q3 });
const stretches = (...numbers) => ({ each: speed(...numbers), rare: speed(...numbers) });
const made = { date: "2026-01-02", versions: { chromium: "1" } };

/** Results in which our step takes `scale` times as long as in the first ones. */
function results(scale = 1, megabytes = 2) {
  const rows = [
    {
      engine: { name: "ours-wasm", library: "ours" },
      speed: stretches(9 * scale, 10 * scale, 11 * scale),
    },
    { engine: { name: "jax-js-wasm", library: "jax-js" }, speed: stretches(19, 20, 21) },
  ];
  return {
    machine: "two cores",
    measured: [
      { what: "site", value: megabytes, unit: "MB" },
      { what: "a step", value: 3, unit: "ms" },
    ],
    native: [
      {
        workload: "MLP",
        rows: [
          { engine: "Latent Lab", speed: speed(1, 1, 1) },
          { engine: "JAX", speed: speed(2, 2, 2) },
        ],
      },
    ],
    peers: [{ comparisons: [{ workload: { name: "mlp-128" }, rows }] }],
  };
}

const record = (...sizes) => performanceRecord(results(...sizes), made);
const verdicts = (before, now) => compareRecords(before, now).map(({ verdict }) => verdict);

test("a record holds ratios with their range, and sizes", () => {
  const { machine, date, ratios, sizes } = record();
  assert.deepEqual([machine, date], ["two cores", "2026-01-02"]);
  assert.deepEqual(ratios[0], {
    what: "mlp-128, loss read every step, ours-wasm / jax-js-wasm",
    ratio: 0.5,
    low: 0.429,
    high: 0.579,
  });
  assert.deepEqual(
    ratios.map(({ ratio }) => ratio),
    [0.5, 0.5, 0.5],
  );
  assert.deepEqual(sizes, [{ what: "site", value: 2, unit: "MB" }]);
});

test("noise within the quartiles is no change", () => {
  assert.deepEqual(verdicts(record(), record(1.1, 2.01)), Array(4).fill("as before"));
});

test("what is beyond them got worse or better", () => {
  assert.deepEqual(verdicts(record(), record(2, 2.5)), ["worse", "worse", "as before", "worse"]);
  assert.deepEqual(verdicts(record(), record(0.4, 1)), ["better", "better", "as before", "better"]);
});

test("a row that was not measured is said, and is no failure", () => {
  const now = { ...record(), ratios: [] };
  assert.deepEqual(verdicts(record(), now), [...Array(3).fill("not measured"), "as before"]);
  assert.match(comparisonText(compareRecords(record(), now)), /jax-js-wasm\s+0\.5 -> {8}- {2}not measured/);
});

test("a row that is not on record is said, and is no failure", () => {
  const before = { ...record(), ratios: record().ratios.slice(1), sizes: [] };
  const rows = compareRecords(before, record());
  assert.deepEqual(
    rows.map(({ verdict }) => verdict),
    ["as before", "as before", "not on record", "not on record"],
  );
  assert.match(comparisonText(rows), /\nsite, MB\s+- -> {8}2 {2}not on record$/);
});

test("a comparison in which Latent Lab has failed or was left out has no ratios", () => {
  const [ours, jax] = results().peers[0].comparisons[0].rows;
  for (const rows of [[jax], [{ engine: ours.engine, failed: "No." }, jax]]) {
    const peers = [{ comparisons: [{ workload: { name: "mlp-128" }, rows }] }];
    const { ratios } = performanceRecord({ ...results(), peers }, made);
    assert.deepEqual(
      ratios.map(({ what }) => what),
      ["MLP, native / JAX"],
    );
  }
});
