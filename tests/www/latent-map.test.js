// When the map of latent space is made anew, and how it moves there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { traceDrawing } from "../../www/evaluation/drawing-trace.js";
import { LatentMap } from "../../www/evaluation/latent-map.js";
import { chosenAxes, PRINCIPAL } from "../../www/evaluation/plane-choice.js";
import { PlaneMotion } from "../../www/evaluation/plane-motion.js";
import { Failure } from "../../www/messages/failure.js";
import { createState } from "../../www/state.js";
import { systems } from "./schema.js";

const turn = () => new Promise(setImmediate);
const PIECE = 1000; // images that a piece encodes
const describe = (latent = 3, posterior = "diagonal") => ({
  model: { latent, posterior },
  code: { length: latent },
});

/** A map over a client that counts what it is asked; `clock.now` is the time. */
function setup(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const state = createState({ system: systems[0], values: {} });
  const asked = [];
  const clock = { now: 0 };
  let done = 0;
  const client = {
    isLost: true,
    async load(weights) {
      asked.push(["load", weights]);
      this.isLost = false;
      done = 0;
    },
    async encode(count) {
      asked.push(["encode", count]);
      done = Math.min(count, done + PIECE);
      clock.now += 10;
      return { done, of: count };
    },
    async view(request) {
      asked.push(["view", request]);
      const size = state.shown.value.description.model.latent;
      const variances = Float32Array.from({ length: size }, (_, c) => c);
      const axis = new Float32Array(size);
      return {
        places: new Float32Array(2 * done),
        labels: new Uint8Array(done),
        across: axis,
        upwards: axis,
        variances,
      };
    },
  };
  let step = 0;
  const weights = async () => step;
  const map = new LatentMap({ state, client, weights, now: () => clock.now });
  const show = (source, description = describe()) => {
    state.shown.value = { source, description };
  };
  const train = (to) => {
    step = to;
    state.run.value = { ...state.run.value, step };
    show("training");
  };
  const openMap = (isOpen) => {
    state.open.value = { ...state.open.value, plane: isOpen };
  };
  const count = (name) => asked.filter(([action]) => action === name).length;
  const pass = async (milliseconds) => {
    clock.now += milliseconds;
    context.mock.timers.tick(milliseconds);
    for (let k = 0; k < 20; k++) await turn();
  };
  return { state, clock, client, map, asked, show, train, openMap, count, pass };
}

test("nothing is encoded until the map is open, nor after it is closed", async (context) => {
  const { state, show, train, openMap, count, pass } = setup(context);
  show("z20");
  await pass(0);
  assert.equal(count("load"), 0);
  openMap(true);
  await pass(0);
  assert.deepEqual([count("load"), count("encode")], [1, 2]);
  const { components, places, of } = state.map.value.view;
  assert.deepEqual(components, [2, 1], "the components of the largest variance");
  assert.deepEqual([places.length / 2, of], [2000, 10_000], "of all test images");
  openMap(false);
  train(1);
  await pass(5000);
  assert.equal(count("load"), 1);
});

test("a map that is closed between two pieces is not encoded further, though the run goes on", async (context) => {
  const { client, train, openMap, count, pass } = setup(context);
  const encode = client.encode.bind(client);
  client.encode = async (images) => {
    const piece = await encode(images);
    openMap(false);
    train(2);
    return piece;
  };
  train(1);
  openMap(true);
  await pass(0);
  assert.equal(count("encode"), 1);
});

test("later weights of a run wait for their turn, and the newest are taken", async (context) => {
  const { state, asked, train, openMap, count, pass } = setup(context);
  openMap(true);
  train(1);
  await pass(0);
  assert.equal(state.map.value.view.step, 1);
  for (let step = 2; step <= 9; step++) {
    train(step);
    await pass(20);
  }
  assert.equal(count("load"), 1, "not more often than every half second");
  await pass(500);
  assert.equal(count("load"), 2);
  assert.equal(asked.filter(([action]) => action === "load").at(-1)[1], 9);
  assert.deepEqual([state.map.value.view.step, state.map.value.view.continues], [9, true]);
});

test("a map that takes long is made more rarely", async (context) => {
  const { state, clock, client, train, openMap, count, pass } = setup(context);
  const { encode } = client;
  let takes = 90;
  client.encode = (images) => {
    clock.now += takes;
    return encode.call(client, images);
  };
  state.mapChoice.value = { ...state.mapChoice.value, count: PIECE };
  openMap(true);
  train(1);
  await pass(0);
  train(2);
  await pass(1800);
  assert.equal(count("load"), 1, "at most a twentieth of the time");
  takes = 290;
  await pass(200);
  assert.equal(count("load"), 2);
  train(3);
  await pass(2600);
  assert.equal(count("load"), 2);
  takes = 990;
  await pass(200);
  assert.equal(count("load"), 3, "but within three seconds");
  train(4);
  await pass(4900);
  assert.equal(count("load"), 3, "and at most a sixth of the time");
  await pass(200);
  assert.equal(count("load"), 4);
});

test("weights that arrive during a map have theirs after a pause", async (context) => {
  const { client, train, openMap, count, pass } = setup(context);
  const { encode } = client;
  let answer;
  client.encode = async (images) => {
    await new Promise((resolve) => (answer = resolve));
    return encode.call(client, images);
  };
  openMap(true);
  train(1);
  await pass(0);
  train(2);
  client.encode = encode;
  answer();
  await pass(0);
  assert.equal(count("load"), 1);
  await pass(500);
  assert.equal(count("load"), 2);
});

