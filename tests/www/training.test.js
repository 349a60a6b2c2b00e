import assert from "node:assert/strict";
import { test } from "node:test";
import { defaults } from "../../www/settings/values.js";
import { Training } from "../../www/training/training-session.js";

const turn = () => new Promise(setImmediate);

/** A trainer that counts instead of computing; `fail(action, lab)` may throw. Its clock moves `stepMs` a step. */
function bench({
  settings = {},
  fail = () => {},
  judge = async () => ({ device: { kind: "cpu" }, lab: null }),
  reconstruction = 200,
  stepMs = 10,
  imageMs = 0.02,
} = {}) {
  const clock = { now: 0 };
  const values = { ...defaults(), ...settings };
  const news = [];
  const labs = [];
  function openLab() {
    const lab = { closed: false, calls: [], step: 0, epoch: 0 };
    lab.close = () => {
      lab.closed = true;
    };
    lab.call = async (action, args) => {
      await turn();
      lab.calls.push(action);
      fail(action, lab, labs.length);
      return actions[action](lab, args);
    };
    labs.push(lab);
    return lab;
  }
  const actions = {
    create(lab, { options }) {
      lab.options = options;
      const [step, epoch] = options.resume ? options.weights.split(" ").map(Number) : [0, 0];
      Object.assign(lab, { step, epoch });
    },
    configure(lab, { train }) {
      lab.options.train = train;
    },
    train(lab, { steps }) {
      clock.now += stepMs * steps;
      const losses = [];
      for (let i = 0; i < steps; i++) {
        lab.step += 1;
        lab.epoch += 1 / Math.floor(60000 / lab.options.train.batch);
        losses.push({ step: lab.step, reconstruction: 200, kl: 10, total: 210 }); // of before the update
      }
      const finite = lab.options.train.learning_rate < 5;
      return { step: lab.step, epoch: lab.epoch, losses, finite };
    },
    evaluate(_lab, { count }) {
      clock.now += imageMs * count;
      const total = reconstruction + 12;
      return { images: count, reconstruction, kl: 12, total, usage: Float32Array.of(1, 2) };
    },
    checkpoint: (lab, { resume }) => `${lab.step} ${lab.epoch}${resume ? " moments" : ""}`,
  };
  const training = new Training({
    open: async () => ({ lab: openLab(), device: { kind: "cpu" } }),
    judge: (work) => judge(work, openLab),
    data: async () => [new Uint8Array(1)],
    settings: () => ({ ...values }),
    report: (event, detail) => news.push([event, detail]),
    now: () => clock.now,
  });
  const heard = (event) => news.filter(([name]) => name === event).map(([, detail]) => detail);
  return { training, values, labs, heard, clock };
}

const big = { batch: 1000, epochs: 2 }; // 60 steps an epoch
const toTheGpu = async (_work, openLab) => ({ device: { kind: "gpu", name: "GPU" }, lab: openLab() });

