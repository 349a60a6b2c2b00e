import assert from "node:assert/strict";
import { test } from "node:test";
import { Inquiry } from "../../www/evaluation/evaluation-controller.js";

const turn = () => new Promise(setImmediate);
const description = (latent = 20) => ({ model: { latent, likelihood: "bernoulli" } });

/** An inquiry whose examiner answers by hand and whose views remember what they were told. */
function bench() {
  const measurements = [];
  const gathered = [];
  const examiner = {
    model: null,
    turnTo(model) {
      this.model = model;
      for (const { reject, of } of measurements) if (of !== model) reject(superseded());
    },
    measure: (of, _extent, _tell, wanted) =>
      new Promise((resolve, reject) => measurements.push({ of, wanted, resolve, reject })),
    gather: async (model) => {
      await model.bytes();
      gathered.push(model);
    },
  };
  const view = () => ({
    state: {},
    results: [],
    update(change) {
      Object.assign(this.state, change);
    },
    add(result) {
      this.results.push(result);
    },
  });
  const views = { measure: view(), plane: view(), nearest: view() };
  const run = { step: 0 };
  const inquiry = new Inquiry({
    examiner: () => examiner,
    views,
    weights: async () => new Uint8Array(1),
    run: () => run,
    announcer: { say() {} },
  });
  return { inquiry, examiner, views, measurements, gathered, run };
}
const superseded = () => Object.assign(new Error("superseded"), { name: "Superseded" });
const REPORT = { sampled: { total: 100 } };

test("nothing is encoded until a panel is opened", async () => {
  const { inquiry, gathered } = bench();
  inquiry.shown({ source: "z20", name: "VAE", description: description() });
  await turn();
  assert.equal(gathered.length, 0);
  inquiry.opened("plane", true);
  await turn();
  assert.equal(gathered.length, 1);
});

test("a run's later weights are not chased, only said to be there", async () => {
  const { inquiry, gathered, views, run } = bench();
  inquiry.opened("plane", true);
  run.step = 10;
  inquiry.shown({ source: "training", name: "VAE", description: description() });
  await turn();
  for (run.step = 11; run.step < 20; run.step++)
    inquiry.shown({ source: "training", name: "VAE", description: description() });
  await turn();
  assert.equal(gathered.length, 1);
  assert.deepEqual([views.plane.state.stale, views.plane.state.step], [true, 10]);
  inquiry.refresh();
  await turn();
  assert.equal(gathered.length, 2);
  assert.deepEqual([views.plane.state.stale, gathered[1].step], [false, 20]);
});

test("a run that begins anew is another model", async () => {
  const { inquiry, examiner, run } = bench();
  run.step = 10;
  inquiry.opened("plane", true);
  inquiry.shown({ source: "training", name: "VAE", description: description() });
  await turn();
  const first = examiner.model;
  run.step = 0;
  inquiry.shown({ source: "training", name: "VAE", description: description() });
  assert.notEqual(examiner.model, first);
});

test("a run of another size is another model", () => {
  const { inquiry, examiner } = bench();
  inquiry.shown({ source: "training", name: "VAE", description: description(20) });
  const first = examiner.model;
  inquiry.shown({ source: "training", name: "VAE", description: description(2) });
  assert.notEqual(examiner.model, first);
});

test("weights that were shown already do not begin anything", () => {
  const { inquiry, examiner } = bench();
  const same = description();
  inquiry.shown({ source: "z20", name: "VAE", description: same });
  const first = examiner.model;
  inquiry.shown({ source: "z20", name: "VAE", description: same });
  assert.equal(examiner.model, first);
});

test("a run is measured as it is now, with its step", async () => {
  const { inquiry, measurements, views, run } = bench();
  inquiry.shown({ source: "training", name: "VAE", description: description() });
  run.step = 1200;
  const measuring = inquiry.measure({});
  await measurements[0].of.bytes();
  measurements[0].resolve(REPORT);
  await measuring;
  assert.equal(views.measure.state.state, "measured");
  assert.deepEqual(views.measure.results[0], {
    name: "VAE",
    step: 1200,
    likelihood: "bernoulli",
    report: REPORT,
  });
});

test("another model ends a measurement, and says why", async () => {
  const { inquiry, views } = bench();
  inquiry.shown({ source: "z20", name: "VAE", description: description() });
  const measuring = inquiry.measure({});
  inquiry.shown({ source: "ae", name: "AE", description: description() });
  await measuring;
  assert.equal(views.measure.state.state, "superseded");
});

test("what was stopped late does not speak over what has begun since", async () => {
  const { inquiry, measurements, views } = bench();
  inquiry.shown({ source: "z20", name: "VAE", description: description() });
  const first = inquiry.measure({});
  inquiry.stop();
  assert.equal(measurements[0].wanted(), false);
  const second = inquiry.measure({});
  measurements[0].reject(superseded());
  await first;
  assert.deepEqual([views.measure.state.state, views.plane.state.busy], ["measuring", true]);
  measurements[1].resolve(REPORT);
  await second;
  assert.deepEqual([views.measure.state.state, views.plane.state.busy], ["measured", false]);
});

test("a failure is a sentence, and the next attempt begins without it", async () => {
  const { inquiry, measurements, views } = bench();
  inquiry.shown({ source: "z20", name: "VAE", description: description() });
  const first = inquiry.measure({});
  measurements[0].reject(new Error("The judge is missing."));
  await first;
  assert.equal(views.measure.state.trouble, "The judge is missing.");
  inquiry.measure({});
  assert.equal(views.measure.state.trouble, null);
});
