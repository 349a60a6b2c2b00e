import assert from "node:assert/strict";
import { test } from "node:test";
import "./schema.js";
import { imagesFile, labelsFile } from "../../www/data-sets/idx.js";
import { isDamagedData } from "../../www/data-sets/idx-files.js";
import { MNIST } from "../../www/data-sets/shipped.js";
import { trainingFiles } from "../../www/data-sets/training-files.js";
import { Failure } from "../../www/messages/failure.js";
import { defaults } from "../../www/settings/values.js";
import { TrainingSession } from "../../www/training/training-session.js";

const [images, labels] = [imagesFile(new Uint8Array(784)), labelsFile(Uint8Array.of(0))];
const FILES = trainingFiles(MNIST, {
  trainImages: images,
  trainLabels: labels,
  testImages: images,
  testLabels: labels,
});
const turn = () => new Promise(setImmediate);

const stayOnCpu = async () => ({ device: { kind: "cpu" }, client: null });

/** A session whose trainers count instead of computing; `fail(action, client)` may throw. Their clock moves `stepMs` per step. */
function setUp({
  settings = {},
  fail = () => {},
  fasterDevice = stayOnCpu,
  reconstruction = 200,
  stepMs = 10,
  imageMs = 0.02,
  checked = () => null,
  threads,
} = {}) {
  const clock = { now: 0 };
  const values = { ...defaults(), ...settings };
  const events = [];
  const clients = [];
  const distrusted = [];
  const threadsGivenUp = [];
  function openClient() {
    const client = { closed: false, calls: [], step: 0, epoch: 0 };
    client.close = () => {
      client.closed = true;
    };
    client.call = async (action, args) => {
      await turn();
      client.calls.push(action);
      fail(action, client, clients.length);
      return actions[action](client, args);
    };
    clients.push(client);
    return client;
  }
  const actions = {
    create(client, { options }) {
      client.options = options;
      const [step, epoch] = options.resume ? options.weights.split(" ").map(Number) : [0, 0];
      Object.assign(client, { step, epoch });
    },
    configure(client, { train }) {
      client.options.train = train;
    },
    train(client, { steps }) {
      clock.now += stepMs * steps;
      const losses = [];
      for (let i = 0; i < steps; i++) {
        client.step += 1;
        client.epoch += 1 / Math.floor(60000 / client.options.train.batch);
        losses.push({ step: client.step, reconstruction: 200, kl: 10, total: 210 }); // of before the update
      }
      const finite = client.options.train.learning_rate < 5;
      return { step: client.step, epoch: client.epoch, losses, finite };
    },
    evaluate(_lab, { count }) {
      clock.now += imageMs * count;
      const total = reconstruction + 12;
      return { images: count, reconstruction, kl: 12, total, usage: Float32Array.of(1, 2) };
    },
    checkpoint: (client, { resume }) => `${client.step} ${client.epoch}${resume ? " moments" : ""}`,
  };
  const session = new TrainingSession({
    trainers: {
      open: async () => ({
        client: openClient(),
        device: { kind: "cpu", ...(threads && { threads: threadsGivenUp.length > 0 ? 1 : threads }) },
      }),
      fasterDevice: (work) => fasterDevice(work, openClient),
      checked,
      distrust: (device, error) => distrusted.push([device, error]),
      giveUpThreads: (error) => threadsGivenUp.push(error),
    },
    data: async () => FILES,
    dataset: () => MNIST,
    settings: () => ({ ...values }),
    now: () => clock.now,
  });
  session.subscribe((event, detail) => events.push([event, detail]));
  const heard = (event) => events.filter(([name]) => name === event).map(([, detail]) => detail);
  return { session, values, clients, heard, clock, distrusted, threadsGivenUp };
}

const big = { batch: 1000, epochs: 2 }; // 60 steps an epoch
const toTheGpu = async (_work, openClient) => ({
  device: { kind: "gpu", adapter: "Some GPU" },
  client: openClient(),
});

