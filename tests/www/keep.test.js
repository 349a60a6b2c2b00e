// What is kept: its forms, the workspace in a database, and the queue that writes.

import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { Database } from "../../www/keep/database.js";
import { packed, unpacked } from "../../www/keep/entry-format.js";
import { curvesInColumns, curvesInPoints } from "../../www/keep/kept-curves.js";
import { restoreDrawing, startingAddress } from "../../www/keep/kept-values.js";
import { Workspace } from "../../www/keep/workspace.js";
import { lockWorkspace } from "../../www/keep/workspace-lock.js";
import { WriteQueue } from "../../www/keep/write-queue.js";
import { defaults } from "../../www/settings/values.js";
import { createState } from "../../www/state.js";
import { systems } from "./schema.js";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const stroke = { points: [{ x: 0.2, y: 0.3 }], erase: false };
const image = { image: new Float32Array(784).fill(0.5), label: 3 };
const drawing = {
  items: [image, stroke],
  cleared: [[stroke]],
  centre: true,
  labelChoice: { label: 3, inferred: true },
};
const shown = { system: "vae", source: "z20", corruption: "none" };
const file = { name: "mine.safetensors", bytes: Uint8Array.of(1) };
const code = { origin: "edited", component: 1, source: "z20", codes: 0, values: Float32Array.of(1, -2) };
const pixels = new Float32Array(784).fill(0.5);
const ends = {
  a: {
    kind: "drawing",
    image: pixels,
    label: null,
    drawn: { items: [stroke], centre: true, corruption: null },
  },
  b: {
    kind: "code",
    image: pixels,
    label: 3,
    code: Float32Array.of(1, -2),
    shownAs: 3,
    model: { source: "z2", run: null, length: 2, codes: 0 },
  },
};
const withB = (change) => ({ ...ends, b: { ...ends.b, ...change } });
const point = { step: 1, reconstruction: 200, kl: 10, total: 210 };

const runAt = (step) => ({
  system: "vae",
  address: "?beta=2",
  made: defaults(),
  step,
  epoch: step / 468,
  time: step,
  bytes: 8,
  losses: { train: { total: 210 }, quick: null, full: null },
  history: curvesInColumns({ train: [point], quick: [], full: [] }),
});
/** As a version of the page wrote it that knew neither labels nor columns. */
const earlierRun = { ...runAt(3), history: { train: [point], quick: [], full: [] } };
const checkpointAt = (step) => ({
  step,
  testing: false,
  bytes: Uint8Array.of(1, 2),
  weights: Uint8Array.of(3),
});

const kind = (wanted) => (error) => error.kind === wanted;

test("what is packed is unpacked again", () => {
  const values = {
    drawing,
    code,
    shown,
    file,
    ends,
    views: { address: "?axes=1,2" },
    settings: { address: "" },
    run: runAt(3),
    checkpoint: checkpointAt(3),
  };
  for (const [name, value] of Object.entries(values))
    assert.equal(unpacked(name, packed(name, value)), value);
});

test("whatever is not of the form is damaged, and a later version is named as such", () => {
  const damaged = {
    drawing: [
      { ...drawing, items: "none" },
      { ...drawing, items: [{ ...stroke, points: [{ x: Number.NaN, y: 0 }] }] },
      { ...drawing, items: [{ ...image, image: new Float32Array(3) }] },
      { ...drawing, items: [null] },
      { ...drawing, labelChoice: { label: 62, inferred: true } },
    ],
    code: [
      { ...code, component: 2 },
      { ...code, values: Float32Array.of(Number.POSITIVE_INFINITY, 0) },
      { ...code, codes: 2, values: Float32Array.of(0, 2) },
      { ...code, origin: "elsewhere" },
    ],
    settings: [{}, { address: 3 }],
    views: [{}, { address: null }],
    ends: [
      { a: ends.a },
      withB({ kind: "toString" }),
      withB({ image: new Float32Array(3) }),
      withB({ code: Float32Array.of(Number.NaN, 0) }),
      withB({ label: 62 }),
      withB({ shownAs: null }),
      withB({ model: { ...ends.b.model, length: 3 } }),
      withB({ kind: "test" }),
      { ...ends, a: { ...ends.a, drawn: { items: [stroke], centre: "yes", corruption: null } } },
      { ...ends, a: { ...ends.a, drawn: { items: [null], centre: true, corruption: null } } },
    ],
    shown: [{}, { ...shown, source: 3 }],
    file: [{ name: "a" }, { ...file, bytes: new Uint8Array(0) }, { ...file, name: null }],
    run: [
      {},
      { ...runAt(1), made: { ...defaults(), latent: 1e9 } },
      { ...runAt(1), history: { train: [] } },
      { ...runAt(1), history: { ...runAt(1).history, quick: { step: new Float64Array(2) } } },
      { ...earlierRun, history: { train: [{ ...point, kl: "20" }], quick: [], full: [] } },
      { ...runAt(1), name: "x".repeat(61) },
      { ...runAt(1), name: 3 },
      { ...runAt(1), pinned: "yes" },
      { ...runAt(1), begun: Number.NaN },
    ],
    checkpoint: [
      { ...checkpointAt(1), bytes: [1, 2] },
      { ...checkpointAt(1), step: -1 },
    ],
  };
  for (const [name, values] of Object.entries(damaged)) {
    for (const value of [...values, null, undefined, "text"])
      for (const version of [1, packed(name).version])
        assert.throws(() => unpacked(name, { version, value }), kind(`kept_damaged.${name}`));
    for (const entry of [null, 3, [], { value: {} }])
      assert.throws(() => unpacked(name, entry), kind(`kept_damaged.${name}`));
    assert.throws(() => unpacked(name, { version: 3, value: {} }), kind(`kept_later.${name}`));
  }
});

