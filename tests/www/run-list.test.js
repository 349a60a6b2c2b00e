// The table of runs: their order, what differs, and whose curves are in the chart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { curvesInColumns } from "../../www/keep/kept-curves.js";
import { cleanName, LONGEST_NAME, runName } from "../../www/keep/run-name.js";
import { inOrder, runsBefore } from "../../www/keep/run-order.js";
import { DRAWN_AT_FIRST } from "../../www/page/run-curves.js";
import { RunList } from "../../www/page/run-list.js";
import { changesBetween, defaults, seedlessKey } from "../../www/settings/values.js";
import { createState } from "../../www/state.js";
import { MOST_CURVES } from "../../www/training/curve-slots.js";
import { configurationsOf } from "../../www/training/study-file.js";
import { systems } from "./schema.js";

const point = (step) => ({ step, reconstruction: 100, kl: 20, total: 120 });
const history = (...steps) => ({ train: steps.map(point), quick: [], full: [] });

/** A kept run of the VAE, begun at `begun`, with this `change` of its settings. */
function kept(begun, change = {}, more = {}) {
  const made = { ...defaults(), ...change };
  const query = new URLSearchParams(Object.entries({ beta: change.beta ?? 1 })).toString();
  return {
    id: `run ${begun}`,
    system: "vae",
    address: `?${query}`,
    made,
    step: 10,
    epoch: 0.1,
    begun,
    time: begun,
    bytes: 1e6,
    losses: { train: null, quick: { total: 130, epoch: 0.1 }, full: null },
    history: curvesInColumns(history(1, 10)),
    name: "",
    pinned: false,
    unsaved: false,
    ...more,
  };
}

function setUp(runs, { present = null, ofVisit = runs } = {}) {
  const state = createState({ system: systems[0], values: defaults() });
  const list = new RunList({ state, systems });
  state.keptRuns.value = [...runs].sort((a, b) => b.time - a.time);
  state.runsOfVisit.value = ofVisit.map(({ id }) => id);
  const begin = (id, change = {}) => {
    const made = { ...defaults(), ...change };
    state.values.value = made;
    state.run.value = { ...state.run.peek(), system: "vae", made, status: "paused", step: 3 };
    state.runKept.value = { id, step: 0 };
    state.history.value = history(1, 2, 3);
  };
  if (present) begin(present);
  const rows = () => Object.fromEntries(list.rows.map((row) => [row.id, row]));
  const curves = () => list.overlay.curves.map(({ slot, name, seeds }) => `${slot} ${name} ${seeds}`);
  return { state, list, begin, rows, curves };
}

test("a name is one line of any text, of bounded length", () => {
  assert.equal(cleanName("  two\n lines\t and <b>tags</b>  "), "two lines and <b>tags</b>");
  assert.equal(cleanName("\u0000\u2028 "), "");
  const long = "😀".repeat(LONGEST_NAME + 1);
  assert.equal([...cleanName(long)].length, LONGEST_NAME);
  assert.equal(runName({ name: "mine", system: "vae" }, systems), "mine");
  assert.equal(runName({ name: "", system: "vae" }, systems), "Variational autoencoder");
  assert.equal(runName({ name: "", system: "of a later version" }, systems), "of a later version");
});

test("the present run is first, then the pinned ones, then the newest", () => {
  const runs = [kept(1, {}, { pinned: true }), kept(2), kept(3), kept(4, {}, { pinned: true })];
  const ids = (present) => inOrder(runs, present).map(({ begun }) => begun);
  assert.deepEqual(ids(null), [4, 1, 3, 2]);
  assert.deepEqual(ids("run 2"), [2, 4, 1, 3]);
  const before = runsBefore(runs);
  assert.deepEqual([before.get("run 4"), before.get("run 1")], [runs[2], null]);
});

test("only what differs is named, and what has no meaning for the model is not", () => {
  const vae = defaults();
  assert.deepEqual(changesBetween(vae, { ...vae, beta: 4, seed: 2 }), ["KL weight β 1 → 4", "Seed 1 → 2"]);
  assert.deepEqual(changesBetween(vae, { ...vae, codes: 8, device: "cpu", epochs: 3 }), []);
  const vq = { ...vae, posterior: "codebook" };
  assert.ok(changesBetween(vae, vq).includes("Codes in the codebook: 128"));
  assert.match(changesBetween(vq, vae).join(), /Posterior codebook .* → Gaussian/);
});

