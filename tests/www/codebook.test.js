// The codes of a codebook: their colours, and when they are counted.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CodeUsage } from "../../www/evaluation/code-usage.js";
import { Failure } from "../../www/messages/failure.js";
import { createState } from "../../www/state.js";
import { codeColours } from "../../www/views/code-colours.js";
import { mostUsedCodes } from "../../www/views/code-usage-bars.js";
import { luminance } from "../../www/views/oklch.js";
import { systems } from "./schema.js";

const bytesOf = ({ fill }) => fill.match(/\d+/g).map(Number);
const place = fc.double({ min: -1, max: 1, noNaN: true });

test("a number can be read on every colour: its contrast is at least 4.5", () => {
  fc.assert(
    fc.property(place, place, (x, y) => {
      const colours = codeColours(Float32Array.of(0, 0, x, y), 1);
      const [light, dark] = [luminance(bytesOf(colours)), colours.ink === "#000" ? 0 : 1].toSorted(
        (a, b) => b - a,
      );
      const contrast = (light + 0.05) / (dark + 0.05);
      assert.ok(contrast >= 4.5, `${colours.fill} has ${contrast}`);
    }),
  );
});

test("near vectors have near colours, and lightness alone distinguishes the first component", () => {
  const at = (x, y) => bytesOf(codeColours(Float32Array.of(x, y), 0));
  const far = (a, b) => Math.max(...a.map((byte, k) => Math.abs(byte - b[k])));
  fc.assert(
    fc.property(place, place, (x, y) => {
      const [nextX, nextY] = [x, y].map((value) => Math.min(1, value + 0.02));
      assert.ok(far(at(x, y), at(nextX, nextY)) <= 8);
    }),
  );
  for (const y of [-1, -0.5, 0, 0.5, 1]) {
    const shades = Array.from({ length: 21 }, (_, k) => luminance(at(k / 10 - 1, y)));
    assert.ok(shades.every((shade, k) => k === 0 || shade > shades[k - 1]));
  }
  const [blue, yellow] = [at(0, -1), at(0, 1)];
  assert.ok(blue[2] > blue[0] && yellow[2] < yellow[0], "from blue to yellow");
});

test("before the vectors are known a code has no colour", () => {
  assert.deepEqual(codeColours(null, 3), { fill: "transparent", ink: "currentColor" });
  assert.deepEqual(codeColours(Float32Array.of(0, 0), 3), { fill: "transparent", ink: "currentColor" });
});

test("the most used code is the first, and of equals the one with the smaller number", () => {
  assert.deepEqual(mostUsedCodes(Uint32Array.of(2, 0, 7, 2)), [2, 0, 3, 1]);
});

function setup(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const state = createState({ system: systems[0], values: {} });
  const clock = { now: 0 };
  const loads = [];
  let done = 0;
  const client = {
    async load(weights) {
      loads.push(weights);
      done = 0;
    },
    async encode(count) {
      done += 1000;
      clock.now += 100;
      return { done, of: count };
    },
    codeUsage: async () => [{ counts: Uint32Array.of(loads.length, 1), perplexity: 2 }],
  };
  let step = 0;
  new CodeUsage({ state, client, weights: async () => step, now: () => clock.now });
  const show = (source, codes = 2) => {
    state.shown.value = {
      source,
      description: {
        model: { codes, posterior: codes > 0 ? "codebook" : "diagonal" },
        code: { length: 49, codes, levels: [49] },
      },
    };
  };
  const train = (to) => {
    step = to;
    state.run.value = { ...state.run.value, step };
    show("training");
  };
  const open = (usage) => {
    state.open.value = { ...state.open.value, usage };
  };
  const pass = async (milliseconds = 0) => {
    clock.now += milliseconds;
    context.mock.timers.tick(milliseconds);
    for (let k = 0; k < 20; k++) await new Promise(setImmediate);
  };
  return { state, client, loads, show, train, open, pass };
}

test("codes are counted while they are in sight, and those of other models not at all", async (context) => {
  const { state, loads, show, open, pass } = setup(context);
  show("vq");
  await pass();
  assert.equal(loads.length, 0);
  open(true);
  await pass();
  assert.deepEqual([...state.codeUsage.value.levels[0].counts], [1, 1]);
  assert.deepEqual([state.codeUsage.value.images, state.codeUsage.value.progress], [2000, null]);
  open(false);
  open(true);
  await pass();
  assert.equal(loads.length, 1, "what is counted is not counted again");
  show("z20", 0);
  await pass();
  assert.equal(loads.length, 1);
});

test("a run's codes are counted again as it trains, at most a sixth of the time", async (context) => {
  const { state, loads, train, open, pass } = setup(context);
  open(true);
  train(1);
  await pass();
  for (let step = 2; step < 20; step++) {
    train(step);
    await pass(50);
  }
  assert.equal(loads.length, 1);
  assert.deepEqual([...state.codeUsage.value.levels[0].counts], [1, 1], "the counts of before stay");
  await pass(2000);
  assert.deepEqual([loads.length, state.codeUsage.value.step], [2, 19]);
});

test("a failure is said, and one press counts again", async (context) => {
  const { state, client, loads, show, open, pass } = setup(context);
  const { encode } = client;
  client.encode = async () => {
    throw new Failure("download_no_answer", { file: "t10k" });
  };
  show("vq");
  open(true);
  await pass();
  assert.equal(state.codeUsage.value.trouble.kind, "download_no_answer");
  client.encode = encode;
  open(false);
  open(true);
  await pass();
  assert.deepEqual([loads.length, state.codeUsage.value.trouble], [2, null]);
});
