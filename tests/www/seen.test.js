// What an address brings of what is seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
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
const context = { system, digits };

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

test("an untouched page brings its weights and nothing else", () => {
  assert.deepEqual(readBack(newState()), { weights: "z20" });
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
  state.drawing.value = { items: [{ image, digit: 3 }, stroke], cleared: [], time: null };
  state.codeOrigin.value = "edited";
  state.code.value = Float32Array.from({ length: 20 }, (_, k) => k / 7);
  const seen = readBack(state);
  assert.deepEqual(seen, {
    weights: "z20",
    axes: [6, 2],
    images: 10_000,
    camera: { centre: [0.5, -1.25], reach: 0.75 },
    grid: true,
    component: 5,
    corrupt: "noise",
    centre: false,
    samples: 12,
    box: 7.5,
    digit: 3,
    drawing: [stroke],
    code: state.code.value,
  });
  assert.deepEqual(itemsOfSeen(seen, context), state.drawing.value.items);
});

test("weights of a run, and codes that follow the drawing, are in no address", () => {
  const state = newState();
  state.shown.value = { ...state.shown.value, source: "training" };
  assert.deepEqual(textsOfSeen(state, context), { query: {}, fragment: {} });
});

test("any words are either taken within their limits, or refused in a sentence", () => {
  const keys = fc.constantFrom(...NAMES, "digit", "drawing", "code");
  const words = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.double().map(String),
    fc.constantFrom("1,2", "1,1", "on", "off", "NaN,0,1", "1e99"),
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
  assert.deepEqual([query, fragment], [{ weights: "z20", component: "5" }, {}]);
  assert.deepEqual(addressOfLinked("?beta=4&component=9&camera=1,2,3", { query, fragment }), {
    search: "?beta=4&weights=z20&component=5",
    hash: "",
  });
});
