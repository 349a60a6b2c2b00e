// Looking back at a run: which of its snapshots are kept, which one is shown, and what a run that branches off is recorded as.

import assert from "node:assert/strict";
import { test } from "node:test";
import { branched, settingsAt } from "../../www/settings/settings-record.js";
import { createState } from "../../www/state.js";
import { RunSnapshots } from "../../www/time/run-snapshots.js";
import { isDue, leftOut, MOST_SNAPSHOTS, nearest } from "../../www/time/thinning.js";
import { TimeController } from "../../www/time/time-controller.js";
import { systems } from "./schema.js";

const turn = () => new Promise(setImmediate);
const stepsOf = (snapshots) => snapshots.map(({ step }) => step);

/** The steps that are kept of a run whose snapshots come every `pace` steps. */
function kept(pace, last) {
  let steps = [];
  for (let step = 0; step <= last; step += pace) {
    if (!isDue(steps, step)) continue;
    steps.push(step);
    const left = leftOut(steps);
    steps = steps.filter((each) => each !== left);
  }
  return steps;
}

test("about forty snapshots are kept of a run of any length, evenly over the square root of the step", () => {
  for (const [pace, last] of [
    [1, 300],
    [10, 5000],
    [30, 100_000],
    [7, 30_000],
  ]) {
    const steps = kept(pace, last);
    assert.ok(steps.length > MOST_SNAPSHOTS / 2 && steps.length <= MOST_SNAPSHOTS, `${steps.length}`);
    assert.equal(steps[0], 0);
    const gaps = steps.slice(1).map((step, k) => Math.sqrt(step) - Math.sqrt(steps[k]));
    const widest = Math.max(...gaps.slice(2)); // the first ones are as wide as the pace
    assert.ok(widest <= (3.5 * Math.sqrt(last)) / MOST_SNAPSHOTS, `${pace}, ${last}: ${widest}`);
    assert.ok(last - steps.at(-1) <= last / 8, "the last moment is not long ago");
  }
});

test("a run that stands still has no new snapshot", () => {
  assert.equal(isDue([0, 50], 50), false);
  assert.equal(isDue([0, 50], 40), false);
});

test("a place on the axis is the step next to it there", () => {
  assert.equal(nearest([0, 100, 400], 14), 100);
  assert.equal(nearest([0, 100, 400], 16), 400);
});

function session() {
  const listeners = [];
  return {
    step: 0,
    epoch: 0,
    subscribe: (listener) => listeners.push(listener),
    report: (event, detail) => {
      for (const listener of listeners) listener(event, detail);
    },
  };
}

/** RunSnapshots over a viewer that "halves" weights to their first byte. */
function setup({ refused = () => false } = {}) {
  const state = createState({ system: systems[0], values: {} });
  state.runKept.value = { id: "first", step: 0 };
  const run = session();
  const viewer = {
    async call(_, { weights }) {
      return refused(weights) ? null : weights.slice(0, 1);
    },
  };
  const stored = new Map();
  const keep = {
    async keepSnapshot(id, snapshot, left) {
      stored.set(id, [...(stored.get(id) ?? []).filter(({ step }) => !left.includes(step)), snapshot]);
    },
    snapshots: async (id) => stored.get(id) ?? [],
    async dropOldSnapshots() {},
  };
  const snapshots = new RunSnapshots({ state, viewer, session: run });
  snapshots.keepIn(keep);
  const snapshot = async (step) => {
    Object.assign(run, { step, epoch: step / 468 });
    run.report("snapshot", Uint8Array.of(step, 1, 2));
    await turn();
  };
  const begin = async (detail) => {
    run.report("begin", { step: 0, resumed: false, history: null, ...detail });
    await turn();
  };
  return { state, run, snapshots, stored, snapshot, begin };
}

test("a run's snapshots are halved and kept under its id", async () => {
  const { state, snapshots, stored, snapshot, begin } = setup();
  await begin();
  for (const step of [0, 9, 9, 25]) await snapshot(step);
  assert.deepEqual(stepsOf(state.snapshots.value), [0, 9, 25]);
  assert.deepEqual([...snapshots.weights({ step: 9 })], [9]);
  assert.deepEqual(stepsOf(stored.get("first")), [0, 9, 25]);
});

test("weights beyond half precision are left out", async () => {
  const { state, snapshot, begin } = setup({ refused: ([step]) => step === 9 });
  await begin();
  for (const step of [0, 9, 25]) await snapshot(step);
  assert.deepEqual(stepsOf(state.snapshots.value), [0, 25]);
});

test("a run that comes back to an earlier step loses what came after it; another run begins with none", async () => {
  const { state, snapshot, begin } = setup();
  await begin();
  for (const step of [0, 9, 25]) await snapshot(step);
  await begin({ step: 12, resumed: true });
  assert.deepEqual(stepsOf(state.snapshots.value), [0, 9]);
  state.runKept.value = { id: "second", step: 0 };
  await begin();
  assert.deepEqual(state.snapshots.value, []);
});

