// When a run's reports of progress reach the state.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./schema.js";
import { effect } from "@preact/signals-core";
import { createState } from "../../www/state.js";
import { TrainingMetrics } from "../../www/training/metrics.js";
import { system } from "./schema.js";

/** Metrics with a clock; `report(step)` is that of a chunk of one step, and `written` has the steps that the state had. */
function setUp() {
  const state = createState({ system: system("vae"), values: {} });
  const clock = { now: 0 };
  const metrics = new TrainingMetrics(state, () => clock.now);
  const begin = () =>
    metrics.begin({ step: 0, epoch: 0, device: null, made: {}, resumed: false, record: null });
  begin();
  const written = [];
  effect(() => {
    written.push(state.run.value.step);
  });
  const report = (step) =>
    metrics.progress({
      step,
      epoch: step / 60,
      losses: [{ step, reconstruction: 200 - step, kl: 10, total: 210 - step }],
      msPerStep: 1,
      imagesPerSecond: 1,
    });
  return { state, clock, metrics, begin, report, written };
}

test("progress is written at once, and then five times a second", () => {
  const { state, clock, report, written } = setUp();
  for (let step = 1; step <= 20; step++) {
    clock.now = 50 * step;
    report(step);
  }
  assert.deepEqual(written, [0, 1, 5, 9, 13, 17]);
  assert.equal(state.history.value.train.length, 17);
});

test("what is not written yet is written when it is asked for, with every step", () => {
  const { state, metrics, report, written } = setUp();
  for (const step of [1, 2, 3]) report(step);
  assert.deepEqual(written, [0, 1]);
  metrics.settle();
  metrics.settle();
  assert.deepEqual(written, [0, 1, 3]);
  assert.deepEqual(
    state.history.value.train.map(({ step }) => step),
    [1, 2, 3],
  );
  assert.equal(state.losses.value.train.total, 208);
});

test("the first step of another run is seen at once", () => {
  const { state, begin, report } = setUp();
  report(1);
  begin();
  assert.equal(state.losses.value.train, null);
  report(1);
  assert.equal(state.losses.value.train.total, 209);
});
