// Patience counts the time in which the page was awake, by a clock of the test's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { afterAwake } from "../../www/worker/awake-timer.js";

/** Timers that run when the test lets time pass. */
function fakeTime() {
  let now = 0;
  let waiting = [];
  return {
    clock: {
      now: () => now,
      setTimer: (run, delay) => {
        const timer = { run, at: now + delay };
        waiting.push(timer);
        return timer;
      },
      clearTimer: (timer) => {
        waiting = waiting.filter((other) => other !== timer);
      },
    },
    /** Awake: timers run when they are due, or `late` milliseconds after. */
    pass(ms, { late = 0 } = {}) {
      const end = now + ms;
      for (;;) {
        const [next] = waiting.filter(({ at }) => at + late <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        waiting = waiting.filter((other) => other !== next);
        now = Math.max(now, next.at + late);
        next.run();
      }
      now = end;
    },
    /** Asleep: the clock jumps, or not, and no timer runs before the end. */
    sleep(ms, { clockStops = false } = {}) {
      if (!clockStops) now += ms;
    },
    get waiting() {
      return waiting.length;
    },
  };
}

function patience(ms) {
  const time = fakeTime();
  const state = { over: 0 };
  const cancel = afterAwake(ms, () => state.over++, time.clock);
  return { time, state, cancel };
}

test("awake, the time is over when it is over, once", () => {
  for (const ms of [1, 999, 3000, 120_000]) {
    const { time, state } = patience(ms);
    time.pass(ms - 1);
    assert.equal(state.over, 0);
    time.pass(1);
    assert.equal(state.over, 1);
    time.pass(10 * ms);
    assert.equal(state.over, 1);
    assert.equal(time.waiting, 0);
  }
});

test("a machine that sleeps, a frozen tab or a debugger's pause does not count, whatever its clock does", () => {
  for (const ms of [1000, 3000, 120_000]) {
    for (const clockStops of [false, true]) {
      const { time, state } = patience(ms);
      for (let i = 0; i < 5; i++) {
        time.pass(ms / 10);
        time.sleep(120_000, { clockStops });
        time.pass(0); // the timers that were due run at once
        assert.equal(state.over, 0);
      }
      time.pass(ms);
      assert.equal(state.over, 1, "time awake still counts");
    }
  }
});

test("sleep at the very end leaves time for an answer after it", () => {
  const { time, state } = patience(120_000);
  time.pass(119_999);
  time.sleep(3_600_000);
  time.pass(0);
  assert.equal(state.over, 0);
  time.pass(1000);
  assert.equal(state.over, 1);
});

test("timers once a minute in a hidden tab do not run out of patience; once a second they do", () => {
  const { time, state } = patience(120_000);
  for (let i = 0; i < 300; i++) {
    time.sleep(60_000);
    time.pass(0);
  }
  assert.equal(state.over, 0);
  time.pass(400_000, { late: 900 });
  assert.equal(state.over, 1);
});

test("what was answered is not waited for", () => {
  const { time, state, cancel } = patience(3000);
  time.pass(2500);
  cancel();
  assert.equal(time.waiting, 0);
  time.pass(10_000);
  assert.equal(state.over, 0);
});
