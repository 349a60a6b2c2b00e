import assert from "node:assert/strict";
import { test } from "node:test";
import { columns, LossHistory, RecentMean } from "../../www/training/loss-history.js";

const losses = (from, to, value = (step) => step) =>
  Array.from({ length: to - from + 1 }, (_, i) => {
    const v = value(from + i);
    return { step: from + i, reconstruction: v, kl: v / 10, total: v * 1.1 };
  });

test("every step is a point while there are few", () => {
  const history = new LossHistory(100);
  history.addTrain(losses(1, 10));
  assert.deepEqual(
    history.curves().train.map((point) => point.step),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
});

test("a long run stays bounded, and its points are means of the steps they replace", () => {
  const history = new LossHistory(64);
  for (let step = 1; step <= 10_000; step += 8) history.addTrain(losses(step, step + 7, () => 5));
  assert.ok(history.curves().train.length < 64);
  assert.ok(history.curves().train.length >= 32);
  assert.ok(history.curves().train.every((point) => Math.abs(point.reconstruction - 5) < 1e-9));
  assert.ok(history.curves().train.at(-1).step > 9_000, "the curve reaches the present");
});

test("thinning keeps the mean of a rising curve", () => {
  const history = new LossHistory(16);
  history.addTrain(losses(1, 1024));
  const [first, second] = history.curves().train;
  const stepsPerPoint = second.step - first.step;
  const { train } = history.curves();
  for (const point of train)
    assert.ok(Math.abs(point.reconstruction - (point.step - (stepsPerPoint - 1) / 2)) < 1e-6);
});

test("columns share one axis of steps, with null where a curve has no point", () => {
  const history = new LossHistory();
  history.addTrain(losses(1, 3));
  history.addTest("quick", 2, { reconstruction: 90, kl: 25, total: 115 });
  history.addTest("quick", 4, { reconstruction: 80, kl: 24, total: 104 });
  history.addTest("full", 4, { reconstruction: 82, kl: 23, total: 105 });
  assert.deepEqual(columns(history.curves()), [
    [1, 2, 3, 4],
    [1, 2, 3, null],
    [0.1, 0.2, 0.3, null],
    [null, 90, null, 80],
    [null, 25, null, 24],
    [null, null, null, 82],
    [null, null, null, 23],
  ]);
});

test("an offset is subtracted from the reconstruction only", () => {
  const history = new LossHistory();
  history.addTrain([{ step: 1, reconstruction: 735, kl: 5, total: 740 }]);
  assert.deepEqual(columns(history.curves(), 720), [[1], [15], [5], [null], [null], [null], [null]]);
});

test("going back to a snapshot drops the points after it", () => {
  const history = new LossHistory();
  history.addTrain(losses(1, 20));
  for (const which of ["quick", "full"]) history.addTest(which, 15, { reconstruction: 1, kl: 1, total: 2 });
  history.rewind(10);
  assert.equal(history.curves().train.at(-1).step, 10);
  assert.deepEqual([history.curves().quick, history.curves().full], [[], []]);
});

test("the recent mean is over the last steps only", () => {
  const recent = new RecentMean(4);
  assert.equal(recent.mean(), null);
  recent.add(losses(1, 100));
  assert.equal(recent.mean().reconstruction, 98.5);
  recent.clear();
  assert.equal(recent.mean(), null);
});

test("restored curves go on as those that were never interrupted", () => {
  const add = (history, from, to) => {
    for (let step = from; step <= to; step++)
      history.addTrain([{ step, reconstruction: step, kl: 1, total: step + 1 }]);
  };
  const [whole, first, second] = [new LossHistory(8), new LossHistory(8), new LossHistory(8)];
  add(whole, 1, 100);
  add(first, 1, 32);
  second.restore(first.curves());
  assert.equal(second.stepsPerPoint, first.stepsPerPoint);
  add(second, 33, 100);
  assert.deepEqual(second.curves(), whole.curves());
});