test("a workspace gives back what was written, the newest run first", async () => {
  const workspace = await Workspace.open();
  const nothing = {
    drawing: null,
    settings: null,
    code: null,
    shown: null,
    views: null,
    ends: null,
    shelf: null,
  };
  assert.deepEqual(await workspace.entries(), nothing);
  await workspace.write("drawing", drawing);
  await workspace.writeRun("a", runAt(5), checkpointAt(5));
  await workspace.writeRun("b", runAt(9), checkpointAt(9));
  const again = await Workspace.open();
  assert.deepEqual(await again.entries(), { ...nothing, drawing });
  const runs = await again.runs();
  assert.deepEqual(
    runs.map(({ id, step }) => [id, step]),
    [
      ["b", 9],
      ["a", 5],
    ],
  );
  assert.deepEqual(await again.checkpoint(runs[1]), checkpointAt(5));
  await again.removeRun("a");
  await assert.rejects(again.checkpoint(runs[1]), kind("kept_damaged.checkpoint"));
  assert.ok((await again.size()) > 784 * 4);
  await again.removeAll();
  assert.deepEqual([(await again.runs()).length, await again.size()], [0, 0]);
});

test("a run of an earlier version is read, without a name, and keeps the one that it is given", async () => {
  const database = await Database.open();
  await database.write([{ store: "runs", key: "a", value: { version: 1, value: earlierRun } }]);
  const workspace = new Workspace(database);
  const [run] = await workspace.runs();
  assert.deepEqual([run.name, run.pinned, run.begun], ["", false, run.time]);
  assert.deepEqual(curvesInPoints(run.history), earlierRun.history);
  assert.equal(await workspace.labelRun("a", { name: "first" }), true);
  assert.deepEqual((await workspace.runs())[0].name, "first");
  assert.equal(await workspace.labelRun("gone", { name: "first" }), false);
  assert.equal((await workspace.runs()).length, 1);
});

test("a checkpoint keeps the labels that a run was given meanwhile, but for those given with it", async () => {
  const workspace = await Workspace.open();
  await workspace.writeRun("a", runAt(1), checkpointAt(1), { name: "at first" });
  await workspace.labelRun("a", { name: "meanwhile", pinned: true });
  const written = await workspace.writeRun("a", { ...runAt(2), name: "at first" }, checkpointAt(2));
  const labels = async () =>
    (await workspace.runs()).map(({ step, name, pinned }) => [step, name, pinned])[0];
  assert.deepEqual(await labels(), [2, "meanwhile", true]);
  assert.deepEqual([written.name, written.pinned], ["meanwhile", true]);
  await workspace.writeRun("a", runAt(3), checkpointAt(3), { name: "now" });
  assert.deepEqual(await labels(), [3, "now", true]);
});

test("an entry that cannot be read is not overwritten until it is deleted", async () => {
  const database = await Database.open();
  await database.write([{ store: "entries", key: "drawing", value: { version: 1, value: "?" } }]);
  const workspace = new Workspace(database);
  assert.equal((await workspace.entries()).drawing, null);
  assert.deepEqual(
    workspace.failures.map((failure) => failure.kind),
    ["kept_damaged.drawing"],
  );
  await workspace.write("drawing", drawing);
  assert.equal((await database.read("entries", "drawing")).value, "?");
  await workspace.removeUnreadable();
  await workspace.write("drawing", drawing);
  assert.deepEqual((await workspace.entries()).drawing, drawing);
});

