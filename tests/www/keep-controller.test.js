// The controller that keeps: when it writes, and under which name a run is kept.

import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { KeepController } from "../../www/keep/keep-controller.js";
import { keptValues } from "../../www/keep/kept-values.js";
import { Workspace } from "../../www/keep/workspace.js";
import { Failure } from "../../www/messages/failure.js";
import { defaults } from "../../www/settings/values.js";
import { createState } from "../../www/state.js";
import { systems } from "./schema.js";

globalThis.BroadcastChannel = undefined; // one would keep the process alive

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const image = { image: new Float32Array(784), digit: 7 };

async function setUp({ owns = true, workspace } = {}) {
  const state = createState({ system: systems[0], values: defaults() });
  let report = () => {};
  let takeTurn;
  const turn = new Promise((resolve) => {
    takeTurn = resolve;
  });
  const session = {
    checkpointSoon() {},
    subscribe: (listener) => {
      report = listener;
    },
  };
  workspace ??= await Workspace.open();
  const opened = { workspace, lock: { owns, turn }, failure: null, lost: new Promise(() => {}) };
  const keep = new KeepController({ state, session, opened, values: keptValues(state, systems) });
  await keep.start();
  const run = (change) => {
    state.run.value = { ...state.run.peek(), ...change };
  };
  const begin = (system, detail = {}) => {
    run({ system });
    report("begin", { step: 0, resumed: false, history: null, ...detail });
  };
  const checkpoint = async (step) => {
    run({ step });
    report("checkpoint", {
      bytes: Uint8Array.of(1),
      weights: Uint8Array.of(2),
      step,
      epoch: 0.5,
      testing: false,
      made: defaults(),
    });
    await keep.flush();
  };
  const kept = async () => (await workspace.runs()).map(({ system, step }) => `${system} ${step}`).sort();
  const draw = async () => {
    state.drawing.value = { items: [image], cleared: [], time: 1 };
    await keep.flush();
  };
  return { state, keep, workspace, begin, checkpoint, kept, draw, takeTurn };
}

test("what changes is kept, what the page began with is not written", async () => {
  const { keep, workspace, draw } = await setUp();
  await keep.flush();
  assert.equal((await workspace.entries()).drawing, null);
  await draw();
  assert.equal((await workspace.entries()).drawing.items[0].digit, 7);
});

test("the settings that an address asked for are kept once a run has them", async () => {
  const { state, keep, workspace, begin } = await setUp();
  state.values.value = { ...state.values.peek(), beta: 2 };
  await keep.flush();
  await workspace.write("settings", { address: "?beta=9" });
  begin("vae");
  await keep.flush();
  assert.equal((await workspace.entries()).settings.address, "?beta=2");
});

test("a stroke is kept once it has ended", async () => {
  const { state, keep, workspace } = await setUp();
  const stroke = { points: [{ x: 0, y: 0 }], erase: false };
  state.drawing.value = { items: [{ ...stroke, growing: true }], cleared: [], time: 1 };
  await keep.flush();
  assert.equal((await workspace.entries()).drawing, null);
  state.drawing.value = { items: [stroke], cleared: [], time: 2 };
  await keep.flush();
  assert.deepEqual((await workspace.entries()).drawing.items, [stroke]);
});

test("a run begun anew takes the place of the one before; runs of other systems stay, and steps are counted", async () => {
  const { state, begin, checkpoint, kept } = await setUp();
  begin("vae");
  await checkpoint(0);
  assert.deepEqual(await kept(), [], "before the first step there is nothing to lose");
  await checkpoint(4);
  begin("vae");
  assert.deepEqual(await kept(), ["vae 4"], "until the new one has a step");
  await checkpoint(2);
  assert.deepEqual(await kept(), ["vae 2"]);
  begin("beta");
  await checkpoint(9);
  assert.deepEqual(await kept(), ["beta 9", "vae 2"]);
  assert.equal(state.runKept.value.step, 9);
  assert.equal(state.keptRuns.value.length, 2);
});

test("a continued run is kept under its own name", async () => {
  const first = await setUp();
  first.begin("vae");
  await first.checkpoint(4);
  const { state, keep, begin, checkpoint, kept } = await setUp({ workspace: first.workspace });
  const { bytes, step, history } = await keep.checkpoint(state.keptRuns.value[0]);
  assert.deepEqual([[...bytes], step], [[1], 4]);
  begin("vae", { step: 4, resumed: true, history });
  assert.equal(state.runKept.value.step, 4);
  await checkpoint(6);
  assert.deepEqual(await kept(), ["vae 6"]);
});

test("a run of an earlier visit that is not continued is kept beside a new one", async () => {
  const first = await setUp();
  first.begin("vae");
  await first.checkpoint(4);
  const { begin, checkpoint, kept } = await setUp({ workspace: first.workspace });
  begin("vae");
  await checkpoint(1);
  assert.deepEqual(await kept(), ["vae 1", "vae 4"]);
});

test("a run keeps its own settings while the form shows those of another system", async () => {
  const { state, workspace, begin, checkpoint } = await setUp();
  begin("vae");
  state.values.value = { ...state.values.value, beta: 3 };
  const other = systems.find(({ name }) => name === "iwae");
  state.system.value = other;
  state.values.value = { ...state.values.value, ...other.train };
  await checkpoint(3);
  assert.equal((await workspace.runs())[0].address, "?beta=3");
});

test("a tab whose turn it is not writes nothing; when it comes, its run is kept", async () => {
  const { state, begin, checkpoint, kept, draw, workspace, takeTurn } = await setUp({ owns: false });
  assert.equal(state.keeping.value.status, "elsewhere");
  begin("vae");
  await checkpoint(3);
  await draw();
  assert.deepEqual([await kept(), (await workspace.entries()).drawing], [[], null]);
  takeTurn(true);
  while (state.runKept.value.step !== 3) await new Promise(setImmediate);
  assert.deepEqual(await kept(), ["vae 3"]);
});

test("a full disk is reported and tried again; another refusal ends keeping", async () => {
  const { state, workspace, begin, checkpoint } = await setUp();
  const { writeRun } = Workspace.prototype;
  const refuseWith = (failure) => {
    workspace.writeRun = async () => {
      throw failure;
    };
  };
  begin("vae");
  refuseWith(new Failure("keep_full"));
  await checkpoint(1);
  assert.deepEqual([state.keeping.value.status, state.keeping.value.failure.kind], ["keeping", "keep_full"]);
  assert.equal(state.runKept.value.step, 0);
  workspace.writeRun = writeRun;
  await checkpoint(2);
  assert.deepEqual(state.keeping.value, { status: "keeping", failure: null });
  refuseWith(new Failure("keep_refused", { reason: "gone" }));
  await checkpoint(3);
  assert.equal(state.keeping.value.status, "impossible");
});

test("after everything was deleted nothing more is kept", async () => {
  const { state, keep, begin, checkpoint, kept, draw, workspace } = await setUp();
  await draw();
  begin("vae");
  await checkpoint(4);
  await keep.removeAll();
  await draw();
  await checkpoint(5);
  assert.deepEqual([await kept(), (await workspace.entries()).drawing], [[], null]);
  assert.deepEqual([state.keeping.value.status, state.keptBytes.value], ["deleted", 0]);
});
