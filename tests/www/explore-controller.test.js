// The exploration controller against a fake viewer: which request wins, and what becomes of the drawing and its code.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ExploreController } from "../../www/explore/explore-controller.js";
import { createState } from "../../www/state.js";
import { FakeViewer, weights } from "./fake-viewer.js";

const PIXELS = 784;
const turn = () => new Promise(setImmediate);

/** Twenty test images, 0 to 9 twice; the first pixel of each is its label over ten. */
function testImages() {
  const labels = Uint8Array.from({ length: 20 }, (_, k) => k % 10);
  const pictures = new Float32Array(20 * PIXELS);
  for (const [k, label] of labels.entries()) pictures[k * PIXELS] = label / 10;
  return { pictures, labels };
}

async function opened(model = {}) {
  const viewer = new FakeViewer();
  const state = createState({ system: { name: "vae" }, values: {} });
  const failures = [];
  const failed = (error) => failures.push(error);
  const explore = new ExploreController({ state, viewer, digits: testImages(), failed });
  explore.setInSight("grids", true);
  await explore.show("z20", weights("z20", model));
  return { viewer, state, explore, failures };
}

const near = (actual, expected) =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}, not ${expected}`);

test("the code follows the drawing", async () => {
  const { state, explore } = await opened();
  await explore.beginStroke({ point: { x: 0, y: 0 }, erase: false }, 5);
  assert.equal(state.code.value[0], 1);
  await explore.extendStroke([{ x: 0, y: 0 }], 6);
  assert.deepEqual([...state.code.value], [2, 2, 2, 2]);
  assert.equal(state.inference.value.time, 6);
});

test("a cancelled stroke leaves drawing and code as they were", async () => {
  const { state, explore } = await opened();
  await explore.chooseTestImage(4, 1);
  const { items } = state.drawing.value;
  await explore.edit(2, -1.5);
  const code = [...state.code.value];
  const begun = explore.beginStroke({ point: { x: 0, y: 0 }, erase: true }, 2);
  const cancelled = explore.cancelStroke(3);
  await Promise.all([begun, cancelled]);
  await turn();
  assert.deepEqual(state.drawing.value.items, items);
  assert.deepEqual([...state.code.value], code);
  assert.equal(state.codeOrigin.value, "edited");
  near(state.inference.value.mean[0], 0.4);
});

test("a code that followed the drawing follows it after a cancelled stroke too", async () => {
  const { state, explore } = await opened();
  await explore.beginStroke({ point: { x: 0, y: 0 }, erase: false }, 1);
  await explore.endStroke(2);
  await explore.beginStroke({ point: { x: 1, y: 1 }, erase: false }, 3);
  assert.equal(state.code.value[0], 2);
  await explore.cancelStroke(4);
  await turn();
  assert.equal(state.code.value[0], 1);
  assert.equal(state.codeOrigin.value, "drawing");
});

test("of several drawings while the viewer is busy only the newest is inferred", async () => {
  const { viewer, state, explore } = await opened();
  const answer = viewer.hold("infer");
  const before = viewer.asked("infer").length;
  const first = explore.chooseTestImage(1, 1);
  await turn();
  const dropped = explore.chooseTestImage(2, 2);
  const newest = explore.chooseTestImage(3, 3);
  answer();
  assert.equal(await first, true);
  assert.equal(await dropped, false);
  await turn();
  answer();
  assert.equal(await newest, true);
  assert.equal(viewer.asked("infer").length, before + 2);
  near(state.inference.value.mean[0], 0.3);
  assert.equal(state.inference.value.time, 3);
});

test("an empty pad has no inference and a code of zeros, without a call to the viewer", async () => {
  const { viewer, state, explore } = await opened();
  await explore.chooseTestImage(4, 1);
  const asked = viewer.asked("infer").length;
  await explore.clear(2);
  assert.equal(viewer.asked("infer").length, asked);
  assert.equal(state.inference.value, null);
  assert.deepEqual([...state.code.value], [0, 0, 0, 0]);
});

test("undo after clear brings the drawing and its code back", async () => {
  const { state, explore } = await opened();
  await explore.chooseTestImage(4, 1);
  const { items } = state.drawing.value;
  await explore.clear(2);
  await explore.undo(3);
  assert.deepEqual(state.drawing.value.items, items);
  near(state.code.value[0], 0.4);
});

test("undo without anything to undo asks nothing", async () => {
  const { viewer, explore } = await opened();
  const asked = viewer.calls.length;
  await explore.undo(1);
  assert.equal(viewer.calls.length, asked);
});

test("an edited code stays while the posterior is sampled again, but not once the drawing changes", async () => {
  const { state, explore } = await opened();
  await explore.chooseTestImage(4, 1);
  await explore.edit(2, -1.5);
  assert.equal(state.codeOrigin.value, "edited");
  assert.equal(state.component.value, 2);
  await explore.resample(2);
  assert.equal(state.code.value[2], -1.5);
  await explore.chooseTestImage(5, 3);
  assert.equal(state.codeOrigin.value, "drawing");
  near(state.code.value[2], 0.5);
});

test("corruption is named in the request with one seed until another kind is chosen, and none is null", async () => {
  const { viewer, explore } = await opened();
  await explore.setCorruption("noise", 1);
  await explore.chooseTestImage(4, 2);
  await explore.chooseTestImage(5, 3);
  const [first, second] = viewer.asked("infer").slice(-2);
  assert.equal(first.corruption.kind, "noise");
  assert.deepEqual(first.corruption, second.corruption);
  await explore.setCorruption("none", 4);
  assert.equal(viewer.asked("infer").at(-1).corruption, null);
});

test("centring is part of the request", async () => {
  const { viewer, explore } = await opened();
  await explore.chooseTestImage(4, 1);
  await explore.setCentre(false, 2);
  assert.equal(viewer.asked("infer").at(-1).centre, false);
});

test("changing the label keeps the code, and decodes it with the other label", async () => {
  const { viewer, state, explore } = await opened({ labelled: true });
  await explore.chooseTestImage(4, 1);
  const code = [...state.code.value];
  await explore.setLabel(7);
  await turn();
  assert.deepEqual([...state.code.value], code);
  assert.equal(state.codeOrigin.value, "label");
  assert.equal(viewer.asked("infer").at(-1).label, 7);
  assert.equal(viewer.asked("decode").at(-1).label, 7);
});

test("a classifier infers the label until one is chosen, and again with the next test image", async () => {
  const { viewer, state, explore } = await opened({ classifier: true });
  await explore.chooseTestImage(4, 1);
  await turn();
  assert.equal(viewer.asked("infer").at(-1).label, null);
  assert.equal(viewer.asked("decode").at(-1).label, 3, "decoded as the predicted class");
  await explore.setLabel(8);
  assert.equal(viewer.asked("infer").at(-1).label, 8);
  await explore.setLabel(null);
  assert.equal(state.label.value, null);
  assert.equal(state.codeOrigin.value, "drawing");
  await explore.setLabel(8);
  await explore.chooseTestImage(5, 2);
  assert.equal(state.label.value, null);
});

test("a model without a classifier takes the label chosen last", async () => {
  const { state, explore } = await opened({ classifier: true });
  await explore.chooseTestImage(4, 1);
  await explore.setLabel(6);
  await explore.setLabel(null);
  await explore.show("cvae", weights("cvae", { labelled: true }));
  assert.equal(state.label.value, 6);
});

test("a code belongs to its model: another one begins with the drawing's, and the first has its own again", async () => {
  const { state, explore } = await opened();
  await explore.chooseTestImage(4, 1);
  await explore.edit(0, 2);
  await explore.show("beta", weights("beta"));
  near(state.code.value[0], 0.4);
  assert.equal(state.codeOrigin.value, "drawing");
  await explore.samplePrior();
  await explore.show("z20", weights("z20"));
  assert.deepEqual([state.code.value[0], state.codeOrigin.value], [2, "edited"]);
  await explore.chooseTestImage(5, 2);
  await explore.show("beta", weights("beta"));
  near(state.code.value[0], 0.5);
  assert.equal(state.codeOrigin.value, "drawing", "after another drawing no code is an edited one");
});

test("on an empty pad another model begins with zeros", async () => {
  const { state, explore } = await opened();
  await explore.edit(0, 2);
  await explore.show("beta", weights("beta"));
  assert.deepEqual([...state.code.value], [0, 0, 0, 0]);
});

test("an edited code stays for the snapshots of a run, but not for another run or file", async () => {
  const { state, explore } = await opened();
  const show = (source, options) => explore.show(source, weights(source), options);
  await show("training", { fresh: true });
  await explore.edit(0, 2);
  await show("training");
  assert.equal(state.code.value[0], 2);
  await show("training", { fresh: true });
  assert.equal(state.code.value[0], 0);
  await show("file", { file: { name: "a", bytes: new Uint8Array(1) } });
  await explore.edit(0, 2);
  await show("file");
  assert.equal(state.code.value[0], 2);
  await show("file", { file: { name: "a", bytes: new Uint8Array(1) } });
  assert.equal(state.code.value[0], 0);
});

test("a model of other sizes begins with the code of the drawing", async () => {
  const { state, explore } = await opened();
  await explore.chooseTestImage(4, 1);
  await explore.edit(0, 2);
  await explore.show("z2", weights("z2", { latent: 2 }));
  assert.equal(state.code.value.length, 2);
  near(state.code.value[0], 0.4);
  assert.equal(state.codeOrigin.value, "drawing");
});

test("an inference of a replaced model is dropped", async () => {
  const { viewer, state, explore } = await opened();
  await explore.chooseTestImage(4, 1);
  const answer = viewer.hold("infer");
  const late = explore.chooseTestImage(5, 2);
  await turn();
  const shown = explore.show("z2", weights("z2", { latent: 2 }));
  for (let k = 0; k < 5; k++) await turn();
  answer(); // four components, for a model that has two by now
  await late;
  assert.equal(state.code.value.length, 2);
  assert.equal(state.inference.value, null);
  viewer.release("infer");
  await shown;
  assert.equal(state.inference.value.mean.length, 2);
});

test("samples of a replaced model that the new one cannot decode are not a failure", async () => {
  const { viewer, state, explore, failures } = await opened({ labelled: true });
  const answer = viewer.hold("prior");
  const late = explore.newPriorSamples();
  await turn();
  const shown = explore.show("other", weights("other", { latent: 3 }));
  for (let k = 0; k < 5; k++) await turn();
  answer(); // two samples of four components each, which are no whole number of codes of three
  await late;
  viewer.release("prior");
  await shown;
  assert.deepEqual(failures, []);
  assert.equal(state.priorSamples.value.labelled, false, "the new model's samples followed");
});

test("no request is sent while weights are being replaced", async () => {
  const { viewer, explore } = await opened();
  const answer = viewer.hold("replace");
  const shown = explore.show("z2", weights("z2", { latent: 2 }));
  const asked = viewer.calls.length;
  const edited = explore.edit(0, 1);
  const sampled = explore.samplePrior();
  await turn();
  assert.equal(viewer.calls.length, asked + 1, "the replacement alone");
  answer();
  await Promise.all([shown, edited, sampled]);
});

test("weights are shown once every picture of theirs is there", async () => {
  const { viewer, state, explore } = await opened();
  await explore.chooseTestImage(4, 1);
  await turn();
  state.decoded.value = null;
  const answer = viewer.hold("decode");
  const shown = explore.show("beta", weights("beta"));
  for (let k = 0; k < 20; k++) await turn();
  assert.equal(state.showing.value, true, "the picture of the code is still to come");
  answer();
  viewer.release("decode");
  await shown;
  assert.ok(state.decoded.value);
  assert.equal(state.showing.value, false);
});

test("refused weights leave the model that was shown", async () => {
  const { state, explore } = await opened();
  const before = state.shown.value;
  await assert.rejects(explore.show("file", new TextEncoder().encode("Dear model")), { kind: "file_empty" });
  assert.equal(state.shown.value, before);
  assert.equal(state.showing.value, false);
  await explore.chooseTestImage(4, 1);
  near(state.inference.value.mean[0], 0.4);
});

test("usage comes from the file, or else from the test images; the most used component is selected", async () => {
  const { viewer, state, explore } = await opened({ usage: [1, 5, 2, 0] });
  assert.equal(viewer.asked("usage").length, 0);
  assert.deepEqual(state.componentOrder.value, [1, 2, 0, 3]);
  assert.equal(state.component.value, 1);
  await explore.show("beta", weights("beta"));
  assert.equal(viewer.asked("usage").length, 1);
  assert.equal(state.component.value, 3);
});

test("usage measured while training reorders the sliders only at a settled moment", async () => {
  const { state, explore } = await opened({ usage: [1, 5, 2, 0] });
  explore.useUsage(Float32Array.of(9, 0, 0, 0));
  assert.equal(state.usage.value[0], 9);
  assert.deepEqual(state.componentOrder.value, [1, 2, 0, 3]);
  explore.useUsage(Float32Array.of(9, 0, 0, 0), { settled: true });
  assert.deepEqual(state.componentOrder.value, [0, 1, 2, 3]);
  explore.useUsage(Float32Array.of(1, 2), { settled: true });
  assert.equal(state.usage.value.length, 4, "of another model: not taken");
});

test("a model with labels shows two samples of the prior, each with ten labels", async () => {
  const { viewer, state } = await opened({ labelled: true });
  assert.equal(state.priorSamples.value.labelled, true);
  assert.equal(state.priorSamples.value.pictures.length, 20 * PIXELS);
  const decoded = viewer.asked("decode").filter(({ z }) => z.length === 2 * 4);
  assert.deepEqual(decoded.map(({ label }) => label).sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("new samples of the prior have another seed", async () => {
  const { viewer, explore } = await opened();
  await explore.newPriorSamples();
  const [before, now] = viewer.asked("prior").slice(-2);
  assert.notEqual(before.seed, now.seed);
});

const GRIDS = ["reconstruct", "prior", "pseudo_inputs"];

test("grids of pictures out of sight are not asked for, and come once with the newest weights when they are seen", async () => {
  const { viewer, state, explore } = await opened();
  const asked = () => GRIDS.map((action) => viewer.asked(action).length);
  assert.deepEqual(asked(), [1, 1, 1]);
  explore.setInSight("grids", false);
  for (let step = 0; step < 3; step++) await explore.show("training", weights("training"));
  await explore.newPriorSamples();
  assert.deepEqual(asked(), [1, 1, 1]);
  const before = state.priorSamples.value;
  explore.setInSight("grids", true);
  for (let k = 0; k < 20; k++) await turn();
  assert.deepEqual(asked(), [2, 2, 2]);
  assert.notEqual(state.priorSamples.value, before);
  explore.setInSight("grids", false);
  explore.setInSight("grids", true);
  for (let k = 0; k < 20; k++) await turn();
  assert.deepEqual(asked(), [2, 2, 2], "they were of these weights already");
  await explore.show("training", weights("training"));
  assert.deepEqual(asked(), [3, 3, 3]);
});

test("the strip is decoded while it is in sight; the code itself, which the map shows, always", async () => {
  const { viewer, state, explore } = await opened();
  const pictures = () => viewer.asked("decode").at(-1).z.length / 4;
  await explore.edit(0, 1, 25);
  assert.equal(pictures(), 1 + 11);
  assert.equal(state.decoded.value.time, 25, "of the event that it answers");
  explore.setInSight("strip", false);
  await explore.edit(0, 2);
  assert.equal(pictures(), 1);
  assert.equal(state.decoded.value.strip.length, 0);
  await explore.show("training", weights("training"));
  assert.equal(pictures(), 1);
  assert.equal(state.decoded.value.time, null);
  explore.setInSight("strip", true);
  for (let k = 0; k < 20; k++) await turn();
  assert.equal(pictures(), 1 + 11);
  assert.equal(state.decoded.value.strip.length, 11);
});

test("a viewer that no longer answers is reported, once for each request", async () => {
  const { viewer, explore, failures } = await opened();
  viewer.call = async () => {
    throw new Error("gone");
  };
  await explore.chooseTestImage(4, 1);
  assert.equal(failures.length, 1);
  assert.match(failures[0].message, /gone/);
});
