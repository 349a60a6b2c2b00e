// The controller that keeps: when it writes, and under which name a run is kept.

import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { KeepController } from "../../www/keep/keep-controller.js";
import { keptValues, runAddress } from "../../www/keep/kept-values.js";
import { Workspace } from "../../www/keep/workspace.js";
import { RunClaim } from "../../www/keep/workspace-lock.js";
import { Failure } from "../../www/messages/failure.js";
import { defaults } from "../../www/settings/values.js";
import { createState } from "../../www/state.js";
import { systems } from "./schema.js";

globalThis.BroadcastChannel = undefined; // one would keep the process alive

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const image = { image: new Float32Array(784), label: 7 };

/** `claim`: of the runs, as one of several tabs has it; `failure`: why there is no workspace, if there is none. */
async function setUp({ owns = true, workspace, claim = new RunClaim(null), failure = null } = {}) {
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
  workspace ??= failure ? null : await Workspace.open();
  const opened = { workspace, lock: { owns, turn }, claim, failure, lost: new Promise(() => {}) };
  const values = keptValues(state, systems);
  const keep = new KeepController({ state, session, opened, values, address: runAddress(state, systems) });
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
  const discard = () => {
    run({ system: null, step: 0 });
    report("discard");
  };
  const failToStart = () => report("status", { status: "failed", trouble: { kind: "start" } });
  const listed = () => state.keptRuns.value.map(({ system, step, unsaved }) => [system, step, unsaved]);
  return { state, keep, workspace, begin, checkpoint, kept, listed, draw, takeTurn, failToStart, discard };
}

