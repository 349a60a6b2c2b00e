import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import { MNIST } from "../../www/data-sets/shipped.js";
import { Superseded } from "../../www/evaluation/evaluation-client.js";
import { EvaluationController } from "../../www/evaluation/evaluation-controller.js";
import { Failure } from "../../www/messages/failure.js";
import { createState } from "../../www/state.js";
import { systems } from "./schema.js";

const made = { ...systems[0].model, ...systems[0].train };
const turn = () => new Promise(setImmediate);
const description = (latent = 20) => ({ model: { latent, likelihood: "bernoulli", posterior: "diagonal" } });
const REPORT = {
  images: 500,
  importance_samples: 10,
  prior_samples: 500,
  sampled: { total: { mean: 100, standard_error: 1 } },
};
const CODES = { done: 2, of: 2 };

/** A controller over a client that is answered by hand: `measurements` hold the promises of reports. */
function setup() {
  const measurements = [];
  const encoded = [];
  const compared = [];
  const client = {
    model: null,
    setModel(model) {
      this.model = model;
      for (const { reject, of } of measurements) if (of !== model) reject(new Superseded());
    },
    measure: (of, _extent, tell, wanted) =>
      new Promise((resolve, reject) => measurements.push({ of, tell, wanted, resolve, reject })),
    encode: async (model, _count, tell) => {
      await model.bytes();
      encoded.push(model);
      tell(CODES);
    },
    compare: async (_model, drawing) => {
      compared.push(drawing);
      return { nearest: [], nll: { nats: 90 }, classes: null };
    },
  };
  const label = signal(0); // derived from the choice of a label on the page
  const state = { ...createState({ system: systems[0], values: {} }), label };
  const session = { step: 0 };
  const spoken = [];
  const evaluation = new EvaluationController({
    state,
    client,
    shownModel: { bytes: async () => new Uint8Array(1) },
    session,
    systems,
    announcer: { say: (words) => spoken.push(words) },
  });
  const show = (source, shown = description(), run = "first") => {
    state.shown.value = { source, description: shown, run, snapshot: null };
  };
  const runTo = (step) => {
    session.step = step;
    state.run.value = { ...state.run.value, step, made };
  };
  return { evaluation, state, client, measurements, encoded, compared, spoken, show, runTo };
}

test("nothing is encoded until a panel is opened", async () => {
  const { evaluation, encoded, state, show } = setup();
  show("z20");
  await turn();
  assert.equal(encoded.length, 0);
  evaluation.open("nearest", true);
  await turn();
  assert.equal(encoded.length, 1);
  assert.equal(state.testCodes.value.encoded, 2);
  assert.deepEqual(state.testCodes.value.progress, { done: 2, of: 2 });
});

test("later weights of a run are announced, and taken only on request", async () => {
  const { evaluation, encoded, state, show, runTo } = setup();
  evaluation.open("nearest", true);
  runTo(10);
  show("training");
  await turn();
  for (let step = 11; step <= 20; step++) {
    runTo(step);
    show("training");
  }
  await turn();
  assert.equal(encoded.length, 1);
  assert.deepEqual([state.evaluated.value.stale, state.evaluated.value.step], [true, 10]);
  evaluation.refresh();
  await turn();
  assert.equal(encoded.length, 2);
  assert.deepEqual([state.evaluated.value.stale, encoded[1].step], [false, 20]);
});

test("a run's next step makes the codes stale even before the pictures follow", async () => {
  const { evaluation, state, show, runTo } = setup();
  evaluation.open("nearest", true);
  runTo(10);
  show("training");
  await turn();
  assert.equal(state.evaluated.value.stale, false);
  runTo(11);
  assert.equal(state.evaluated.value.stale, true);
});

test("a run that begins again is another model", async () => {
  const { evaluation, client, show, runTo } = setup();
  runTo(10);
  evaluation.open("nearest", true);
  show("training");
  await turn();
  const first = client.model;
  runTo(0);
  show("training", description(), "second");
  assert.notEqual(client.model, first);
});

test("a run of another size is another model", () => {
  const { client, show } = setup();
  show("training", description(20));
  const first = client.model;
  show("training", description(2));
  assert.notEqual(client.model, first);
});

test("weights that are shown already start nothing", () => {
  const { client, show } = setup();
  const same = description();
  show("z20", same);
  const first = client.model;
  show("z20", same);
  assert.equal(client.model, first);
});

test("a run is measured as it is now, with its step", async () => {
  const { evaluation, measurements, state, spoken, show, runTo } = setup();
  show("training");
  runTo(1200);
  const measuring = evaluation.measure({});
  const { name } = state.measurement.value;
  await measurements[0].of.bytes();
  measurements[0].resolve(REPORT);
  await measuring;
  assert.equal(state.measurement.value.status, "measured");
  const [{ trained, changed, ...result }] = state.measurements.value;
  assert.deepEqual(changed, { changes: [], since: 1200 }, "its record was not kept");
  assert.deepEqual(result, {
    name,
    step: 1200,
    data: { key: "mnist", name: "MNIST" },
    likelihood: "bernoulli",
    report: { ...REPORT, classes: MNIST.classes },
  });
  assert.equal(trained.batch, made.batch, "the table says how it was trained");
  assert.deepEqual(spoken, [`${name} measured: a total of 100.0 nats per image.`]);
});