test("training runs to the last epoch, tests all images after each, and is finished", async () => {
  const { session, heard } = setUp({ settings: big });
  await session.play();
  assert.equal(session.status, "finished");
  assert.equal(session.step, 120);
  const full = heard("test").filter(({ which }) => which === "full");
  assert.deepEqual(
    full.map(({ step, images }) => [step, images]),
    [
      [60, 10_000],
      [120, 10_000],
    ],
  );
  assert.deepEqual([...full[0].usage], [1, 2]);
});

test("diverged weights are not kept as a snapshot; the likelihood decides which are", async () => {
  for (const [likelihood, reconstruction, kept] of [
    ["bernoulli", 590, 1],
    ["bernoulli", 735, 0],
    ["unit_gaussian", 735, 1],
    ["learned_gaussian", -300, 1],
    ["learned_gaussian", 1e6, 0],
    ["learned_gaussian", -Infinity, 0],
    ["bernoulli", Number.NaN, 0],
  ]) {
    const { session } = setUp({ settings: { likelihood }, reconstruction });
    await session.oneStep();
    assert.equal(session.checkpoint.step, kept, `${likelihood} at ${reconstruction}`);
  }
});

test("more epochs let a finished run continue", async () => {
  const { session, values } = setUp({ settings: big });
  await session.play();
  values.epochs = 3;
  await session.play();
  assert.equal(session.step, 180);
});

test("a run that is discarded is gone, and the next begins anew", async () => {
  const { session, clients, heard } = setUp({ settings: { ...big, epochs: 1000 } });
  const playing = session.play();
  while (session.step < 5) await turn();
  assert.equal(await session.discard(), true);
  await playing;
  assert.deepEqual([session.status, session.step, session.made, session.checkpoint], ["idle", 0, null, null]);
  assert.ok(clients[0].closed && session.beginsAnew);
  assert.equal(heard("discard").length, 1);
  await assert.rejects(session.weights(), (error) => error.kind === "no_trained_model");
  await session.oneStep();
  assert.deepEqual([session.step, clients.length], [1, 2]);
});

test("a run that continues keeps what it was started from", async () => {
  const { session, values } = setUp();
  const made = { ...values, from: "z20" };
  await session.resume({ bytes: "4 0.1", step: 4, epoch: 0.1, testing: false, made }, null);
  assert.equal(session.made.from, "z20");
});

test("one step is one step", async () => {
  const { session, clients } = setUp();
  await session.oneStep();
  assert.equal(session.step, 1);
  assert.equal(session.status, "paused");
  await session.oneStep();
  assert.equal(session.step, 2);
  assert.equal(clients.length, 1, "the model is made once");
});

test("a pause ends the run with a snapshot to resume from", async () => {
  const { session, heard } = setUp();
  const run = session.play();
  while (session.step < 50) await turn();
  await session.pause();
  await run;
  assert.equal(session.status, "paused");
  assert.equal(session.checkpoint.step, session.step);
  const held = session.step;
  for (let i = 0; i < 10; i++) await turn();
  assert.equal(session.step, held);
  assert.equal(heard("snapshot").at(-1).split(" ")[0], String(held));
});

test("a pause while starting takes effect", async () => {
  const { session } = setUp();
  const run = session.play();
  await session.pause();
  await run;
  assert.equal(session.status, "paused");
  assert.equal(session.step, 0);
});

test("the pictures get at most two snapshots a second", async () => {
  const { session, heard } = setUp();
  const run = session.play();
  while (session.step < 1000) await turn(); // 10 s of the session's clock
  await session.pause();
  await run;
  const shown = heard("snapshot").length;
  assert.ok(shown >= 10 && shown <= 24, `${shown} snapshots`);
});

test("learning rate and beta apply at once, the seed and Z wait for a restart", async () => {
  const { session, values, clients } = setUp();
  await session.oneStep();
  Object.assign(values, { learning_rate: 0.1, beta: 4, seed: 99, latent: 8 });
  await session.oneStep();
  const [{ options }] = clients;
  assert.equal(options.train.learning_rate, 0.1);
  assert.equal(options.train.beta, 4);
  assert.equal(options.train.seed, defaults().seed);
  assert.equal(options.model.latent, 20);
  await session.restart();
  assert.equal(clients[0].options.model.latent, 8);
  assert.equal(clients[0].options.train.seed, 99);
  assert.equal(session.step, 0);
  assert.equal(session.status, "paused");
});