test("what changes is kept, what the page began with is not written", async () => {
  const { keep, workspace, draw } = await setUp();
  await keep.flush();
  assert.equal((await workspace.entries()).drawing, null);
  await draw();
  assert.equal((await workspace.entries()).drawing.items[0].label, 7);
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

test("a run begun anew is kept beside the one before, whichever system it is of", async () => {
  const { state, begin, checkpoint, kept } = await setUp();
  begin("vae");
  await checkpoint(0);
  assert.deepEqual(await kept(), [], "before the first step there is nothing to lose");
  await checkpoint(4);
  begin("vae");
  await checkpoint(2);
  assert.deepEqual(await kept(), ["vae 2", "vae 4"]);
  begin("beta");
  await checkpoint(9);
  await checkpoint(11);
  assert.deepEqual(await kept(), ["beta 11", "vae 2", "vae 4"]);
  assert.equal(state.runKept.value.step, 11);
  assert.equal(state.keptRuns.value.length, 3);
});

test("a run whose successor fails to start is listed again, and a recovered run keeps its name", async () => {
  const { state, begin, checkpoint, kept, failToStart } = await setUp();
  begin("vae");
  await checkpoint(4);
  const { id } = state.runKept.value;
  failToStart();
  assert.equal(state.runKept.value.id, null);
  begin("vae", { step: 4, resumed: true });
  assert.deepEqual(state.runKept.value, { id, step: 4 });
  await checkpoint(5);
  assert.deepEqual(await kept(), ["vae 5"]);
});

test("where nothing can be kept, runs live in memory as long as the tab, and can be continued and deleted", async () => {
  const failure = new Failure("keep_refused", { reason: "blocked" });
  const { state, keep, begin, checkpoint, listed } = await setUp({ failure });
  begin("vae");
  await checkpoint(4);
  begin("beta");
  await checkpoint(7);
  assert.deepEqual(listed(), [
    ["beta", 7, true],
    ["vae", 4, true],
  ]);
  const vae = state.keptRuns.value[1];
  const { step, bytes, history } = await keep.checkpoint(vae);
  assert.deepEqual([step, [...bytes]], [4, [1]]);
  begin("vae", { step, resumed: true, history });
  await checkpoint(6);
  assert.deepEqual(listed(), [
    ["vae", 6, true],
    ["beta", 7, true],
  ]);
  await keep.removeRun({ id: vae.id });
  assert.deepEqual(listed(), [["beta", 7, true]]);
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

test("a tab whose turn it is not adds runs and writes no entries; when it comes, it writes both", async () => {
  const { state, begin, checkpoint, kept, draw, workspace, takeTurn } = await setUp({ owns: false });
  assert.equal(state.keeping.value.status, "elsewhere");
  begin("vae");
  await checkpoint(3);
  await draw();
  assert.deepEqual([await kept(), (await workspace.entries()).drawing], [["vae 3"], null]);
  takeTurn(true);
  while (state.keeping.value.status !== "keeping") await new Promise(setImmediate);
  await draw();
  assert.equal((await workspace.entries()).drawing.items.length, 1);
});

test("a run that another tab trains is continued as a copy", async () => {
  const first = await setUp();
  first.begin("vae");
  await first.checkpoint(4);
  const claimed = { request: async (_name, _options, held) => held(null) };
  const second = await setUp({ owns: false, workspace: first.workspace, claim: new RunClaim(claimed) });
  const { step, history } = await second.keep.checkpoint(second.state.keptRuns.value[0]);
  second.begin("vae", { step, resumed: true, history });
  await second.checkpoint(6);
  await first.checkpoint(5);
  assert.deepEqual(await first.kept(), ["vae 5", "vae 6"]);
});

test("a full disk is reported and tried again; another refusal ends keeping", async () => {
  const { state, workspace, begin, checkpoint, listed } = await setUp();
  const { writeRun } = Workspace.prototype;
  const refuseWith = (failure) => {
    workspace.writeRun = async () => {
      throw failure;
    };
  };
  begin("vae");
  refuseWith(new Failure("keep_full"));
  await checkpoint(1);
  assert.deepEqual(listed(), [["vae", 1, true]]);
  assert.deepEqual([state.keeping.value.status, state.keeping.value.failure.kind], ["keeping", "keep_full"]);
  assert.equal(state.runKept.value.step, 0);
  workspace.writeRun = writeRun;
  await checkpoint(2);
  assert.deepEqual(state.keeping.value, { status: "keeping", failure: null });
  refuseWith(new Failure("keep_refused", { reason: "gone" }));
  await checkpoint(3);
  assert.equal(state.keeping.value.status, "impossible");
});

test("once a run is deleted, everything is written that there was no room for", async () => {
  const { state, keep, workspace, begin, checkpoint, kept, draw } = await setUp();
  begin("vae");
  await checkpoint(4);
  const full = async () => {
    throw new Failure("keep_full");
  };
  Object.assign(workspace, { writeRun: full, write: full });
  await draw();
  begin("beta");
  await checkpoint(2);
  assert.equal(state.keeping.value.failure.kind, "keep_full");
  delete workspace.writeRun;
  delete workspace.write;
  await keep.removeRun(state.keptRuns.value.find(({ system }) => system === "vae"));
  assert.deepEqual(await kept(), ["beta 2"]);
  assert.equal((await workspace.entries()).drawing.items.length, 1);
  assert.deepEqual(state.keeping.value, { status: "keeping", failure: null });
});

test("after everything was deleted nothing more is kept", async () => {
  const { state, keep, begin, checkpoint, kept, listed, draw, workspace } = await setUp();
  await draw();
  begin("vae");
  await checkpoint(4);
  await keep.removeAll();
  await draw();
  await checkpoint(5);
  assert.deepEqual([await kept(), (await workspace.entries()).drawing], [[], null]);
  assert.deepEqual([state.keeping.value.status, state.keptBytes.value], ["deleted", 0]);
  assert.deepEqual(listed(), [["vae", 5, true]], "what is trained afterwards lives in memory");
});

const named = ({ keptRuns }) => keptRuns.value.map(({ step, name, pinned }) => [step, name, pinned]);

test("a run keeps the name that it is given before its first checkpoint, and every later one", async () => {
  const { state, keep, workspace, begin, checkpoint } = await setUp();
  begin("vae");
  const { id } = state.runKept.value;
  await keep.labelRun(id, { name: "mine" });
  assert.deepEqual(state.runLabels.value, { [id]: { name: "mine" } });
  await checkpoint(1);
  assert.deepEqual(named(state), [[1, "mine", false]]);
  assert.deepEqual(state.runLabels.value, {}, "it is written");
  await keep.labelRun(id, { pinned: true });
  await checkpoint(2);
  assert.deepEqual(named(state), [[2, "mine", true]]);
  await keep.labelRun(id, { name: "" });
  await checkpoint(3);
  const [{ name, pinned }] = await workspace.runs();
  assert.deepEqual([named(state), name, pinned], [[[3, "", true]], "", true]);
});

test("a name that another tab gives is there after the next checkpoint", async () => {
  const { state, workspace, begin, checkpoint } = await setUp();
  begin("vae");
  await checkpoint(1);
  await workspace.labelRun(state.runKept.value.id, { name: "from the other tab" });
  await checkpoint(2);
  assert.deepEqual(named(state), [[2, "from the other tab", false]]);
  assert.equal((await workspace.runs())[0].name, "from the other tab");
});

test("where nothing can be kept, names and pins hold as long as the tab", async () => {
  const failure = new Failure("keep_refused", { reason: "blocked" });
  const { state, keep, begin, checkpoint } = await setUp({ failure });
  begin("vae");
  await keep.labelRun(state.runKept.value.id, { name: "mine", pinned: true });
  await checkpoint(4);
  await checkpoint(5);
  assert.deepEqual(named(state), [[5, "mine", true]]);
});

test("a name for which there is no room holds in this tab, and is written with the next checkpoint", async () => {
  const { state, keep, workspace, begin, checkpoint } = await setUp();
  begin("vae");
  await checkpoint(1);
  workspace.labelRun = async () => {
    throw new Failure("keep_full");
  };
  await assert.rejects(keep.labelRun(state.runKept.value.id, { name: "mine" }), /keep_full/);
  assert.deepEqual(named(state), [[1, "mine", false]]);
  await checkpoint(2);
  assert.equal((await workspace.runs())[0].name, "mine");
});

test("a run that goes on was begun when it was, and belongs to this visit", async () => {
  const first = await setUp();
  first.begin("vae");
  await first.checkpoint(4);
  const [{ begun, id }] = await first.workspace.runs();
  const second = await setUp({ workspace: first.workspace });
  assert.deepEqual(second.state.runsOfVisit.value, []);
  const { step, history } = await second.keep.checkpoint(second.state.keptRuns.value[0]);
  assert.deepEqual(history, { train: [], quick: [], full: [] });
  second.begin("vae", { step, resumed: true, history });
  await second.checkpoint(6);
  assert.equal((await first.workspace.runs())[0].begun, begun);
  assert.deepEqual(second.state.runsOfVisit.value, [id]);
});

test("the present run is deleted with the checkpoint that its pause has taken", async () => {
  const { state, keep, begin, checkpoint, kept, discard } = await setUp();
  begin("vae");
  const { id } = state.runKept.value;
  const taken = checkpoint(4);
  discard();
  await keep.removeRun({ id });
  await taken;
  assert.deepEqual([await kept(), state.keptRuns.value, state.runKept.value.id], [[], [], null]);
});

test("a run that another tab has open is not deleted", async () => {
  const { state, keep, begin, checkpoint, kept } = await setUp();
  begin("vae");
  await checkpoint(4);
  const { id } = state.runKept.value;
  const elsewhere = { request: async (_name, _options, held) => held(null) };
  const other = await setUp({ owns: false, claim: new RunClaim(elsewhere) });
  await assert.rejects(other.keep.removeRun({ id }), /run_in_other_tab/);
  assert.deepEqual(await kept(), ["vae 4"]);
  await keep.removeRun({ id });
  assert.deepEqual(await kept(), []);
});

test("once nothing can be written any more, what is only in this tab can be deleted", async () => {
  const { state, keep, workspace, begin, checkpoint, listed } = await setUp();
  const gone = async () => {
    throw new Failure("keep_closed");
  };
  Object.assign(workspace, { writeRun: gone, removeRun: gone });
  begin("vae");
  await checkpoint(1);
  assert.equal(state.keeping.value.status, "impossible");
  assert.deepEqual(listed(), [["vae", 1, true]]);
  await keep.labelRun(state.runKept.value.id, { name: "mine" });
  workspace.size = async () => 0;
  await keep.removeRun({ id: state.runKept.value.id });
  assert.deepEqual(listed(), []);
});
