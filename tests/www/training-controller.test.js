// The training controller with a real session and state, over a trainer that counts instead of computing.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./schema.js";
import { batch } from "@preact/signals-core";
import { imagesFile, labelsFile } from "../../www/data-sets/idx.js";
import { MNIST } from "../../www/data-sets/shipped.js";
import { trainingFiles } from "../../www/data-sets/training-files.js";
import { BEFORE_TRAINING } from "../../www/initial-state.js";
import { Failure } from "../../www/messages/failure.js";
import { withSystem } from "../../www/settings/systems.js";
import { defaults, modelConfig } from "../../www/settings/values.js";
import { createState } from "../../www/state.js";
import { TrainingController } from "../../www/training/training-controller.js";
import { TrainingSession } from "../../www/training/training-session.js";
import { system } from "./schema.js";

const [images, labels] = [imagesFile(new Uint8Array(784)), labelsFile(Uint8Array.of(0))];
const FILES = trainingFiles(MNIST, {
  trainImages: images,
  trainLabels: labels,
  testImages: images,
  testLabels: labels,
});
const turn = () => new Promise(setImmediate);
const losses = { reconstruction: 200, kl: 10, total: 210 };

/** Answers the trainer's actions; `fail(action)` may throw; `configured` gets the settings sent while training. */
function fakeClient(fail, configured) {
  let step = 0;
  const actions = {
    create: () => {
      step = 0;
    },
    configure: ({ train }) => configured.push(train),
    train: ({ steps }) => {
      const trained = Array.from({ length: steps }, () => ({ ...losses, step: ++step }));
      return { step, epoch: step / 60, losses: trained, finite: true };
    },
    evaluate: ({ count }) => ({ images: count, ...losses, usage: Float32Array.of(1, 2) }),
    checkpoint: () => new Uint8Array(1),
  };
  return {
    close() {},
    async call(action, args) {
      await turn();
      fail(action);
      return actions[action](args);
    },
  };
}

function fakeShownModel(state, log) {
  return {
    startingWeights: async (from) => {
      log.push(["startingWeights", from]);
      return new Uint8Array(1);
    },
    showRun: async (_bytes, { fresh }) => {
      log.push(["showRun", fresh]);
      state.shown.value = { source: "training" };
    },
    before: "z20",
    choose: async (source) => {
      log.push(["choose", source]);
      state.shown.value = { source };
    },
  };
}

/** Takes up to `most` images per step, as the module's estimate would. */
function fakeViewer(most) {
  const actions = {
    inspect: () => ({ model: modelConfig({ ...defaults(), latent: 2 }) }),
    training_bytes: ({ options }) => options.train.batch,
    check_memory: ({ options, limit }) => {
      const { batch } = options.train;
      const fits = Math.min(most, limit);
      const values = { needed: "3.0 GB", available: "1.0 GB" };
      if (batch > fits && fits < 1) throw new Failure("memory_setting", { ...values, setting: "samples" });
      if (batch > fits)
        throw new Failure("memory_batch", { ...values, batch: 2 ** Math.floor(Math.log2(fits)) });
    },
  };
  return { call: async (action, args) => actions[action](args) };
}

function setUp({
  values = {},
  fail = () => {},
  load = async () => {},
  configured = [],
  most = Infinity,
} = {}) {
  const state = createState({ system: system("vae"), values: { ...defaults(), batch: 1000, ...values } });
  state.usage.value = Float32Array.of(0, 0);
  const log = [];
  const session = new TrainingSession({
    trainers: {
      open: async () => ({
        client: fakeClient(fail, configured),
        device: { kind: "cpu", adapter: null, reason: null },
      }),
      fasterDevice: async () => ({ device: { kind: "cpu", adapter: null, reason: null }, client: null }),
      checked: () => null,
    },
    data: async () => FILES,
    dataset: () => MNIST,
    settings: () => state.runValues.value,
  });
  const record = (name) => (detail) => void log.push([name, detail]);
  const training = new TrainingController({
    state,
    session,
    trainers: { prepare: async (wanted) => log.push(["prepare", wanted]) },
    data: { load, keep: record("keep"), forget: async () => log.push(["forget"]) },
    viewer: fakeViewer(most),
    explore: { useUsage: (_usage, { settled }) => log.push(["useUsage", settled]) },
    shownModel: fakeShownModel(state, log),
    announcer: { say() {}, sayOccasionally() {} },
    notices: { show: ({ name }) => log.push(["notice", name]), clear() {} },
  });
  const logged = (name) => log.filter(([each]) => each === name).map(([, detail]) => detail);
  return { state, session, training, logged };
}

/** The system `name` is looked at, with its settings in the form. */
function choose(state, name) {
  batch(() => {
    state.system.value = system(name);
    state.values.value = { ...withSystem(state.values.value, system(name)), batch: 1000 };
  });
}

