// Curves of several runs on one axis of steps: averaged, and seeds as a band.

import assert from "node:assert/strict";
import { test } from "node:test";
import { curvesInColumns, curvesInPoints } from "../../www/keep/kept-curves.js";
import {
  drawnColumns,
  isBand,
  overlay,
  overlayAt,
  overlayTerms,
  presentAt,
  stepsPerCell,
  withOverlay,
} from "../../www/training/curve-overlay.js";
import { CurveSlots } from "../../www/training/curve-slots.js";

const point = (step, reconstruction, kl = 10) => ({ step, reconstruction, kl, total: reconstruction + kl });
const columnsOf = (points) => curvesInColumns({ train: points, quick: [], full: [] }).train;
const run = (...points) => ({ columns: columnsOf(points) });
const line = (from, to, value) =>
  run(...Array.from({ length: to - from + 1 }, (_, k) => point(from + k, value(from + k))));

test("curves in columns are the same points again", () => {
  const curves = { train: [point(1, 200), point(2, 190)], quick: [point(2, 191)], full: [] };
  assert.deepEqual(curvesInPoints(curvesInColumns(curves)), curves);
  for (const damaged of [{}, { ...curves, full: "none" }, { ...curves, quick: [{ step: 1 }] }])
    assert.throws(() => curvesInColumns(damaged), TypeError);
});

test("a curve is that of training, or where there is none, of a test", () => {
  const [train, full] = [[point(1, 200)], [point(468, 100)]];
  assert.deepEqual([...drawnColumns(curvesInColumns({ train, quick: [], full })).step], [1]);
  assert.deepEqual([...drawnColumns(curvesInColumns({ train: [], quick: [], full })).step], [468]);
  assert.equal(drawnColumns(curvesInColumns({ train: [], quick: [], full: [] })), null);
});

test("the longer the longest curve, the more steps are averaged, in round numbers", () => {
  assert.deepEqual([0, 240, 241, 1000, 1300, 60_000].map(stepsPerCell), [1, 1, 2, 5, 10, 500]);
});

test("without other runs nothing is laid over", () => {
  assert.deepEqual(overlay([]), { cell: 1, steps: [], curves: [] });
  const columns = [
    [1, 2],
    [5, 6],
  ];
  assert.deepEqual(withOverlay(columns, overlay([])), columns);
});

test("a short run keeps every step, and gaps between its points lie on a line", () => {
  const { cell, steps, curves } = overlay([{ key: "a", runs: [run(point(2, 200), point(4, 180))] }]);
  assert.deepEqual([cell, steps], [1, [1, 2, 3, 4]]);
  const { reconstruction } = curves[0].terms;
  assert.deepEqual(reconstruction.mean, [null, 200, 190, 180]);
  assert.deepEqual(reconstruction.least, reconstruction.mean);
  assert.deepEqual(curves[0].count, [0, 1, 1, 1]);
  assert.ok(!isBand(curves[0]));
});

test("a long run is averaged over the same number of steps everywhere", () => {
  const { cell, steps, curves } = overlay([{ key: "a", runs: [line(1, 1000, (step) => step)] }]);
  assert.deepEqual([cell, steps.length, steps.at(-1)], [5, 200, 1000]);
  assert.deepEqual(curves[0].terms.reconstruction.mean.slice(0, 2), [3, 8]);
});

test("steps that are left over at the end of a run count in its last cell", () => {
  const runs = [
    line(1, 1000, () => 50),
    line(1, 252, (step) => (step > 250 ? 500 : 50)),
    line(1, 3, () => 70),
  ];
  const curves = overlay(runs.map((each, key) => ({ key, runs: [each] }))).curves;
  const means = curves.map(({ terms }) => terms.reconstruction.mean.filter((value) => value !== null));
  assert.deepEqual(
    means.map(({ length }) => length),
    [200, 50, 1],
  );
  assert.equal(means[1].at(-1), (5 * 50 + 2 * 500) / 7);
});