test("a measurement's progress is in the state", () => {
  const { evaluation, measurements, state, show } = setup();
  show("z20");
  evaluation.measure({});
  const progress = { done: 1, of: 3, stage: "score" };
  measurements[0].tell(progress);
  assert.equal(state.measurement.value.progress, progress);
});

test("a repeated measurement replaces its result, and one of another extent is kept next to it", async () => {
  const { evaluation, measurements, state, show } = setup();
  show("z20");
  for (const images of [500, 500, 2000]) {
    const measuring = evaluation.measure({});
    measurements.at(-1).resolve({ ...REPORT, images });
    await measuring;
  }
  const results = () => state.measurements.value.map(({ report }) => report.images);
  assert.deepEqual(results(), [500, 2000]);
  evaluation.remove(state.measurements.value[0]);
  assert.deepEqual(results(), [2000]);
});

test("another model ends a measurement, and the status says so", async () => {
  const { evaluation, state, show } = setup();
  show("z20");
  const measuring = evaluation.measure({});
  show("ae");
  await measuring;
  assert.equal(state.measurement.value.status, "superseded");
});

test("a measurement stopped late does not overwrite the next one", async () => {
  const { evaluation, measurements, state, show } = setup();
  show("z20");
  const first = evaluation.measure({});
  evaluation.stop();
  assert.equal(measurements[0].wanted(), false);
  const second = evaluation.measure({});
  measurements[0].reject(new Superseded());
  await first;
  assert.equal(state.measurement.value.status, "measuring");
  measurements[1].resolve(REPORT);
  await second;
  assert.equal(state.measurement.value.status, "measured");
});

test("a stopped measurement has no result", async () => {
  const { evaluation, measurements, state, show } = setup();
  show("z20");
  const measuring = evaluation.measure({});
  evaluation.stop();
  measurements[0].reject(new Superseded());
  await measuring;
  assert.equal(state.measurement.value.status, "stopped");
  assert.deepEqual(state.measurements.value, []);
});

test("a failure is kept as an error, and the next attempt begins without it", async () => {
  const { evaluation, measurements, state, show } = setup();
  show("z20");
  const first = evaluation.measure({});
  const failure = new Failure("judge_refused");
  measurements[0].reject(failure);
  await first;
  assert.deepEqual([state.measurement.value.status, state.measurement.value.trouble], ["failed", failure]);
  evaluation.measure({});
  assert.equal(state.measurement.value.trouble, null);
});

test("an encoding that fails is tried again on request", async () => {
  const { evaluation, client, state, show } = setup();
  const { encode } = client;
  const failure = new Failure("download_no_answer");
  client.encode = () => Promise.reject(failure);
  show("z20");
  evaluation.open("nearest", true);
  await turn();
  assert.equal(state.testCodes.value.trouble, failure);
  client.encode = encode;
  evaluation.retry();
  await turn();
  assert.deepEqual([state.testCodes.value.trouble, state.testCodes.value.encoded], [null, 2]);
});

test("a drawing is compared once it rests, while the panel is open", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { evaluation, state, compared, show } = setup();
  const rest = async () => {
    await turn();
    context.mock.timers.tick(1000);
    await turn();
  };
  const draw = (ink) => {
    state.inference.value = ink === null ? null : { framed: Float32Array.of(ink) };
  };
  show("z20");
  draw(0.1);
  await rest();
  assert.equal(compared.length, 0);

  evaluation.open("nearest", true);
  await rest();
  draw(0.2);
  draw(0.3);
  await rest();
  assert.deepEqual(
    compared.map(({ image }) => image[0]),
    [0.1, 0.3].map(Math.fround),
  );
  assert.deepEqual(state.neighbours.value.answer.nll, { nats: 90 });

  draw(0.3);
  await rest();
  assert.equal(compared.length, 2, "the same drawing is not compared again");
  state.label.value = null; // now the classifier infers it
  await rest();
  assert.equal(compared.at(-1).label, null);

  draw(null);
  await rest();
  assert.equal(state.neighbours.value.answer, null);
});

test("an answer about the model before is dropped", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { evaluation, client, state, show } = setup();
  let answer = null;
  client.compare = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  show("z20");
  state.inference.value = { framed: Float32Array.of(1) };
  evaluation.open("nearest", true);
  await turn();
  context.mock.timers.tick(1000);
  await turn();
  show("ae");
  answer({ nearest: [], nll: { nats: 1 }, classes: null });
  await turn();
  assert.equal(state.neighbours.value.answer, null);
});