test("an infinite loss stops the run, and recovery resumes from the last checkpoint", async () => {
  const { session, values, heard } = setUp();
  await session.oneStep();
  values.learning_rate = 10;
  await session.play();
  assert.equal(session.status, "failed");
  assert.equal(heard("status").at(-1).trouble.kind, "diverged");
  values.learning_rate = 0.001;
  await session.recover();
  assert.equal(session.status, "paused");
  assert.equal(session.step, 1);
  await session.oneStep();
  assert.equal(session.step, 2);
});

test("a lost trainer costs what came after the last checkpoint, from which a new one continues", async () => {
  let lost = false;
  const { session, clients, heard } = setUp({
    fail: (action, client) => {
      if (action === "train" && client.step > 100 && !lost) {
        lost = true;
        throw new Failure("worker_failed", { reason: "device lost" });
      }
    },
  });
  const run = session.play();
  await run;
  assert.equal(session.status, "failed");
  const { kind, error } = heard("status").at(-1).trouble;
  assert.deepEqual([kind, error.kind], ["lost", "worker_failed"]);
  assert.equal(clients[0].closed, true);
  await session.recover();
  assert.equal(clients.length, 2);
  assert.equal(session.step, session.checkpoint.step);
  await session.oneStep();
  assert.equal(session.step, session.checkpoint.step);
  assert.equal(session.status, "paused");
});

test("the settings of a resumed model are its own, whatever the form says now", async () => {
  let broken = false;
  const { session, values, clients } = setUp({
    fail: (action) => {
      if (broken && action === "train") throw new Error("unreachable");
    },
  });
  await session.oneStep();
  broken = true;
  await session.oneStep();
  broken = false;
  values.latent = 2;
  await session.recover();
  assert.equal(clients[1].options.model.latent, 20);
});

test("a failure to start says why, leaves no trainer open, and can be tried again", async () => {
  const outOfMemory = new Error("the device has no memory left");
  let refuse = true;
  const { session, clients, heard } = setUp({
    fail: (action) => {
      if (refuse && action === "create") throw outOfMemory;
    },
  });
  await session.play();
  assert.equal(session.status, "failed");
  assert.deepEqual(heard("status").at(-1).trouble, { kind: "start", error: outOfMemory });
  assert.equal(clients[0].closed, true);
  refuse = false;
  await session.recover();
  assert.equal(session.status, "paused");
});

test("weights can be had while running and after a loss, but not before there are any", async () => {
  let broken = false;
  const { session } = setUp({
    fail: (action) => {
      if (broken && action === "train") throw new Error("unreachable");
    },
  });
  await assert.rejects(session.weights(), { kind: "no_trained_model" });
  await session.oneStep();
  assert.match(await session.weights(), /^1 /);
  broken = true;
  await session.oneStep();
  assert.match(await session.weights(), /^1 \S+$/, "the weights alone, not what it takes to resume");
});

test("a trainer takes the step of a snapshot only when it resumes", async () => {
  let broken = false;
  const { session, clients } = setUp({
    fail: (action) => {
      if (broken && action === "train") throw new Error("unreachable");
    },
  });
  await session.oneStep("7 0.5 moments");
  assert.deepEqual([clients[0].options.resume, clients[0].step], [false, 1]);
  broken = true;
  await session.oneStep();
  broken = false;
  await session.recover();
  assert.equal(clients[1].options.resume, true);
  assert.equal(clients[1].step, session.checkpoint.step);
});

test("after a failed restart the next model is a new one, from starting weights", async () => {
  let refuse = false;
  const { session, clients } = setUp({
    fail: (action) => {
      if (refuse && action === "create") throw new Error("no");
    },
  });
  assert.equal(session.beginsAnew, true);
  await session.oneStep();
  assert.equal(session.beginsAnew, false);
  refuse = true;
  await session.restart("pre-trained");
  assert.equal(session.status, "failed");
  assert.equal(session.beginsAnew, true);
  refuse = false;
  await session.recover("pre-trained", "oneStep");
  assert.equal(clients.at(-1).options.weights, "pre-trained");
  assert.equal(session.step, 1);
  assert.equal(session.beginsAnew, false);
});