test("runs are seeds of the same settings where nothing else differs that a loss depends on", () => {
  const vae = defaults();
  const same = [{ seed: 7 }, { device: "cpu" }, { epochs: 3 }, { codes: 8 }];
  for (const change of same) assert.equal(seedlessKey({ ...vae, ...change }), seedlessKey(vae));
  for (const change of [{ beta: 2 }, { from: "z20" }, { batch: 64 }])
    assert.notEqual(seedlessKey({ ...vae, ...change }), seedlessKey(vae));
  const decaying = { ...vae, cool_down: 2 };
  assert.notEqual(seedlessKey({ ...decaying, epochs: 3 }), seedlessKey(decaying));
});

test("each run says what differs from the one begun before it, the first from its preset", () => {
  const { rows, begin } = setUp([kept(1, { latent: 8 }), kept(2, { latent: 8, beta: 4 })], {
    present: "new",
  });
  begin("new", { latent: 8, beta: 4 });
  assert.equal(rows()["run 1"].changes, "Latent size Z: 8");
  assert.equal(rows()["run 1"].before, null);
  assert.equal(rows()["run 2"].changes, "KL weight β 1 → 4");
  assert.equal(rows()["run 2"].before, "Variational autoencoder");
  assert.equal(rows().new.changes, "same settings");
});

test("the present run is listed before it is kept, with the name that it was given", () => {
  const { state, list, rows } = setUp([kept(1)], { present: "new" });
  assert.deepEqual(
    list.rows.map(({ id, present }) => [id, present]),
    [
      ["new", "paused"],
      ["run 1", null],
    ],
  );
  state.runLabels.value = { new: { name: "tiny", pinned: true } };
  assert.deepEqual([rows().new.name, rows().new.given, rows().new.pinned], ["tiny", "tiny", true]);
  state.run.value = { ...state.run.peek(), step: 9, epoch: 0.5 };
  state.losses.value = { train: null, quick: null, full: { total: 101.5, epoch: 1 } };
  assert.deepEqual([rows().new.step, rows().new.test], [9, { which: "full", total: 101.5, epoch: 1 }]);
  assert.deepEqual(rows()["run 1"].test, { which: "quick", total: 130, epoch: 0.1 });
});

test("a run whose system this version does not know is listed all the same", () => {
  const { rows } = setUp([kept(1, {}, { system: "of a later version" }), kept(2)]);
  assert.deepEqual([rows()["run 1"].name, rows()["run 1"].changes], ["of a later version", ""]);
  assert.equal(rows()["run 1"].curve.refused, "other_scale");
});

test("runs of this visit are drawn, older ones once they are switched on", () => {
  const runs = [kept(1, { beta: 2 }), kept(2, { beta: 3 }), kept(3, { beta: 4 })];
  const { list, rows, curves } = setUp(runs, { present: "new", ofVisit: runs.slice(1) });
  const drawn = () => Object.values(rows()).map(({ curve }) => [curve.drawn, curve.slot]);
  assert.deepEqual(drawn(), [
    [true, null],
    [true, 1],
    [true, 0],
    [false, null],
  ]);
  list.draw("run 1", true);
  list.draw("run 2", false);
  assert.deepEqual(drawn(), [
    [true, null],
    [true, 1],
    [false, null],
    [true, 0],
  ]);
  assert.deepEqual(curves(), ["0 Variational autoencoder 1", "1 Variational autoencoder 1"]);
});

test("a long visit draws its last runs at first", () => {
  const runs = Array.from({ length: DRAWN_AT_FIRST + 3 }, (_, k) => kept(k + 1, { beta: k }));
  const { curves } = setUp(runs);
  assert.equal(curves().length, DRAWN_AT_FIRST);
});