test("a branch has the snapshots before it, also of its own in the database", async () => {
  const { state, snapshots, stored, snapshot, begin } = setup();
  await begin();
  for (const step of [0, 9, 25]) await snapshot(step);
  snapshots.willBranch(9);
  state.runKept.value = { id: "branch", step: 0 };
  await begin({ step: 9, resumed: true, history: {} });
  assert.deepEqual(stepsOf(state.snapshots.value), [0, 9]);
  assert.deepEqual(stepsOf(stored.get("branch")), [0, 9]);
  assert.deepEqual(stepsOf(stored.get("first")), [0, 9, 25], "the run before stays as it was");
});

test("a kept run that goes on has its kept snapshots again", async () => {
  const { state, stored, begin } = setup();
  const snapshot = (step) => ({ step, epoch: 0, weights: Uint8Array.of(step) });
  stored.set("first", [snapshot(0), snapshot(30), snapshot(50)]);
  await begin({ step: 40, resumed: true, history: {} });
  assert.deepEqual(stepsOf(state.snapshots.value), [0, 30], "what came after its checkpoint is gone");
});

/** A TimeController over a page that shows weights at once, but for those that `holds` back. */
function controller() {
  const state = createState({ system: systems[0], values: {} });
  state.snapshots.value = [0, 9, 25].map((step) => ({ step, epoch: 0 }));
  state.run.value = { ...state.run.value, step: 40 };
  const shown = [];
  const show = (snapshot) => {
    shown.push(snapshot?.step ?? "present");
    state.shown.value = { source: "training", description: {}, run: "first", snapshot };
  };
  show(null);
  const shownModel = {
    showSnapshot: async (_, snapshot) => {
      await turn();
      show(snapshot);
    },
    choose: async () => show(null),
  };
  const notices = { shown: [], show: (notice) => notices.shown.push(notice), clear() {} };
  const time = new TimeController({
    state,
    snapshots: { weights: () => new Uint8Array(1) },
    shownModel,
    branch: async ({ step }, begins) => {
      if (step === 0) throw new Error("no");
      begins();
    },
    announcer: { say() {} },
    notices,
  });
  return { time, state, shown, notices };
}

test("keys that come faster than weights are shown add up", async () => {
  const { time, state } = controller();
  time.move(-1);
  time.move(-1);
  await time.move(Number.NEGATIVE_INFINITY);
  time.move(1);
  await time.move(1);
  await turn();
  assert.equal(state.snapshot.value.step, 25);
  await time.move(5);
  assert.equal(state.snapshot.value, null);
});

test("a step that is no snapshot is the present", async () => {
  const { time, state } = controller();
  await time.goTo(9);
  assert.equal(state.stepShown.value, 9);
  await time.goTo(40);
  assert.equal(state.stepShown.value, 40);
});

test("a replay shows every snapshot and ends at the present, unless a person stops it", async () => {
  const { time, state, shown } = controller();
  await time.replay();
  assert.deepEqual(shown, ["present", 0, 9, 25, "present"]);
  const replay = time.replay();
  await turn();
  await turn();
  await time.goTo(9);
  await replay;
  assert.deepEqual([state.snapshot.value.step, state.replaying.value], [9, null]);
});

test("a branch is announced, and a refusal has its sentence", async () => {
  const { time, notices } = controller();
  await time.goTo(9);
  await time.branch();
  assert.match(notices.shown.at(-1).text, /goes on from step 9, with weights in half precision/);
  await time.goTo(0);
  await time.branch();
  assert.match(notices.shown.at(-1).text, /No run could be begun there/);
});

test("a record knows the settings at any step, and a branch those until it", () => {
  const train = { beta: 4, batch: 64 };
  const changes = [
    { step: 10, name: "beta", from: 1, to: 2 },
    { step: 30, name: "beta", from: 2, to: 4 },
    { step: 30, name: "batch", from: 128, to: 64 },
  ];
  const record = { train, changes, since: 0 };
  assert.deepEqual(settingsAt(record, 0), { beta: 1, batch: 128 });
  assert.deepEqual(
    settingsAt(record, 10),
    { beta: 1, batch: 128 },
    "the tenth step was taken before the change",
  );
  assert.deepEqual(settingsAt(record, 30), { beta: 2, batch: 128 });
  assert.deepEqual(settingsAt(record, 31), train);
  const branch = branched(record, 30);
  assert.deepEqual(branch, {
    train: { beta: 2, batch: 128 },
    changes: changes.slice(0, 1),
    since: 0,
    branches: [30],
  });
  assert.deepEqual(branched(branch, 12).branches, [12]);
  assert.equal(branched(null, 3), null);
});