test("a failure to start says whether the data files are damaged", async () => {
  for (const [kind, damaged] of [
    ["data_length", true],
    ["data_not_labels", true],
    ["data_not_decompressed", true],
    ["download_no_answer", false],
    ["training_images_not_loaded", false],
    ["worker_closed", false],
    ["tensor_missing", false],
  ]) {
    const { session, heard } = setUp({
      fail: (action) => {
        if (action === "create") throw new Failure(kind);
      },
    });
    await session.play();
    assert.equal(isDamagedData(heard("status").at(-1).trouble.error), damaged, kind);
  }
});

test("a pause during a restart or a recovery takes effect", async () => {
  let broken = false;
  const { session } = setUp({
    fail: (action) => {
      if (broken && action === "train") throw new Error("unreachable");
    },
  });
  await session.oneStep();
  const restarted = session.restart(undefined, "play");
  while (session.status !== "starting") await turn();
  await session.pause();
  await restarted;
  assert.deepEqual([session.status, session.step], ["paused", 0]);

  broken = true;
  await session.oneStep();
  broken = false;
  const recovered = session.recover(undefined, "play");
  assert.equal(session.status, "starting");
  await session.pause();
  await recovered;
  assert.deepEqual([session.status, session.step], ["paused", 0]);
});

test("a restart then does what was requested", async () => {
  const { session } = setUp({ settings: big });
  await session.restart(undefined, "oneStep");
  assert.equal(session.step, 1);
  await session.restart(undefined, "play");
  assert.equal(session.status, "finished");
});

test("two quick restarts make one model", async () => {
  const { session, clients } = setUp();
  const run = session.play();
  while (session.step < 10) await turn();
  await Promise.all([session.restart(), session.restart(), run]);
  assert.equal(session.status, "paused");
  assert.equal(clients[0].calls.filter((action) => action === "create").length, 2);
});

test("after a trainer was lost while paused, the last good weights remain, and training can continue", async () => {
  let lost = false;
  const { session, clients, heard } = setUp({
    fail: (_action, client) => {
      if (lost && client === clients[0]) throw new Failure("worker_failed", { reason: "device lost" });
    },
  });
  await session.oneStep();
  lost = true;
  assert.match(await session.weights(), /^1 \S+$/);
  assert.equal(session.status, "failed");
  assert.equal(heard("status").at(-1).trouble.kind, "lost");
  await session.recover(undefined, "oneStep");
  assert.deepEqual([session.status, session.step], ["paused", 2]);
});

test("starting weights are handed to the trainer", async () => {
  const { session, clients } = setUp();
  await session.restart("7 0.5");
  assert.equal(clients[0].options.weights, "7 0.5");
});

test("settings that the trainer refuses are reported, and the run continues with its old ones", async () => {
  const refusal = new Failure("samples_with_classifier_or_critic");
  const { session, values, clients, heard } = setUp({
    fail: (action) => {
      if (action === "configure" && values.samples > 1) throw refusal;
    },
  });
  await session.oneStep();
  values.samples = 5;
  await session.oneStep();
  await session.oneStep();
  assert.deepEqual(heard("refused"), [refusal], "once, not at every step");
  assert.deepEqual([session.status, session.step], ["paused", 3]);
  assert.equal(clients[0].options.train.samples, 1);
  values.samples = 1;
  values.beta = 2;
  await session.oneStep();
  assert.equal(clients[0].options.train.beta, 2);
  assert.equal(heard("refused").length, 1);
});

test("a slow model trains most of its time, and its first test waits for that", async () => {
  const { session, heard, clock } = setUp({ stepMs: 2000, imageMs: 5 });
  const run = session.play();
  while (clock.now < 200_000) await turn();
  await session.pause();
  await run;
  const share = (2000 * session.step) / clock.now;
  assert.ok(share > 0.6, `${share} of the time is training`);
  const [first] = heard("test");
  assert.ok(first.step >= 4, `the first test is after step ${first.step}`);
});