test("one step fills the state: status, losses, curves, and the pictures show the run", async () => {
  const { state, training, logged } = setUp();
  await training.step();
  const { status, step, system, made, trouble } = state.run.value;
  assert.deepEqual([status, step, system, made.latent, trouble], ["paused", 1, "vae", 20, null]);
  assert.deepEqual(state.losses.value.train, losses);
  assert.equal(state.history.value.train.length, 1);
  await turn();
  assert.deepEqual(logged("showRun"), [true, false], "the first snapshot is of a new model");
  assert.equal(logged("keep").length, 1);
});

test("play trains to the last epoch, and then adds epochs", async () => {
  const { state, training, logged } = setUp({ values: { epochs: 1 } });
  await training.toggle();
  assert.deepEqual([state.run.value.status, state.run.value.step], ["finished", 60]);
  assert.equal(Math.round(state.losses.value.full.epoch), 1);
  assert.ok(logged("useUsage").includes(true));
  const more = training.toggle();
  assert.equal(state.values.value.epochs, 6);
  while (state.run.value.step < 70) await turn();
  await training.toggle();
  await more;
  assert.equal(state.run.value.status, "paused");
});

test("the run is of another system while another is chosen, and play then makes that one", async () => {
  const { state, training } = setUp();
  await training.step();
  choose(state, "mse");
  assert.equal(state.runIsOfOtherSystem.value, true);
  choose(state, "vae");
  assert.equal(state.runIsOfOtherSystem.value, false, "the run is still there");
  assert.equal(state.run.value.step, 1);
  choose(state, "mse");
  await training.step();
  assert.deepEqual([state.run.value.system, state.run.value.step], ["mse", 1]);
  assert.equal(state.run.value.made.likelihood, "unit_gaussian");
});

test("a run goes on with its own settings while another system is looked at, until a run of that one begins", async () => {
  const configured = [];
  const { state, session, training } = setUp({ values: { beta: 2 }, configured });
  const run = training.toggle();
  while (state.run.value.step < 5) await turn();
  choose(state, "beta");
  const { step } = state.run.value;
  while (state.run.value.step < step + 5) await turn();
  assert.equal(state.run.value.status, "running");
  assert.deepEqual([state.runValues.value.beta, configured.length], [2, 0]);
  const kept = [];
  session.subscribe((event, detail) => {
    if (event === "checkpoint" && detail.step > 0)
      kept.push([state.run.peek().system, state.runValues.peek().beta]);
  });
  await training.step();
  await run;
  assert.deepEqual(kept[0], ["vae", 2], "the first is kept as it was when it was paused");
  assert.deepEqual(
    [state.run.value.system, state.run.value.step, state.runValues.value.beta],
    ["beta", 1, 4],
  );
});

test("once another model is shown, the run continues without updating the pictures", async () => {
  const { state, training, logged } = setUp();
  await training.step();
  await turn();
  state.shown.value = { source: "z20" };
  const before = logged("showRun").length;
  await training.restart();
  await turn();
  assert.ok(logged("showRun").length > before, "a new run is shown");
  state.shown.value = { source: "z20" };
  const shown = logged("showRun").length;
  const run = training.toggle();
  state.shown.value = { source: "z2" };
  while (state.run.value.step < 5) await turn();
  await training.toggle();
  await run;
  assert.equal(logged("showRun").length, shown);
});

test("a model that starts from weights has their shape", async () => {
  const { state, training, logged } = setUp({ values: { from: "z2" } });
  await training.step();
  assert.deepEqual(logged("startingWeights"), ["z2"]);
  assert.equal(state.values.value.latent, 2);
  assert.equal(state.run.value.made.latent, 2);
});

test("a restart at rest stays at rest with another seed, and a running one trains on", async () => {
  const { state, training } = setUp();
  await training.step();
  await training.newSeed();
  assert.deepEqual([state.run.value.status, state.run.value.step], ["paused", 0]);
  assert.notEqual(state.values.value.seed, 1);
  const run = training.toggle();
  while (state.run.value.step < 5) await turn();
  const restarted = training.restart();
  for (const status of ["starting", "running"]) while (state.run.value.status !== status) await turn();
  await training.toggle();
  await Promise.all([run, restarted]);
  assert.equal(state.run.value.status, "paused");
});

test("damaged data are fetched again before the retry", async () => {
  let broken = true;
  const { state, training, logged } = setUp({
    fail: (action) => {
      if (broken && action === "create") throw new Failure("data_length");
    },
  });
  await training.step();
  const { status, trouble } = state.run.value;
  assert.deepEqual([status, trouble.kind, trouble.error.kind], ["failed", "start", "data_length"]);
  broken = false;
  await training.recover();
  assert.equal(logged("forget").length, 1);
  assert.deepEqual([state.run.value.step, state.run.value.trouble], [1, null]);
});

