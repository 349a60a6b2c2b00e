import assert from "node:assert/strict";
import { test } from "node:test";
import { MNIST } from "../../www/data-sets/shipped.js";
import { EvaluationClient, Superseded } from "../../www/evaluation/evaluation-client.js";
import { Failure, sentence } from "../../www/messages/failure.js";
import { troubleText } from "../../www/page/evaluation-panel.js";

const REPORT = { images: 3 };
const EXTENT = { images: 3, importance_samples: 1, prior_samples: 10, seed: 0 };

/** A client whose workers answer by the contract: an evaluation of three pieces, 50 test images encoded per call. */
function setup({ answers = {} } = {}) {
  const calls = [];
  const workers = [];
  const openWorker = () => {
    const worker = fakeWorker(calls, answers);
    workers.push(worker);
    return worker;
  };
  const forgotten = [];
  const dataSets = {
    dataset: { peek: () => MNIST },
    present: { keepTest() {}, forgetTest: async () => forgotten.push(true) },
    test: async () => ({ name: "MNIST", classes: [], images: new Uint8Array(1), labels: new Uint8Array(1) }),
  };
  const judges = [];
  const fetchJudge = async (file, anew) => {
    assert.equal(file, "judge.safetensors");
    judges.push(anew);
    return new Uint8Array(1);
  };
  const phases = [];
  const reportPhase = (phase) => phases.push(phase);
  const client = new EvaluationClient({ dataSets, reportPhase, openWorker, fetchJudge });
  return { client, dataSets, calls, workers, judges, forgotten, phases };
}

function fakeWorker(calls, answers) {
  let done = 0;
  let encoded = 0;
  const usual = {
    open_evaluator() {},
    replace_evaluated: () => {
      encoded = 0;
    },
    inspect: () => ({}),
    load_test_images: () => 10_000,
    start_evaluation: () => {
      done = 0;
    },
    advance_evaluation: () => {
      done += 1;
      return { done, of: 3, stage: "score", report: done === 3 ? REPORT : null };
    },
    encode_test_images: ({ count }) => {
      encoded = Math.min(count, encoded + 50);
      return { done: encoded, of: count };
    },
    nearest: () => [{ index: 7 }],
    nll: () => ({ nats: 90 }),
    class_likelihoods: () => null,
  };
  return {
    opened: Promise.resolve(),
    closed: false,
    close() {
      this.closed = true;
    },
    async call(action, args) {
      calls.push(action);
      await turn();
      return (answers[action] ?? usual[action])(args);
    },
  };
}

const turn = () => new Promise(setImmediate);
const model = () => ({ bytes: async () => new Uint8Array(1) });
const always = () => true;

test("nothing is loaded before the first evaluation", async () => {
  const { client, workers, judges } = setup();
  client.setModel(model());
  await turn();
  assert.deepEqual([workers.length, judges.length], [0, 0]);
});

test("a measurement reports every piece and ends with the report", async () => {
  const { client, calls, phases } = setup();
  const one = model();
  client.setModel(one);
  const reported = [];
  assert.equal(await client.measure(one, EXTENT, (progress) => reported.push(progress), always), REPORT);
  assert.deepEqual(
    reported,
    [1, 2, 3].map((done) => ({ done, of: 3, stage: "score" })),
  );
  const advances = Array(3).fill("advance_evaluation");
  assert.deepEqual(calls, ["open_evaluator", "load_test_images", "start_evaluation", ...advances]);
  assert.deepEqual(phases, ["loading", ""]);
});

test("another model ends the measurement of the one before and replaces it in the same worker", async () => {
  const { client, calls, workers, phases } = setup();
  const [one, other] = [model(), model()];
  client.setModel(one);
  const measuring = client.measure(one, EXTENT, () => client.setModel(other), always);
  await assert.rejects(measuring, Superseded);
  await client.measure(other, EXTENT, () => {}, always);
  assert.equal(workers.length, 1);
  assert.ok(calls.includes("replace_evaluated"));
  assert.deepEqual(phases, ["loading", "", "replacing", ""]);
});

test("weights that arrive when another model is wanted are not loaded", async () => {
  const { client, calls } = setup();
  const [one, late, last] = [model(), model(), model()];
  client.setModel(one);
  await client.measure(one, EXTENT, () => {}, always);
  late.bytes = async () => {
    client.setModel(last);
    return new Uint8Array(1);
  };
  client.setModel(late);
  await assert.rejects(
    client.measure(late, EXTENT, () => {}, always),
    { name: "Superseded" },
  );
  await client.measure(last, EXTENT, () => {}, always);
  assert.equal(calls.filter((action) => action === "replace_evaluated").length, 1);
});

