// The drawing as the viewer's worker takes it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { modelInput } from "../../www/explore/model-input.js";

const stroke = (erase, ...points) => ({ points: points.map(([x, y]) => ({ x, y })), erase });
const image = new Float32Array(784).fill(0.5);

test("an empty pad has no input", () => {
  assert.equal(modelInput([]), null);
});

test("strokes are points end to end, with their lengths and which of them erase", () => {
  const items = [stroke(false, [0, 0.25], [0.5, 0.75]), stroke(true, [1, 0.5])];
  assert.deepEqual(modelInput(items), {
    points: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0.5),
    lengths: Uint32Array.of(2, 1),
    erase: Uint8Array.of(0, 1),
    image: null,
  });
});

test("a test image alone is the input itself, a copy that may be sent away", () => {
  const input = modelInput([{ image, label: 7 }]);
  assert.deepEqual(input, { image });
  assert.notEqual(input.image, image);
});

test("strokes over a test image come with it", () => {
  const { image: below, lengths } = modelInput([{ image, label: 7 }, stroke(true, [0.5, 0.5])]);
  assert.deepEqual(below, image);
  assert.deepEqual(lengths, Uint32Array.of(1));
});