test("training runs to the last epoch, tests all images after each, and is finished", async () => {
  const { training, heard } = bench({ settings: big });
  await training.play();
  assert.equal(training.status, "finished");
  assert.equal(training.step, 120);
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

test("weights that know less than nothing are no snapshot to resume from, which the likelihood decides", async () => {
  for (const [likelihood, reconstruction, kept] of [
    ["bernoulli", 590, 1],
    ["bernoulli", 735, 0],
    ["unit_gaussian", 735, 1],
    ["learned_gaussian", -300, 1],
    ["learned_gaussian", 1e6, 0],
    ["learned_gaussian", -Infinity, 0],
    ["bernoulli", Number.NaN, 0],
  ]) {
    const { training } = bench({ settings: { likelihood }, reconstruction });
    await training.oneStep();
    assert.equal(training.good.step, kept, `${likelihood} at ${reconstruction}`);
  }
});

test("more epochs let a finished run go on", async () => {
  const { training, values } = bench({ settings: big });
  await training.play();
  values.epochs = 3;
  await training.play();
  assert.equal(training.step, 180);
});

test("one step is one step", async () => {
  const { training, labs } = bench();
  await training.oneStep();
  assert.equal(training.step, 1);
  assert.equal(training.status, "paused");
  await training.oneStep();
  assert.equal(training.step, 2);
  assert.equal(labs.length, 1, "the model is made once");
});

test("a pause ends the run with a snapshot to resume from", async () => {
  const { training, heard } = bench();
  const run = training.play();
  while (training.step < 50) await turn();
  await training.pause();
  await run;
  assert.equal(training.status, "paused");
  assert.equal(training.good.step, training.step);
  const held = training.step;
  for (let i = 0; i < 10; i++) await turn();
  assert.equal(training.step, held);
  assert.equal(heard("snapshot").at(-1).split(" ")[0], String(held));
});

test("a pause while starting is heeded", async () => {
  const { training } = bench();
  const run = training.play();
  await training.pause();
  await run;
  assert.equal(training.status, "paused");
  assert.equal(training.step, 0);
});

test("the pictures get at most two snapshots a second", async () => {
  const { training, heard } = bench();
  const run = training.play();
  while (training.step < 1000) await turn(); // 10 s of the bench's clock
  await training.pause();
  await run;
  const shown = heard("snapshot").length;
  assert.ok(shown >= 10 && shown <= 24, `${shown} snapshots`);
});

test("learning rate and beta apply at once, the seed and Z wait for a restart", async () => {
  const { training, values, labs } = bench();
  await training.oneStep();
  Object.assign(values, { learning_rate: 0.1, beta: 4, seed: 99, latent: 8 });
  await training.oneStep();
  const [{ options }] = labs;
  assert.equal(options.train.learning_rate, 0.1);
  assert.equal(options.train.beta, 4);
  assert.equal(options.train.seed, defaults().seed);
  assert.equal(options.model.latent, 20);
  await training.restart();
  assert.equal(labs[0].options.model.latent, 8);
  assert.equal(labs[0].options.train.seed, 99);
  assert.equal(training.step, 0);
  assert.equal(training.status, "paused");
});

test("an infinite loss stops the run, and the last good snapshot brings it back", async () => {
  const { training, values, heard } = bench();
  await training.oneStep();
  values.learning_rate = 10;
  await training.play();
  assert.equal(training.status, "failed");
  assert.equal(heard("status").at(-1).trouble.kind, "spoilt");
  values.learning_rate = 0.001;
  await training.recover();
  assert.equal(training.status, "paused");
  assert.equal(training.step, 1);
  await training.oneStep();
  assert.equal(training.step, 2);
});

test("a lost trainer costs what came after the last snapshot, and a new one goes on from there", async () => {
  let lost = false;
  const { training, labs, heard } = bench({
    fail: (action, lab) => {
      if (action === "train" && lab.step > 100 && !lost) {
        lost = true;
        throw new Error("the graphics processor was lost");
      }
    },
  });
  const run = training.play();
  await run;
  assert.equal(training.status, "failed");
  assert.match(heard("status").at(-1).trouble.text, /graphics processor was lost/);
  assert.equal(labs[0].closed, true);
  await training.recover();
  assert.equal(labs.length, 2);
  assert.equal(training.step, training.good.step);
  await training.oneStep();
  assert.equal(training.step, training.good.step);
  assert.equal(training.status, "paused");
});

test("the settings of a resumed model are its own, whatever the form says now", async () => {
  let broken = false;
  const { training, values, labs } = bench({
    fail: (action) => {
      if (broken && action === "train") throw new Error("unreachable");
    },
  });
  await training.oneStep();
  broken = true;
  await training.oneStep();
  broken = false;
  values.latent = 2;
  await training.recover();
  assert.equal(labs[1].options.model.latent, 20);
});

test("a failure to start says why, leaves no trainer open, and can be tried again", async () => {
  let refuse = true;
  const { training, labs, heard } = bench({
    fail: (action) => {
      if (refuse && action === "create") throw new Error("the device has no memory left");
    },
  });
  await training.play();
  assert.equal(training.status, "failed");
  assert.deepEqual(heard("status").at(-1).trouble, {
    kind: "start",
    text: "the device has no memory left",
    damaged: false,
  });
  assert.equal(labs[0].closed, true);
  refuse = false;
  await training.recover();
  assert.equal(training.status, "paused");
});

test("weights can be had while running and after a loss, but not before there are any", async () => {
  let broken = false;
  const { training } = bench({
    fail: (action) => {
      if (broken && action === "train") throw new Error("unreachable");
    },
  });
  await assert.rejects(training.weights(), /no trained model/);
  await training.oneStep();
  assert.match(await training.weights(), /^1 /);
  broken = true;
  await training.oneStep();
  assert.match(await training.weights(), /^1 \S+$/, "the weights alone, not what it takes to resume");
});

test("training goes on where the snapshot stands only where it resumes", async () => {
  let broken = false;
  const { training, labs } = bench({
    fail: (action) => {
      if (broken && action === "train") throw new Error("unreachable");
    },
  });
  await training.oneStep("7 0.5 moments");
  assert.deepEqual([labs[0].options.resume, labs[0].step], [false, 1]);
  broken = true;
  await training.oneStep();
  broken = false;
  await training.recover();
  assert.equal(labs[1].options.resume, true);
  assert.equal(labs[1].step, training.good.step);
});

test("after a failed restart the next model is a new one, from starting weights", async () => {
  let refuse = false;
  const { training, labs } = bench({
    fail: (action) => {
      if (refuse && action === "create") throw new Error("no");
    },
  });
  assert.equal(training.beginsAnew, true);
  await training.oneStep();
  assert.equal(training.beginsAnew, false);
  refuse = true;
  await training.restart("pre-trained");
  assert.equal(training.status, "failed");
  assert.equal(training.beginsAnew, true);
  refuse = false;
  await training.recover("pre-trained", "oneStep");
  assert.equal(labs.at(-1).options.weights, "pre-trained");
  assert.equal(training.step, 1);
  assert.equal(training.beginsAnew, false);
});

test("only what a data file says is damage to the data", async () => {
  for (const [text, damaged] of [
    ["train labels: the file ends after 7 bytes, inside its header", true],
    ["t10k images: the magic number is 7", true],
    ["train-labels-idx1-ubyte.gz is damaged: it cannot be decompressed.", true],
    ["train-labels-idx1-ubyte.gz could not be fetched: the network or the server does not answer.", false],
    ["The worker stopped: it was closed.", false],
    ["These weights cannot be used: decoder.bias is missing", false],
  ]) {
    const { training, heard } = bench({
      fail: (action) => {
        if (action === "create") throw new Error(text);
      },
    });
    await training.play();
    assert.equal(heard("status").at(-1).trouble.damaged, damaged, text);
  }
});

test("a pause during a restart or a recovery is heeded", async () => {
  let broken = false;
  const { training } = bench({
    fail: (action) => {
      if (broken && action === "train") throw new Error("unreachable");
    },
  });
  await training.oneStep();
  const restarted = training.restart(undefined, "play");
  while (training.status !== "starting") await turn();
  await training.pause();
  await restarted;
  assert.deepEqual([training.status, training.step], ["paused", 0]);

  broken = true;
  await training.oneStep();
  broken = false;
  const recovered = training.recover(undefined, "play");
  assert.equal(training.status, "starting");
  await training.pause();
  await recovered;
  assert.deepEqual([training.status, training.step], ["paused", 0]);
});

test("a restart goes on with what was asked", async () => {
  const { training } = bench({ settings: big });
  await training.restart(undefined, "oneStep");
  assert.equal(training.step, 1);
  await training.restart(undefined, "play");
  assert.equal(training.status, "finished");
});

test("two quick restarts make one model", async () => {
  const { training, labs } = bench();
  const run = training.play();
  while (training.step < 10) await turn();
  await Promise.all([training.restart(), training.restart(), run]);
  assert.equal(training.status, "paused");
  assert.equal(labs[0].calls.filter((action) => action === "create").length, 2);
});

test("a trainer lost while paused leaves the last good weights, and the way back", async () => {
  let lost = false;
  const { training, labs, heard } = bench({
    fail: (_action, lab) => {
      if (lost && lab === labs[0]) throw new Error("The worker stopped: the graphics processor was lost.");
    },
  });
  await training.oneStep();
  lost = true;
  assert.match(await training.weights(), /^1 \S+$/);
  assert.equal(training.status, "failed");
  assert.equal(heard("status").at(-1).trouble.kind, "lost");
  await training.recover(undefined, "oneStep");
  assert.deepEqual([training.status, training.step], ["paused", 2]);
});

test("starting weights are handed to the trainer", async () => {
  const { training, labs } = bench();
  await training.restart("7 0.5");
  assert.equal(labs[0].options.weights, "7 0.5");
});

test("settings that the trainer refuses are said, and the run goes on as it was", async () => {
  const sentence = "Importance samples bound one image's likelihood; a critic does not fit in.";
  const { training, values, labs, heard } = bench({
    fail: (action) => {
      if (action === "configure" && values.samples > 1) throw new Error(sentence);
    },
  });
  await training.oneStep();
  values.samples = 5;
  await training.oneStep();
  await training.oneStep();
  assert.deepEqual(heard("refused"), [sentence], "once, not at every step");
  assert.deepEqual([training.status, training.step], ["paused", 3]);
  assert.equal(labs[0].options.train.samples, 1);
  values.samples = 1;
  values.beta = 2;
  await training.oneStep();
  assert.equal(labs[0].options.train.beta, 2);
  assert.equal(heard("refused").length, 1);
});

test("a slow model trains most of its time, and its first test waits for that", async () => {
  const { training, heard, clock } = bench({ stepMs: 2000, imageMs: 5 });
  const run = training.play();
  while (clock.now < 200_000) await turn();
  await training.pause();
  await run;
  const share = (2000 * training.step) / clock.now;
  assert.ok(share > 0.6, `${share} of the time is training`);
  const [first] = heard("test");
  assert.ok(first.step >= 4, `the first test is after step ${first.step}`);
});

test("a closed form is opened in a place of its own", async () => {
  const pca = { body: "linear", posterior: "point", likelihood: "unit_gaussian", epochs: 1, batch: 1000 };
  const { training, values, labs } = bench();
  await training.oneStep();
  Object.assign(values, pca);
  await training.restart();
  assert.equal(labs.length, 2, "not on the device of the model before");
  assert.equal(labs[0].closed, true);
});

// Devices.

test("a run moves to the device that is faster and goes on where it was", async () => {
  const { training, labs, heard } = bench({ settings: big, judge: toTheGpu });
  await training.play();
  const [cpu, gpu] = labs;
  assert.ok(cpu.closed && !gpu.closed);
  assert.equal(training.device.kind, "gpu");
  assert.ok(gpu.options.resume && gpu.options.weights.endsWith("moments"));
  assert.equal(training.step, 120);
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

test("devices are judged once for a model and batch, and again when one changes", async () => {
  const works = [];
  const judge = async ({ options: { model, train }, current }) => {
    works.push([model.hidden, train.batch, current]);
    return { device: { kind: "cpu" }, lab: null };
  };
  const { training, values } = bench({ judge });
  await training.oneStep();
  await training.oneStep();
  values.learning_rate = 0.01;
  await training.oneStep();
  values.batch = 32;
  await training.oneStep();
  values.hidden = 100;
  await training.restart(undefined, "oneStep");
  assert.deepEqual(works, [
    [400, 128, "cpu"],
    [400, 32, "cpu"],
    [100, 32, "cpu"],
  ]);
});

test("a device that was asked for is not judged", async () => {
  for (const device of ["cpu", "gpu"]) {
    const judge = () => assert.fail("nobody asked");
    const { training } = bench({ settings: { device }, judge });
    await training.oneStep();
    assert.equal(training.step, 1);
  }
});

test("no step is taken while devices are measured", async () => {
  const steps = [];
  let measured;
  const judge = ({ quietly }) => {
    measured = quietly(async () => {
      steps.push(bed.training.step);
      for (let i = 0; i < 10; i++) await turn();
      steps.push(bed.training.step);
    });
    return measured.then(() => ({ device: { kind: "cpu" }, lab: null }));
  };
  const bed = bench({ settings: big, judge });
  await bed.training.play();
  await measured;
  assert.equal(steps[0], steps[1]);
  assert.equal(bed.training.status, "finished");
});

test("a verdict on a run that is gone is dropped, and its lab closed", async () => {
  let decide;
  const judge = (_work, openLab) =>
    new Promise((resolve) => {
      decide = () => resolve({ device: { kind: "gpu" }, lab: openLab() });
    });
  const { training, values, labs } = bench({ judge });
  await training.oneStep();
  const first = decide;
  values.batch = 32;
  await training.oneStep();
  first();
  await turn();
  assert.ok(labs[1].closed);
  await training.oneStep();
  assert.equal(training.device.kind, "cpu");
});

test("a better device that fails to take over leaves the run where it is, with a sentence", async () => {
  const fail = (action, lab, labs) => {
    if (action === "create" && labs > 1 && lab.calls.length === 1) throw new Error("it is out of memory.");
  };
  const { training, labs } = bench({ settings: big, judge: toTheGpu, fail });
  await training.play();
  assert.equal(training.step, 120);
  assert.match(training.device.reason, /GPU was to take over, but it is out of memory\./);
  assert.ok(labs[1].closed && !labs[0].closed);
});
