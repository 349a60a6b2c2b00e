// What an address brings of what is seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MNIST } from "../../www/data-sets/shipped.js";
import { firstEnds, testEnd } from "../../www/paths/path-end.js";
import { names, settings } from "../../www/settings/schema.js";
import { defaults } from "../../www/settings/values.js";
import { addressOfLinked, stillSeen } from "../../www/share/link.js";
import { itemsOfSeen, NAMES, seenFromAddress, textsOfSeen } from "../../www/share/seen.js";
import { createState } from "../../www/state.js";
import { systems } from "./schema.js";

const numRuns = Number(process.env.CASES ?? 300);
const [system] = systems;
const digits = {
  pictures: Float32Array.from({ length: 20 * 784 }, (_, k) => ((k * 7919) % 256) / 255),
  labels: Uint8Array.from({ length: 20 }, (_, k) => k % 10),
};
const context = { system, systems, dataset: MNIST, digits };

function newState() {
  const state = createState({ system, values: defaults() });
  const model = { latent: 20, labelled: false, classifier: false };
  state.shown.value = { source: "z20", description: { model, code: { length: 20, codes: 0 } } };
  state.code.value = new Float32Array(20);
  return state;
}

/** Reads back what is written of `state`. */
function readBack(state) {
  const texts = textsOfSeen(state, context);
  const search = `?${new URLSearchParams(texts.query)}`;
  const hash = `#${new URLSearchParams(texts.fragment)}`;
  const { seen, complaints } = seenFromAddress({ search, hash }, context);
  assert.deepEqual(complaints, []);
  return seen;
}

/** What every link brings. */
const always = (state) => ({ kept: true, weights: "z20", random: state.seeds.value });

test("an untouched page brings its weights and its random numbers, and leaves out what is kept elsewhere", () => {
  const state = newState();
  assert.deepEqual(readBack(state), always(state));
});

test("everything that was changed comes back", () => {
  const state = newState();
  const stroke = {
    points: [
      { x: 0.25, y: 0.5 },
      { x: 0.75, y: 0.5 },
    ],
    erase: false,
  };
  const image = digits.pictures.slice(3 * 784, 4 * 784);
  state.mapChoice.value = { axes: [6, 2], count: 10_000 };
  state.mapCamera.value = { centre: [0.5, -1.25], reach: 0.75 };
  state.asGrid.value = true;
  state.component.value = 4;
  state.corruption.value = "noise";
  state.centre.value = false;
  state.samples.value = { seed: 12, reach: 7.5 };
  state.drawing.value = { items: [{ image, label: 3 }, stroke], cleared: [], time: null };
  state.codeOrigin.value = "edited";
  state.code.value = Float32Array.from({ length: 20 }, (_, k) => k / 7);
  state.mapBackground.value = true;
  state.labelChoice.value = { label: 7, inferred: true };
  state.course.value = { kind: "spherical", at: 31 };
  state.posteriorChoice.value = "pair";
  state.crosses.value = { z2: [0.1, -2.5], shown: [1 / 3, 1e-7] };
  state.frames.value = { shown: { centre: [-1 / 3, 2], reach: 1.25 } };
  const seen = readBack(state);
  assert.deepEqual(seen, {
    ...always(state),
    background: true,
    label: 7,
    infer: true,
    course: "spherical",
    place: 31,
    posteriors: "pair",
    cross: { z2: [0.1, -2.5], shown: [1 / 3, 1e-7] },
    frame: { shown: { centre: [-1 / 3, 2], reach: 1.25 } },
    axes: [6, 2],
    images: 10_000,
    camera: { centre: [0.5, -1.25], reach: 0.75 },
    grid: true,
    component: 5,
    corrupt: "noise",
    centre: false,
    draws: 12,
    box: 7.5,
    digit: 3,
    drawing: [stroke],
    code: state.code.value,
  });
  assert.deepEqual(itemsOfSeen(seen, context), state.drawing.value.items);
});

test("no parameter of what is seen is that of a setting", () => {
  const queries = names.map((name) => settings[name].query);
  assert.deepEqual(
    NAMES.filter((name) => queries.includes(name)),
    [],
  );
});

test("weights of a run, and codes that follow the drawing, are in no address", () => {
  const state = newState();
  state.shown.value = { ...state.shown.value, source: "training" };
  const { query, fragment } = textsOfSeen(state, context);
  assert.deepEqual([Object.keys(query), fragment], [["kept", "random"], {}]);
});