test("another model is shown at once, and does not continue", async (context) => {
  const { state, show, train, openMap, count, pass } = setup(context);
  openMap(true);
  train(5);
  await pass(0);
  show("z20", describe(4));
  await pass(0);
  assert.equal(count("load"), 2);
  assert.equal(state.map.value.view.continues, false);
  train(1);
  await pass(0);
  assert.equal(state.map.value.view.continues, false);
});

test("other axes do not encode again, more images do without loading", async (context) => {
  const { state, asked, show, openMap, count, pass } = setup(context);
  openMap(true);
  show("z20");
  await pass(0);
  state.mapChoice.value = { ...state.mapChoice.value, axes: [0, 2] };
  await pass(0);
  assert.deepEqual([count("load"), count("encode")], [1, 2]);
  assert.deepEqual(asked.at(-1)[1].components, [0, 2]);
  assert.equal(asked.at(-1)[1].before.length, 6, "the directions before, to turn towards");
  state.mapChoice.value = { ...state.mapChoice.value, count: 4000 };
  await pass(0);
  assert.deepEqual([count("load"), count("encode")], [1, 4]);
});

test("a codebook has no map, a failure is shown and can be tried again", async (context) => {
  const { state, client, map, show, openMap, count, pass } = setup(context);
  openMap(true);
  show("vq", describe(8, "codebook"));
  await pass(0);
  assert.deepEqual([count("load"), state.map.value.view], [0, null]);
  const { view } = client;
  const failure = new Failure("codes_not_finite");
  client.view = () => Promise.reject(failure);
  show("z20");
  await pass(0);
  assert.equal(state.map.value.trouble, failure);
  client.view = view;
  map.retry();
  await pass(0);
  assert.equal(state.map.value.trouble, null);
  assert.ok(state.map.value.view);
});

test("axes: a person's choice, else those held while they are used, else the most used", () => {
  const usage = [0.5, 0, 3];
  const axes = (more) => chosenAxes({ choice: null, held: null, usage, variances: null, size: 3, ...more });
  assert.deepEqual(axes({}), [2, 0]);
  assert.deepEqual(axes({ choice: PRINCIPAL }), []);
  assert.deepEqual(axes({ choice: [1, 2] }), [1, 2]);
  assert.deepEqual(axes({ choice: [1, 7] }), [2, 0], "of a model with more components");
  assert.deepEqual(axes({ held: [0, 2] }), [0, 2]);
  assert.deepEqual(axes({ held: [0, 1] }), [2, 0], "one of them is unused by now");
  assert.deepEqual(axes({ usage: null, variances: [1, 9, 2] }), [1, 2]);
});

test("places move from one snapshot to the next, within a square that is held", () => {
  const motion = new PlaneMotion();
  const options = { more: [], continues: true, animated: true, time: 1000 };
  motion.set(Float32Array.of(-3, 0, 3, 0), { ...options, continues: false });
  assert.ok(!motion.moving, "the first ones are there at once");
  const { square } = motion;
  motion.set(Float32Array.of(-3, 2, 3, -2), options);
  motion.advance(1200);
  assert.ok(motion.moving);
  const { places } = motion;
  assert.deepEqual([...places], [-3, 1, 3, -1], "half-way");
  assert.equal(motion.square, square);
  motion.set(Float32Array.of(-3, 0, 30, 0), { ...options, time: 1200 });
  motion.advance(1201);
  assert.ok(Math.abs(motion.places[1] - 1) < 0.01, "another motion begins where they are");
  assert.notEqual(motion.places, places, "and another array is another picture");
  motion.advance(2000);
  assert.deepEqual([...motion.places], [-3, 0, 30, 0]);
  assert.ok(!motion.moving && motion.square.reach > 16);
  motion.set(Float32Array.of(1, 1, 2, 2), { ...options, animated: false });
  assert.ok(!motion.moving, "reduced motion jumps");
});

test("the drawing's mean leaves a trace over a run, and another drawing begins another", () => {
  const state = createState({ system: systems[0], values: {} });
  traceDrawing(state);
  const infer = (...mean) => {
    state.inference.value = { mean: Float32Array.from(mean) };
  };
  const lengths = [];
  const note = () => lengths.push(state.drawingTrace.value.length);
  state.shown.value = { source: "training", description: describe() };
  infer(1, 2, 3);
  note();
  for (let step = 1; step <= 3; step++) {
    state.run.value = { ...state.run.value, step };
    infer(step, 0, 0);
    note();
  }
  state.drawing.value = { ...state.drawing.value, items: [{}] };
  infer(0, 0, 0);
  note();
  state.inference.value = null;
  note();
  assert.deepEqual(lengths, [1, 2, 3, 4, 1, 0]);
  state.run.value = { ...state.run.value, step: 0 };
  for (let step = 1; step < 2000; step++) {
    state.run.value = { ...state.run.value, step };
    infer(step, 0, 0);
  }
  const { value: trace } = state.drawingTrace;
  assert.ok(trace.length <= 401 && trace[0][0] === 1 && trace.at(-1)[0] === 1999);
});