test("seeds are a mean between the least and the most, over those that have come that far", () => {
  const runs = [line(1, 4, () => 100), line(1, 3, () => 130), line(1, 2, () => 40)];
  const { curves } = overlay([{ key: "a", runs }]);
  const { mean, least, most } = curves[0].terms.reconstruction;
  assert.deepEqual(curves[0].count, [3, 3, 2, 1]);
  assert.deepEqual(mean, [90, 90, 115, 100]);
  assert.deepEqual(least, [40, 40, 100, 100]);
  assert.deepEqual(most, [130, 130, 130, 100]);
  assert.ok(isBand(curves[0]));
});

test("runs whose points are at other steps are aligned", () => {
  const runs = [run(point(2, 100), point(4, 120)), run(point(1, 100), point(3, 140))];
  const { mean } = overlay([{ key: "a", runs }]).curves[0].terms.reconstruction;
  assert.deepEqual(mean, [100, (100 + 120) / 2, (110 + 140) / 2, 120]);
});

test("the columns of the present run and of the others share an axis", () => {
  const drawn = overlay([
    { key: "a", runs: [line(1, 3, () => 900), line(1, 2, () => 800)] },
    { key: "b", runs: [run(point(3, 850))] },
  ]);
  const present = [
    [1, 5],
    [700, 600],
    [30, 20],
    [null, null],
    [null, null],
    [null, null],
    [null, null],
  ];
  const [steps, ...columns] = withOverlay(present, drawn, 720);
  assert.deepEqual(steps, [1, 2, 3, 5]);
  assert.deepEqual(columns.slice(0, 2), [
    [700, null, null, 600],
    [30, null, null, 20],
  ]);
  assert.deepEqual(columns[6], [130, 130, 180, null], "the mean of the reconstructions, without the offset");
  assert.deepEqual(columns[7], [180, 180, 180, null], "the most");
  assert.deepEqual(columns[8], [80, 80, 180, null], "the least");
  assert.deepEqual(columns[9], [10, 10, 10, null], "the KL, from which nothing is subtracted");
  assert.equal(columns.length, 6 + drawn.curves.flatMap(overlayTerms).length);
});

test("the cursor finds the cell of its step, and the end of a curve that is shorter", () => {
  const drawn = overlay([
    { key: "a", runs: [line(1, 1000, (step) => step)] },
    { key: "b", runs: [line(1, 100, () => 50), line(1, 50, () => 60)] },
  ]);
  const [long, short] = drawn.curves;
  assert.equal(overlayAt(drawn, long, 7).reconstruction.mean, 8);
  assert.equal(overlayAt(drawn, long, 10).step, 10);
  assert.equal(overlayAt(drawn, long, null).step, 1000);
  const beyond = overlayAt(drawn, short, 900);
  assert.deepEqual([beyond.step, beyond.count, beyond.reconstruction.mean], [100, 1, 50]);
  const both = overlayAt(drawn, short, 30);
  assert.deepEqual([both.count, both.total], [2, { mean: 65, least: 60, most: 70 }]);
  assert.equal(overlayAt(drawn, { count: [0], terms: {} }, 1), null);
});

test("of the present run the cursor finds the point that covers its step, and the last test until then", () => {
  const curves = { train: [point(2, 200), point(4, 190)], quick: [point(3, 195)], full: [] };
  assert.deepEqual(presentAt(curves, 3), { train: curves.train[1], quick: curves.quick[0], full: null });
  assert.deepEqual(presentAt(curves, 2), { train: curves.train[0], quick: null, full: null });
  assert.deepEqual(presentAt(curves, 99).train, curves.train[1]);
  assert.deepEqual(presentAt(curves, null), { train: curves.train[1], quick: curves.quick[0], full: null });
});

test("a curve keeps its mark as long as it is drawn, and a new one takes the first that is free", () => {
  const slots = new CurveSlots();
  assert.deepEqual(
    [...slots.of(["a", "b", "c"])],
    [
      ["a", 0],
      ["b", 1],
      ["c", 2],
    ],
  );
  assert.deepEqual(
    [...slots.of(["b", "c", "d"])],
    [
      ["b", 1],
      ["c", 2],
      ["d", 0],
    ],
  );
  assert.deepEqual([...slots.of(["d"])], [["d", 0]]);
});