test("weights of another model type, which Posterior and Compare can show, are in the address too", () => {
  const state = newState();
  state.shown.value = { ...state.shown.value, source: "full-z2" };
  assert.equal(readBack(state).weights, "full-z2");
});

const strokes = [
  {
    points: [
      { x: 0.125, y: 0.5 },
      { x: 1001 / 2048, y: -3 / 2048 },
    ],
    erase: true,
  },
];
const digit = { image: digits.pictures.slice(5 * 784, 6 * 784), label: 5 };

test("the ends of the paths come back: test digits, drawings on the grid of the pad, codes to the bit", () => {
  const state = newState();
  state.ends.value = firstEnds(digits);
  assert.deepEqual(textsOfSeen(state, context).fragment, {}, "the usual ones need no words");
  const image = new Float32Array(784).fill(0.25);
  const code = Float32Array.of(1 / 3, -2.5);
  const ends = [
    testEnd(digits, 12),
    ...[{ kind: "noise", seed: 4_000_000_000 }, null].flatMap((corruption) =>
      [[digit, ...strokes], [digit], strokes].map((items) => ({
        kind: "drawing",
        image,
        label: corruption ? 5 : null,
        drawn: { items, centre: corruption === null, corruption },
      })),
    ),
    ...["z2", "beta-0.1"].map((source) => ({
      kind: "code",
      image,
      label: null,
      code,
      shownAs: 7,
      model: { source, of: null, length: 2, codes: 0 },
    })),
  ];
  for (const end of ends) {
    state.ends.value = { a: end, b: testEnd(digits, 3) };
    const { a, b } = readBack(state);
    const { model, ...rest } = end;
    assert.equal(b, undefined);
    assert.deepEqual(
      a,
      end.kind === "test" ? end : { ...rest, image: null, ...(model ? { source: model.source } : {}) },
    );
  }
});

test("a code whose weights no link has is there as its picture", () => {
  const state = newState();
  const image = Float32Array.from({ length: 784 }, (_, k) => (k % 256) / 255);
  for (const source of ["training", "file", null]) {
    const model = source && { source, of: "one", length: 2, codes: 0 };
    const end = { kind: "code", image, label: 2, code: Float32Array.of(1, 2), shownAs: 2, model };
    state.ends.value = { a: end, b: end };
    const { a } = readBack(state);
    assert.deepEqual([a.kind, a.label, a.model], ["code", 2, null]);
    assert.deepEqual(a.image, image);
  }
});

test("any words are either taken within their limits, or refused in a sentence", () => {
  const keys = fc.constantFrom(...NAMES, "digit", "drawing", "code", "a", "b");
  const words = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.double().map(String),
    fc.constantFrom("1,2", "1,1", "on", "off", "NaN,0,1", "1e99", "1,2,3", "shown,1,2", "z2,1", "pair"),
    fc.constantFrom(
      "digit.3",
      "digit.",
      "constructor.1",
      "drawing.",
      "drawing..3..1..",
      "picture.AA.",
      "code.AACAPw..3.z20",
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(keys, words), { maxLength: 6 }), (pairs) => {
      const parameters = new URLSearchParams(pairs);
      const { seen, complaints } = seenFromAddress(
        { search: `?${parameters}`, hash: `#${parameters}` },
        context,
      );
      const asked = new Set(pairs.map(([key]) => key));
      assert.equal(Object.keys(seen).length + complaints.length, asked.size);
      assert.ok(complaints.every((sentence) => sentence.endsWith(".")));
      if (seen.axes && seen.axes !== "principal") assert.notEqual(seen.axes[0], seen.axes[1]);
      if (seen.camera) assert.ok(seen.camera.reach > 0 && seen.camera.centre.every(Number.isFinite));
    }),
    { numRuns },
  );
});

test("what a link has brought leaves the address once it is not seen any more", () => {
  const state = newState();
  state.component.value = 4;
  state.codeOrigin.value = "edited";
  const linked = textsOfSeen(state, context);
  assert.deepEqual(stillSeen(linked, state, context), linked);
  state.codeOrigin.value = "drawing";
  const { query, fragment } = stillSeen(linked, state, context);
  assert.deepEqual([query, fragment], [linked.query, {}]);
  assert.deepEqual(addressOfLinked("?beta=4&component=9&camera=1,2,3", { query, fragment }), {
    search: `?beta=4&kept=off&weights=z20&component=5&random=${Object.values(state.seeds.value).join("%2C")}`,
    hash: "",
  });
});