test("after a lost trainer the run continues from its last checkpoint", async () => {
  let broken = false;
  const { state, training, logged } = setUp({
    fail: (action) => {
      if (broken) throw new Failure("worker_failed", { reason: action });
    },
  });
  await training.step();
  broken = true;
  await training.step();
  assert.deepEqual([state.run.value.trouble.kind, state.run.value.trouble.resumeAt], ["lost", 1]);
  broken = false;
  await training.recover();
  assert.equal(state.run.value.trouble, null);
  assert.equal(logged("forget").length, 0);
});

test("settings that the trainer refuses are explained next to the form", async () => {
  const { state, training } = setUp({
    fail: (action) => {
      if (action === "configure") throw new Failure("no_trained_model");
    },
  });
  await training.step();
  state.values.value = { ...state.values.value, beta: 3 };
  await training.step();
  assert.match(state.settingsNote.value.text, /continues/);
  assert.equal(state.run.value.step, 2);
});

test("a failed download is shown, and tried again on demand", async () => {
  let offline = true;
  const load = async () => {
    if (offline) throw new Failure("download_no_answer", { file: "t10k" });
  };
  const { state, training, logged } = setUp({ load });
  await training.prepare();
  assert.equal(state.run.value.trouble.kind, "data");
  assert.deepEqual(logged("prepare"), ["auto"]);
  offline = false;
  await training.recover();
  assert.equal(state.run.value.trouble, null);
});

test("a page that is frozen pauses training with a notice", async () => {
  const { state, training, logged } = setUp();
  const run = training.toggle();
  while (state.run.value.step < 5) await turn();
  training.frozen();
  await run;
  assert.equal(state.run.value.status, "paused");
  assert.deepEqual(logged("notice"), ["frozen"]);
  training.frozen();
  assert.deepEqual(logged("notice"), ["frozen"], "not while it rests");
});

test("training that needs too much memory does not begin, and one button takes the batch that fits", async () => {
  const { state, training, session } = setUp({ most: 600 });
  await training.toggle();
  assert.equal(session.status, "idle");
  const { kind, error, batch } = state.run.value.trouble;
  assert.deepEqual([kind, error.kind, batch], ["memory", "memory_batch", 512]);
  const run = training.recover();
  assert.equal(state.values.value.batch, 512);
  while (state.run.value.step < 2) await turn();
  await training.toggle();
  await run;
  assert.equal(state.run.value.trouble, null);
});

test("a run is not lost to a batch that does not fit", async () => {
  const { state, training } = setUp({ most: 2000 });
  await training.step();
  state.values.value = { ...state.values.value, batch: 4000 };
  await training.toggle();
  assert.deepEqual([state.run.value.trouble.kind, state.run.value.status], ["memory", "paused"]);
  state.values.value = { ...state.values.value, batch: 1000 };
  await training.step();
  assert.deepEqual([state.run.value.trouble, state.run.value.step], [null, 2]);
});

test("where no batch fits, the setting to lower is named and no batch is offered", async () => {
  const { state, training } = setUp({ most: 0 });
  await training.toggle();
  const { kind, error, batch } = state.run.value.trouble;
  assert.deepEqual([kind, error.values.setting, batch], ["memory", "samples", null]);
});

test("after memory has run out, the run continues from its checkpoint with at most half the batch", async () => {
  let empty = false;
  const fail = (action) => {
    if (empty && action === "train") throw new Failure("worker_out_of_memory");
  };
  const { state, training } = setUp({ fail });
  await training.step();
  empty = true;
  await training.toggle();
  await turn();
  const { kind, batch, resumeAt } = state.run.value.trouble;
  assert.deepEqual([kind, batch, resumeAt], ["memory", 256, 1]);
  empty = false;
  const run = training.recover();
  while (state.run.value.step < 3) await turn();
  await training.toggle();
  await run;
  assert.equal(state.values.value.batch, 256);
});

test("a run that is discarded leaves no trace in the state, and its pictures give way to those of before", async () => {
  const { state, training, logged } = setUp();
  await training.step();
  assert.equal(state.shown.value.source, "training");
  assert.equal(await training.discard(), true);
  assert.deepEqual(logged("choose"), ["z20"]);
  assert.deepEqual(state.run.value, BEFORE_TRAINING);
  assert.deepEqual(state.history.value, { train: [], quick: [], full: [] });
  assert.deepEqual(state.losses.value, { train: null, quick: null, full: null });
  await training.step();
  assert.deepEqual([state.run.value.step, state.history.value.train.length], [1, 1]);
});