test("a closed form opens a trainer of its own", async () => {
  const pca = { body: "linear", posterior: "point", likelihood: "unit_gaussian", epochs: 1, batch: 1000 };
  const { session, values, clients } = setUp();
  await session.oneStep();
  Object.assign(values, pca);
  await session.restart();
  assert.equal(clients.length, 2, "not on the device of the model before");
  assert.equal(clients[0].closed, true);
});

test("a worker lost while settings are sent ends the run", async () => {
  const { session, values, heard } = setUp({
    fail: (action) => {
      if (action === "configure") throw new Failure("worker_failed", { reason: "unreachable" });
    },
  });
  await session.oneStep();
  values.beta = 2;
  await session.oneStep();
  assert.equal(heard("status").at(-1).trouble.kind, "lost");
  assert.deepEqual(heard("refused"), []);
});

// Devices.

test("a run moves to the faster device and continues there", async () => {
  const { session, clients, heard } = setUp({ settings: big, fasterDevice: toTheGpu });
  await session.play();
  const [cpu, gpu] = clients;
  assert.ok(cpu.closed && !gpu.closed);
  assert.equal(session.device.kind, "gpu");
  assert.ok(gpu.options.resume && gpu.options.weights.endsWith("moments"));
  assert.equal(session.step, 120);
  const counted = heard("progress").flatMap(({ losses }) => losses.map(({ step }) => step));
  assert.deepEqual(
    counted,
    Array.from({ length: 120 }, (_, i) => i + 1),
  );
  assert.deepEqual(
    heard("status").map(({ status }) => status),
    ["starting", "paused", "running", "finished"],
    "moving is no pause",
  );
});

test("devices are compared once for a model and batch, and again when one changes", async () => {
  const works = [];
  const fasterDevice = async ({ options: { model, train }, current }) => {
    works.push([model.hidden, train.batch, current]);
    return { device: { kind: "cpu" }, client: null };
  };
  const { session, values } = setUp({ fasterDevice });
  await session.oneStep();
  await session.oneStep();
  values.learning_rate = 0.01;
  await session.oneStep();
  values.batch = 32;
  await session.oneStep();
  values.hidden = 100;
  await session.restart(undefined, "oneStep");
  assert.deepEqual(works, [
    [400, 128, "cpu"],
    [400, 32, "cpu"],
    [100, 32, "cpu"],
  ]);
});

test("a device that the settings choose is not compared with another", async () => {
  for (const device of ["cpu", "gpu"]) {
    const fasterDevice = () => assert.fail("nobody asked");
    const { session } = setUp({ settings: { device }, fasterDevice });
    await session.oneStep();
    assert.equal(session.step, 1);
  }
});

test("no step is taken while devices are measured", async () => {
  const steps = [];
  let measured;
  const fasterDevice = ({ exclusively }) => {
    measured = exclusively(async () => {
      steps.push(bed.session.step);
      for (let i = 0; i < 10; i++) await turn();
      steps.push(bed.session.step);
    });
    return measured.then(() => ({ device: { kind: "cpu" }, client: null }));
  };
  const bed = setUp({ settings: big, fasterDevice });
  await bed.session.play();
  await measured;
  assert.equal(steps[0], steps[1]);
  assert.equal(bed.session.status, "finished");
});

test("a result for a model that is gone is dropped, and its worker closed", async () => {
  let decide;
  const fasterDevice = (_work, openClient) =>
    new Promise((resolve) => {
      decide = () => resolve({ device: { kind: "gpu" }, client: openClient() });
    });
  const { session, values, clients } = setUp({ fasterDevice });
  await session.oneStep();
  const first = decide;
  values.batch = 32;
  await session.oneStep();
  first();
  await turn();
  assert.ok(clients[1].closed);
  await session.oneStep();
  assert.equal(session.device.kind, "cpu");
});

