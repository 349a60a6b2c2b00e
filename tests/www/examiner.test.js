import assert from "node:assert/strict";
import { test } from "node:test";
import { Examiner } from "../../www/evaluation/evaluation-client.js";

const REPORT = { images: 3 };
const EXTENT = { images: 3, samples: 1, draws: 10, seed: 0 };

/** A worker that answers like the real one: three pieces to an examination, 50 test images at a time. */
function workshop({ answers = {} } = {}) {
  const calls = [];
  const labs = [];
  const open = () => {
    let done = 0;
    let prepared = 0;
    const usual = {
      examine() {},
      reexamine: () => {
        prepared = 0;
      },
      inspect: () => ({}),
      take: () => 10_000,
      start: () => {
        done = 0;
      },
      advance: () => {
        done += 1;
        return { done, of: 3, stage: "scoring", report: done === 3 ? REPORT : null };
      },
      prepare: ({ count }) => {
        prepared = Math.min(count, prepared + 50);
        return { done: prepared, of: count };
      },
      plane: () => ({ mean: new Float32Array(2 * prepared), digits: new Uint8Array(prepared) }),
      nearest: () => [{ index: 7 }],
      rarity: () => ({ nats: 90 }),
      classes: () => null,
    };
    const lab = {
      opened: Promise.resolve(),
      closed: false,
      close: () => {
        lab.closed = true;
      },
      async call(action, args) {
        calls.push(action);
        await turn();
        return (answers[action] ?? usual[action])(args);
      },
    };
    labs.push(lab);
    return lab;
  };
  const forgotten = [];
  const dataset = {
    test: async () => [new Uint8Array(1), new Uint8Array(1)],
    keepTest() {},
    forgetTest: async () => forgotten.push(true),
  };
  const judges = [];
  const fetchJudge = async (anew) => {
    judges.push(anew);
    return new Uint8Array(1);
  };
  const examiner = new Examiner({ dataset, open, fetchJudge });
  return { examiner, calls, labs, judges, forgotten };
}
const turn = () => new Promise(setImmediate);
const model = () => ({ bytes: async () => new Uint8Array(1) });
const always = () => true;

test("nothing is loaded before it is asked", async () => {
  const { examiner, labs, judges } = workshop();
  examiner.turnTo(model());
  await turn();
  assert.deepEqual([labs.length, judges.length], [0, 0]);
});

test("a measurement tells of every piece and ends with the report", async () => {
  const { examiner, calls } = workshop();
  const one = model();
  examiner.turnTo(one);
  const told = [];
  assert.equal(await examiner.measure(one, EXTENT, (progress) => told.push(progress.done), always), REPORT);
  assert.deepEqual(told, [1, 2, 3]);
  assert.deepEqual(calls, ["examine", "take", "start", "advance", "advance", "advance"]);
});

test("another model ends the measurement of the one before, and takes its place in the same worker", async () => {
  const { examiner, calls, labs } = workshop();
  const [one, other] = [model(), model()];
  examiner.turnTo(one);
  const measuring = examiner.measure(one, EXTENT, () => examiner.turnTo(other), always);
  await assert.rejects(measuring, { name: "Superseded" });
  await examiner.measure(other, EXTENT, () => {}, always);
  assert.equal(labs.length, 1);
  assert.ok(calls.includes("reexamine"));
});

test("weights that arrive when nobody wants them any more are not loaded", async () => {
  const { examiner, calls } = workshop();
  const [one, late, last] = [model(), model(), model()];
  examiner.turnTo(one);
  await examiner.measure(one, EXTENT, () => {}, always);
  late.bytes = async () => {
    examiner.turnTo(last);
    return new Uint8Array(1);
  };
  examiner.turnTo(late);
  await assert.rejects(
    examiner.measure(late, EXTENT, () => {}, always),
    { name: "Superseded" },
  );
  await examiner.measure(last, EXTENT, () => {}, always);
  assert.equal(calls.filter((action) => action === "reexamine").length, 1);
});

