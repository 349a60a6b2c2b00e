import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting, Loop, MOST_STEPS, nextSteps } from "../../www/training/loop.js";

const turn = () => new Promise(setImmediate);

test("the loop asks for the next piece only after the last, until the work is done", async () => {
  let pieces = 0;
  let open = 0;
  const loop = new Loop(async () => {
    assert.equal(++open, 1, "pieces do not overlap");
    await turn();
    open--;
    return ++pieces < 5;
  });
  await loop.start();
  assert.equal(pieces, 5);
  assert.equal(loop.running, false);
});

test("pausing is not asking: it waits for the piece under way and begins no other", async () => {
  let pieces = 0;
  const loop = new Loop(async () => {
    await turn();
    pieces++;
    return true;
  });
  loop.start();
  while (pieces < 3) await turn();
  await loop.pause();
  const held = pieces;
  for (let i = 0; i < 5; i++) await turn();
  assert.equal(pieces, held);
  assert.equal(loop.running, false);
});

test("starting twice is one run, and it can be started again after a pause", async () => {
  let pieces = 0;
  const loop = new Loop(async () => {
    await turn();
    return ++pieces % 4 !== 0;
  });
  await Promise.all([loop.start(), loop.start()]);
  assert.equal(pieces, 4);
  await loop.start();
  assert.equal(pieces, 8);
});

test("a failure ends the run and rejects the promise of its start", async () => {
  const loop = new Loop(async () => {
    throw new Error("lost");
  });
  const run = loop.start();
  await loop.pause();
  await assert.rejects(run, /lost/);
  assert.equal(loop.running, false);
});

test("a pause while nothing runs is done at once", async () => {
  await new Loop(async () => true).pause();
});

test("steps per chunk double while chunks are short, and stop at the most", () => {
  let steps = 1;
  for (let i = 0; i < 20; i++) steps = nextSteps(steps, 2);
  assert.equal(steps, MOST_STEPS);
});

test("steps per chunk halve while chunks are long, down to one", () => {
  let steps = 32;
  for (let i = 0; i < 20; i++) steps = nextSteps(steps, 400);
  assert.equal(steps, 1);
});

test("steps per chunk come to rest near the aim for any steady speed", () => {
  for (let perStep = 0.5; perStep < 60; perStep *= 1.3) {
    let steps = 1;
    for (let i = 0; i < 20; i++) steps = nextSteps(steps, steps * perStep);
    assert.equal(nextSteps(steps, steps * perStep), steps, `settled at ${perStep} ms a step`);
    assert.equal(Math.log2(steps) % 1, 0, "a power of two");
    if (steps > 1) assert.ok(steps * perStep <= 75, `${steps} steps of ${perStep} ms`);
    if (steps < MOST_STEPS) assert.ok(2 * steps * perStep > 75);
  }
});

test("a chunk never reaches beyond the end of the epoch", () => {
  assert.equal(fitting(32, 468), 32);
  assert.equal(fitting(32, 20), 16);
  assert.equal(fitting(32, 1), 1);
  let left = 468;
  while (left > 0) left -= fitting(32, left);
  assert.equal(left, 0);
});