test("a run stays on its device when the move to a faster one fails, and says so", async () => {
  const fail = (action, client, clients) => {
    if (action === "create" && clients > 1 && client.calls.length === 1) throw new Error("out of memory");
  };
  const { session, clients } = setUp({ settings: big, fasterDevice: toTheGpu, fail });
  await session.play();
  assert.equal(session.step, 120);
  assert.equal(session.device.kind, "cpu");
  assert.equal(session.device.reason.kind, "move_failed");
  assert.match(session.device.reason.values.reason, /out of memory/);
  assert.ok(clients[1].closed && !clients[0].closed);
});

test("a kept checkpoint is resumed in the place of the present run, with its model, seed and labels", async () => {
  const { session, values, clients, heard } = setUp({ settings: big });
  await session.oneStep();
  const made = { ...values, latent: 7, seed: 9, labels: 300, labelled: true, classifier: true };
  const history = { train: [], quick: [], full: [] };
  const checkpoint = {
    bytes: "50 0.8",
    weights: "50",
    step: 50,
    epoch: 50 / 60,
    testing: false,
    made,
    history,
  };
  await session.resume({ ...checkpoint, losses: {} }, "oneStep");
  assert.equal(session.step, 51);
  const { model, train, resume } = clients.at(-1).options;
  assert.deepEqual([model.latent, train.seed, train.labels, resume], [7, 9, 300, true]);
  assert.deepEqual(
    heard("begin").map((detail) => [detail.step, detail.resumed, detail.history]),
    [
      [0, false, null],
      [50, true, history],
    ],
  );
  assert.deepEqual(
    heard("checkpoint").map(({ step }) => step),
    [0, 1, 51],
  );
});

test("a kept checkpoint that cannot be resumed stays the one to retry from", async () => {
  let isOffline = true;
  const fail = (action) => {
    if (action === "create" && isOffline) throw new Error("no data");
  };
  const { session } = setUp({ settings: big, fail });
  const made = { ...defaults(), ...big };
  await session.resume(
    { bytes: "50 0.8", weights: "50", step: 50, epoch: 50 / 60, testing: false, made },
    "oneStep",
  );
  assert.equal(session.status, "failed");
  assert.equal(session.checkpoint.step, 50);
  isOffline = false;
  await session.recover(undefined, "oneStep");
  assert.equal(session.step, 51);
});

test("a test over all images that was under way is done again after a resume", async () => {
  const { session, heard } = setUp({ settings: { ...big, epochs: 1 } });
  const made = { ...defaults(), ...big };
  await session.resume({ bytes: "60 1", weights: "60", step: 60, epoch: 1, testing: true, made }, "play");
  assert.equal(session.status, "finished");
  assert.deepEqual(
    heard("test").map(({ which, step }) => [which, step]),
    [["full", 60]],
  );
});

test("a run that may be left takes its next checkpoint at once", async () => {
  const { session, heard } = setUp();
  const run = session.play();
  while (session.step < 20) await turn();
  const before = heard("checkpoint").length;
  session.checkpointSoon();
  while (heard("checkpoint").length === before) await turn();
  assert.equal(session.status, "running");
  await session.pause();
  await run;
});

const DISAGREEMENT = new Failure("devices_disagree_on_score", { cpu: "100.0", gpu: "90.0" });

/** A trainer whose checkpoints agree with the CPU until `broken()`. */
const checkedUntil = (broken) => () => ({
  checkpoint: async () => {
    await turn();
    if (broken()) throw DISAGREEMENT;
    return { bytes: "5 0.1 moments", weights: "5 0.1", score: { reconstruction: 200, kl: 12 } };
  },
  diverged: async () => {
    if (broken()) throw DISAGREEMENT;
    return null;
  },
  close() {},
});

/** Only the first worker is on the GPU. */
function setUpOnGpu({ broken, ...more }) {
  let opened = 0;
  const checked = checkedUntil(broken);
  return setUp({ ...more, checked: () => (++opened === 1 ? checked() : null) });
}