test("a checkpoint of another moment than its summary is damaged", async () => {
  const workspace = await Workspace.open();
  await workspace.writeRun("a", runAt(5), checkpointAt(4));
  const [run] = await workspace.runs();
  await assert.rejects(workspace.checkpoint(run), kind("kept_damaged.checkpoint"));
});

test("changes are written all or none", async () => {
  const database = await Database.open();
  const changes = [
    { store: "entries", key: "settings", value: 1 },
    { store: "entries", key: "code", value: () => {} }, // cannot be stored
  ];
  await assert.rejects(database.write(changes), kind("keep_refused"));
  assert.equal(await database.read("entries", "settings"), undefined);
});

test("a database of a later version, and one that throws when touched, are failures with a sentence", async () => {
  await new Promise((resolve) => {
    indexedDB.open("latent-lab", 99).onsuccess = resolve;
  });
  await assert.rejects(Database.open(), kind("keep_later_version"));
  Object.defineProperty(globalThis, "indexedDB", {
    configurable: true,
    get() {
      throw new DOMException("denied", "SecurityError");
    },
  });
  await assert.rejects(Database.open(), kind("keep_refused"));
  Object.defineProperty(globalThis, "indexedDB", { configurable: true, writable: true, value: null });
});

test("a later version of the page takes the database over", async () => {
  const lost = new Promise((resolve) => {
    Database.open(resolve);
  });
  await new Promise(setImmediate);
  indexedDB.open("latent-lab", 99);
  assert.equal((await lost).kind, "keep_newer_page");
});

test("the lock is owned, or another tab has it until its turn ends", async () => {
  const waiting = [];
  const locks = (grant) => ({
    request: (_name, held) => new Promise(() => (grant ? held() : waiting.push(held))),
  });
  assert.equal((await lockWorkspace({ locks: locks(true) })).owns, true);
  const { owns, turn } = await lockWorkspace({ locks: locks(false), patience: 1 });
  assert.equal(owns, false);
  waiting[0]();
  assert.equal(await turn, true);
  await assert.rejects(lockWorkspace({ locks: null }), kind("keep_no_locks"));
  const denied = { request: () => Promise.reject(new DOMException("denied", "SecurityError")) };
  await assert.rejects(lockWorkspace({ locks: denied }), kind("keep_refused"));
});

test("of several values for the same key the newest is written, one write at a time", async () => {
  const written = [];
  let writing = 0;
  let finish = () => {};
  const queue = new WriteQueue(async (key, value) => {
    writing += 1;
    assert.equal(writing, 1);
    await new Promise((resolve) => {
      finish = resolve;
    });
    writing -= 1;
    written.push([key, value]);
  }, 1e6);
  queue.put("drawing", 1);
  queue.put("drawing", 2);
  const flushed = queue.flush();
  for (const value of [3, 4]) queue.put("drawing", value);
  queue.put("code", 5);
  while (written.length < 3) {
    finish();
    await new Promise(setImmediate);
  }
  await flushed;
  assert.deepEqual(written, [
    ["drawing", 2],
    ["drawing", 4],
    ["code", 5],
  ]);
});

test("what is dropped is not written", async () => {
  const written = [];
  const queue = new WriteQueue(async (key) => written.push(key), 1);
  queue.put("drawing", 1);
  await queue.drop();
  await queue.flush();
  assert.deepEqual(written, []);
  queue.put("code", 2);
  await queue.flush();
  assert.deepEqual(written, ["code"]);
});

test("the address wins over kept settings where it asks for any", () => {
  const kept = { address: "?beta=2" };
  assert.equal(startingAddress("", kept), "?beta=2");
  assert.equal(startingAddress("?software=measure", kept), "?beta=2");
  for (const asked of ["?system=beta", "?lr=0.01", "?latent=nonsense"])
    assert.equal(startingAddress(asked, kept), asked);
  assert.equal(startingAddress("?software=measure", null), "?software=measure");
});

test("a kept drawing is that of before, with its undo", () => {
  const state = createState({ system: systems[0], values: defaults() });
  restoreDrawing(state, drawing);
  assert.deepEqual(state.drawing.value, { items: drawing.items, cleared: drawing.cleared, time: null });
  assert.equal(state.labelChoice.value.label, 3);
});
