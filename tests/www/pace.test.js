// How many steps make a chunk, and how fast a trainer is, whatever the browser and the machine do meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_STEPS } from "../../www/training/loop.js";
import { Pace } from "../../www/training/pace.js";

/** The pace after `chunks` chunks that take `wait` milliseconds and `ms` for each step. */
function settled({ ms, wait = 0, chunks = 40, pace = new Pace() }) {
  for (let i = 0; i < chunks; i++) pace.add(pace.steps, wait + ms * pace.steps);
  return pace;
}

test("a chunk aims at 50 ms of steps, and settles", () => {
  for (const [ms, steps] of [
    [400, 1],
    [60, 1],
    [30, 2],
    [14, 4],
    [3, 16],
    [0.2, MOST_STEPS],
  ]) {
    const pace = settled({ ms });
    assert.equal(pace.steps, steps, `${ms} ms a step`);
    assert.equal(settled({ ms, chunks: 1, pace }).steps, steps);
    assert.ok(Math.abs(pace.msPerStep / ms - 1) < 0.01);
  }
});

test("a long wait for the result makes no chunk shorter", () => {
  for (const wait of [8, 40, 100, 250]) {
    for (const [ms, steps] of [
      [60, 1],
      [14, 4],
      [1, MOST_STEPS],
    ])
      assert.equal(settled({ ms, wait }).steps, steps, `${wait} ms of waiting, ${ms} ms a step`);
  }
});

test("the wait is found after kernels were compiled in the first chunk", () => {
  const pace = new Pace();
  pace.add(1, 15_000);
  assert.equal(settled({ ms: 1, wait: 100, pace, chunks: 60 }).steps, MOST_STEPS);
});

test("a machine that slept during a chunk neither shortens chunks nor spoils the speed", () => {
  for (const ms of [0.5, 14, 180]) {
    const pace = settled({ ms });
    const { steps, msPerStep } = pace;
    for (let i = 0; i < 3; i++) {
      pace.add(pace.steps, 120_000 + ms * pace.steps);
      assert.deepEqual([pace.steps, pace.msPerStep], [steps, msPerStep]);
      settled({ ms, pace, chunks: 1 });
    }
  }
});

test("a machine that has become slow is believed at the second chunk", () => {
  const pace = settled({ ms: 2 });
  pace.add(pace.steps, 5000);
  assert.ok(pace.msPerStep < 3);
  for (let i = 0; i < 20; i++) pace.add(pace.steps, 500 * pace.steps);
  assert.equal(pace.steps, 1);
  assert.ok(pace.msPerStep > 300);
});