test("where the devices disagree, the run continues on another from the last checkpoint that agreed", async () => {
  let broken = false;
  const bed = setUpOnGpu({ settings: big, broken: () => broken });
  const { session, clients, heard, distrusted } = bed;
  await session.oneStep();
  assert.equal(session.checkpoint.step, 1);
  const run = session.play();
  while (session.step < 30) await turn();
  broken = true;
  bed.clock.now += 20_000; // the next checkpoint is due
  await run;
  assert.equal(session.status, "finished");
  assert.equal(clients.length, 2);
  assert.ok(clients[0].closed);
  assert.equal(clients[1].options.resume, true);
  assert.equal(clients[1].options.weights, "5 0.1 moments", "of the last checkpoint that agreed");
  assert.deepEqual(heard("disagreed"), [{ error: DISAGREEMENT, step: 1 }]);
  assert.deepEqual(distrusted, [[{ kind: "cpu" }, DISAGREEMENT]]);
  assert.equal(heard("begin").at(-1).resumed, true);
});

test("a disagreement at a pause leaves the run paused, one at the start makes the model again", async () => {
  let broken = false;
  const paused = setUpOnGpu({ broken: () => broken });
  const run = paused.session.play();
  while (paused.session.step < 10) await turn();
  broken = true;
  await paused.session.pause();
  await run;
  assert.equal(paused.session.status, "paused");
  assert.equal(paused.session.checkpoint.step, 0);
  assert.equal(paused.clients.length, 2);

  const atStart = setUpOnGpu({ broken: () => true });
  await atStart.session.oneStep("7 0.5");
  assert.deepEqual([atStart.session.status, atStart.session.step], ["paused", 1]);
  assert.equal(atStart.clients[1].options.weights, "7 0.5");
  assert.equal(atStart.heard("disagreed")[0].step, 0);
});

test("a loss that is not finite is the GPU's fault only where the devices disagree", async () => {
  for (const blamed of [true, false]) {
    let broken = false;
    const { session, values, clients, heard } = setUpOnGpu({ broken: () => broken });
    await session.oneStep();
    values.learning_rate = 10; // the fake trainer's losses are then not finite
    broken = blamed;
    await session.oneStep();
    if (blamed) {
      assert.equal(session.status, "paused");
      assert.equal(clients.length, 2);
    } else assert.equal(heard("status").at(-1).trouble.kind, "diverged");
  }
});

test("weights that somebody asks for are compared first", async () => {
  let broken = false;
  const { session, clients } = setUpOnGpu({ broken: () => broken });
  await session.oneStep();
  broken = true;
  assert.equal(await session.weights(), "5 0.1", "those of the last checkpoint that agreed");
  assert.equal(session.status, "paused");
  assert.equal(clients.length, 2);
});

/** A session on two threads, of which one fails after step 30, by an error of this kind. */
function setUpOnThreads(kind, more = {}) {
  let failed = false;
  const fail = (action, client) => {
    if (failed || action !== "train" || client.step < 30) return;
    failed = true;
    throw new Failure(kind, { reason: "a thread of the team has died" });
  };
  return setUp({ settings: big, threads: 2, fail, ...more });
}

test("where a thread fails, the run continues with one from the last checkpoint", async () => {
  const { session, clients, heard, threadsGivenUp } = setUpOnThreads("worker_failed");
  await session.oneStep();
  await session.play();
  assert.equal(session.status, "finished");
  assert.equal(clients.length, 2);
  assert.ok(clients[0].closed);
  assert.equal(clients[1].options.resume, true);
  assert.equal(session.device.threads, 1);
  assert.deepEqual(
    heard("threads_lost").map(({ error, step }) => [error.kind, step]),
    [["worker_failed", 1]],
  );
  assert.equal(threadsGivenUp.length, 1);
});

test("memory that runs out is not blamed on threads, nor is a lost worker that has one", async () => {
  for (const [kind, threads] of [
    ["worker_out_of_memory", 2],
    ["worker_failed", 1],
  ]) {
    const { session, heard, threadsGivenUp } = setUpOnThreads(kind, { threads });
    await session.play();
    assert.equal(session.status, "failed");
    assert.deepEqual([heard("threads_lost"), threadsGivenUp], [[], []]);
  }
});