test("runs that differ by their seed alone are one curve, the present run included", () => {
  const runs = [kept(1, { seed: 1 }, { name: "small" }), kept(2, { seed: 2 }), kept(3, { beta: 4 })];
  const { state, list, begin, curves, rows } = setUp(runs);
  assert.deepEqual(curves(), ["0 small 2", "1 Variational autoencoder 1"]);
  assert.deepEqual([rows()["run 1"].curve.slot, rows()["run 2"].curve.slot], [0, 0]);
  begin("new", { seed: 3 });
  assert.deepEqual(curves(), ["0 small 3", "1 Variational autoencoder 1"]);
  assert.equal(rows().new.curve.slot, 0);
  assert.deepEqual(list.overlay.curves[0].count.slice(0, 4), [3, 3, 3, 2]);
  state.keptRuns.value = state.keptRuns.value.filter(({ id }) => id !== "run 3");
  assert.deepEqual(curves(), ["0 small 3"], "deleted in another tab");
});

test("a run of another likelihood says so instead of being drawn", () => {
  const { rows, begin, curves } = setUp([kept(1, { likelihood: "unit_gaussian" }), kept(2, { beta: 4 })]);
  assert.equal(rows()["run 1"].curve.refused, "other_scale");
  begin("new", { likelihood: "unit_gaussian", latent: 3 });
  assert.deepEqual([rows()["run 1"].curve.refused, rows()["run 2"].curve.refused], [null, "other_scale"]);
  assert.equal(curves().length, 1);
});

test("a run without a curve has no switch, and neither have curves that nobody could distinguish", () => {
  const none = kept(1, {}, { history: curvesInColumns(history()) });
  const many = Array.from({ length: MOST_CURVES + 1 }, (_, k) => kept(k + 2, { beta: k + 2 }));
  const { list, rows, curves } = setUp([none, ...many], { ofVisit: [] });
  assert.equal(rows()["run 1"].curve.refused, "no_curve");
  for (const { id } of many) list.draw(id, true);
  assert.equal(curves().length, MOST_CURVES);
  assert.equal(rows()[many.at(-1).id].curve.refused, "too_many");
  list.draw(many[0].id, false);
  assert.equal(rows()[many.at(-1).id].curve.drawn, true);
});

/** A configuration of a study as the worker reads it, with these losses of each seed after ten and twenty steps. */
function configuration(name, losses, more = {}) {
  const curve = (reconstruction) => {
    const total = reconstruction.map((nats) => nats + 20);
    return { step: [10, 20], reconstruction, kl: [20, 20], total };
  };
  const test = { n: losses.length, mean: 120, deviation: null };
  const scale = { likelihood: "bernoulli", data: "MNIST", scored_on: "test" };
  return { name, ...scale, test, curves: losses.map(curve), ...more };
}

test("the configurations of a study are curves beside those of runs, seeds as a band", () => {
  const { state, list, curves } = setUp([kept(1, { beta: 4 })]);
  const read = [
    configuration("beta 1", [
      [100, 90],
      [104, 80],
    ]),
    configuration("beta 4", [[120, 110]]),
    configuration("mse", [[1, 2]], { likelihood: "unit_gaussian" }),
    configuration("fashion", [[1, 2]], { data: "Fashion-MNIST" }),
  ];
  state.study.value = { file: "a.results.jsonl", configurations: configurationsOf(read) };
  assert.deepEqual(curves(), ["0 Variational autoencoder 1", "1 beta 1 2", "2 beta 4 1"]);
  const { steps, curves: drawn } = list.overlay;
  const { mean, least, most } = drawn[1].terms.reconstruction;
  const at = steps.indexOf(20);
  assert.deepEqual([mean[at], least[at], most[at]], [85, 80, 90]);
  const refused = () => list.configurations.map(({ curve }) => curve.refused);
  assert.deepEqual(refused(), [null, null, "other_scale", "other_data"]);

  state.configurationsWanted.value = { "beta 1": false };
  assert.deepEqual(curves(), ["0 Variational autoencoder 1", "2 beta 4 1"], "letters stay");
  assert.deepEqual(list.configurations[0].curve, { drawn: false, slot: null, refused: null });
  const many = Array.from({ length: MOST_CURVES }, (_, k) => configuration(`latent ${k}`, [[k, k]]));
  state.study.value = { file: "b.results.jsonl", configurations: configurationsOf(many) };
  assert.equal(curves().length, MOST_CURVES);
  assert.equal(list.configurations.at(-1).curve.refused, "too_many");
  state.study.value = null;
  assert.deepEqual(curves(), ["0 Variational autoencoder 1"]);
});