test("codes come when their number has doubled, and at the end", async () => {
  const { examiner } = workshop();
  const one = model();
  examiner.turnTo(one);
  const seen = [];
  await examiner.gather(one, 1000, ({ digits }) => digits && seen.push(digits.length), always);
  assert.deepEqual(seen, [200, 400, 800, 1000]);
});

test("encoding stops when nobody looks, and goes on from there", async () => {
  const { examiner, calls } = workshop();
  const one = model();
  examiner.turnTo(one);
  let pieces = 0;
  await examiner.gather(
    one,
    300,
    () => pieces++,
    () => pieces < 2,
  );
  assert.equal(pieces, 2);
  const before = calls.length;
  await examiner.gather(one, 300, () => {}, always);
  assert.equal(calls.slice(before).filter((action) => action === "prepare").length, 3);
});

test("a drawing is asked about in between", async () => {
  const { examiner } = workshop();
  const one = model();
  examiner.turnTo(one);
  const measuring = examiner.measure(one, EXTENT, () => {}, always);
  const answer = await examiner.ask(one, { image: new Float32Array(784), digit: 3, count: 8, samples: 10 });
  assert.deepEqual(answer, { nearest: [{ index: 7 }], rarity: { nats: 90 }, classes: null });
  assert.equal(await measuring, REPORT);
});

test("a damaged judge is named, and the next attempt fetches it anew", async () => {
  let damaged = true;
  const { examiner, judges, labs } = workshop({
    answers: {
      examine: () => {
        if (damaged) throw new Error("These weights cannot be used: this is no intact safetensors file.");
      },
    },
  });
  const one = model();
  examiner.turnTo(one);
  await assert.rejects(
    examiner.measure(one, EXTENT, () => {}, always),
    /classifier judge\.safetensors was refused\. .*no intact safetensors/,
  );
  damaged = false;
  assert.equal(await examiner.measure(one, EXTENT, () => {}, always), REPORT);
  assert.deepEqual(judges, [false, true]);
  assert.ok(labs[0].closed);
});

test("damaged test images are forgotten, so that the next attempt fetches them anew", async () => {
  const { examiner, forgotten } = workshop({
    answers: {
      take: () => {
        throw new Error("t10k images: its header promises more than there is.");
      },
    },
  });
  const one = model();
  examiner.turnTo(one);
  await assert.rejects(
    examiner.measure(one, EXTENT, () => {}, always),
    /t10k images/,
  );
  assert.equal(forgotten.length, 1);
});

test("a worker that dies is replaced by the next question", async () => {
  let dead = true;
  const { examiner, labs } = workshop({
    answers: {
      start: () => {
        if (dead) throw Object.assign(new Error("unreachable"), { name: "RuntimeError" });
      },
    },
  });
  const one = model();
  examiner.turnTo(one);
  await assert.rejects(
    examiner.measure(one, EXTENT, () => {}, always),
    /The worker stopped: unreachable\. Trying again starts another\./,
  );
  dead = false;
  assert.equal(await examiner.measure(one, EXTENT, () => {}, always), REPORT);
  assert.equal(labs.length, 2);
});

test("weights that cannot be had leave the model before in place", async () => {
  const { examiner, labs } = workshop();
  const [one, missing] = [
    model(),
    { bytes: () => Promise.reject(new Error("There is no trained model yet.")) },
  ];
  examiner.turnTo(one);
  await examiner.measure(one, EXTENT, () => {}, always);
  examiner.turnTo(missing);
  await assert.rejects(
    examiner.measure(missing, EXTENT, () => {}, always),
    /no trained model/,
  );
  examiner.turnTo(one);
  assert.equal(await examiner.measure(one, EXTENT, () => {}, always), REPORT);
  assert.equal(labs.length, 1);
});
