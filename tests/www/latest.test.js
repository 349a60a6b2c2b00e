import assert from "node:assert/strict";
import { test } from "node:test";
import { latest } from "../../www/worker/latest.js";

/** A task whose runs are ended by hand. */
function manual() {
  const runs = [];
  const task = (value) => new Promise((resolve, reject) => runs.push({ value, resolve, reject }));
  return { runs, task };
}

const turn = () => new Promise(setImmediate);

const values = (runs) => runs.map(({ value }) => value);

test("a single request runs at once", async () => {
  const { runs, task } = manual();
  const done = latest(task)("a");
  assert.deepEqual(values(runs), ["a"]);
  runs[0].resolve();
  assert.equal(await done, true);
});

test("while one runs only the newest of the others waits", async () => {
  const { runs, task } = manual();
  const ask = latest(task);
  const first = ask("first");
  const dropped = ask("dropped");
  const newest = ask("newest");
  assert.equal(await dropped, false);
  runs[0].resolve();
  assert.equal(await first, true);
  await turn();
  assert.deepEqual(values(runs), ["first", "newest"]);
  runs[1].resolve();
  assert.equal(await newest, true);
});

test("a failure rejects its own request, and the waiting one still runs", async () => {
  const { runs, task } = manual();
  const ask = latest(task);
  const failing = ask("failing");
  const next = ask("next");
  runs[0].reject(new Error("no"));
  await assert.rejects(failing, /no/);
  await turn();
  runs[1].resolve();
  assert.equal(await next, true);
});

test("every request of a burst settles", async () => {
  let running = 0;
  const ask = latest(async () => {
    assert.equal(++running, 1);
    await turn();
    running--;
  });
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => ask()));
  assert.equal(outcomes.filter(Boolean).length, 2, "the first and the last");
  assert.equal(outcomes.at(-1), true);
});