test("a failure of the previous model is not reported for the next", async () => {
  const { client } = setup();
  const [one, other] = [model(), model()];
  one.bytes = async () => {
    client.setModel(other);
    throw new Failure("no_trained_model");
  };
  client.setModel(one);
  await assert.rejects(
    client.encode(one, 300, () => {}, always),
    Superseded,
  );
  assert.equal(await client.measure(other, EXTENT, () => {}, always), REPORT);
});

test("encoding stops when no panel is open, and continues from there", async () => {
  const { client, calls } = setup();
  const one = model();
  client.setModel(one);
  let pieces = 0;
  await client.encode(
    one,
    300,
    () => pieces++,
    () => pieces < 2,
  );
  assert.equal(pieces, 2);
  const before = calls.length;
  await client.encode(one, 300, () => {}, always);
  assert.equal(calls.slice(before).filter((action) => action === "encode_test_images").length, 3);
});

test("a drawing is compared between the pieces of a measurement", async () => {
  const { client } = setup();
  const one = model();
  client.setModel(one);
  const measuring = client.measure(one, EXTENT, () => {}, always);
  const drawing = { image: new Float32Array(784), label: 3, count: 8, samples: 10 };
  const answer = await client.compare(one, drawing);
  assert.deepEqual(answer, { nearest: [{ index: 7 }], nll: { nats: 90 }, classes: null });
  assert.equal(await measuring, REPORT);
});

test("a damaged judge is named, and the next attempt fetches it again", async () => {
  let damaged = true;
  const { client, judges, workers } = setup({
    answers: {
      open_evaluator: () => {
        if (damaged) throw new Failure("weights_not_safetensors", { detail: "HeaderTooLarge" });
      },
    },
  });
  const one = model();
  client.setModel(one);
  await assert.rejects(
    client.measure(one, EXTENT, () => {}, always),
    (error) => {
      assert.equal(error.kind, "judge_refused");
      assert.equal(error.cause.kind, "weights_not_safetensors");
      assert.match(sentence(error), /^The classifier judge\.safetensors was refused: ./);
      return true;
    },
  );
  damaged = false;
  assert.equal(await client.measure(one, EXTENT, () => {}, always), REPORT);
  assert.deepEqual(judges, [false, true]);
  assert.deepEqual([workers.length, workers[0].closed], [1, false], "the map uses the same worker");
});

test("weights that are refused by themselves are not blamed on the judge", async () => {
  const refuse = () => {
    throw new Failure("tensor_missing");
  };
  const { client, judges } = setup({ answers: { open_evaluator: refuse, inspect: refuse } });
  const one = model();
  client.setModel(one);
  for (let attempt = 0; attempt < 2; attempt++)
    await assert.rejects(
      client.measure(one, EXTENT, () => {}, always),
      { kind: "tensor_missing" },
    );
  assert.deepEqual(judges, [false, false]);
});

test("damaged test images are forgotten, so that the next attempt fetches them again", async () => {
  const { client, forgotten } = setup({
    answers: {
      load_test_images: () => {
        throw new Failure("data_length", { file: "test images" });
      },
    },
  });
  const one = model();
  client.setModel(one);
  await assert.rejects(
    client.measure(one, EXTENT, () => {}, always),
    ({ kind, values }) => kind === "data_length" && values.file === "test images",
  );
  assert.equal(forgotten.length, 1);
});

test("a worker that stops is replaced by the next evaluation", async () => {
  let lost = true;
  const { client, workers } = setup({
    answers: {
      start_evaluation: () => {
        if (lost) throw new Failure("worker_failed", { reason: "unreachable" });
      },
    },
  });
  const one = model();
  client.setModel(one);
  await assert.rejects(
    client.measure(one, EXTENT, () => {}, always),
    (error) => {
      assert.equal(troubleText(error), "The worker stopped: unreachable. “Retry” starts a new worker.");
      return true;
    },
  );
  lost = false;
  assert.equal(await client.measure(one, EXTENT, () => {}, always), REPORT);
  assert.equal(workers.length, 2);
});

test("weights that cannot be had leave the model before in place", async () => {
  const { client, workers } = setup();
  const missing = { bytes: () => Promise.reject(new Failure("no_trained_model")) };
  const one = model();
  client.setModel(one);
  await client.measure(one, EXTENT, () => {}, always);
  client.setModel(missing);
  await assert.rejects(
    client.measure(missing, EXTENT, () => {}, always),
    { kind: "no_trained_model" },
  );
  client.setModel(one);
  assert.equal(await client.measure(one, EXTENT, () => {}, always), REPORT);
  assert.equal(workers.length, 1);
});
