import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeInParts } from "../../www/explore/decode-in-parts.js";
import { traversalCodes, traversalRows } from "../../www/explore/traversal-rows.js";

const diagonal = { posterior: "diagonal" };

test("a row for each used component, the most used first, with the column of the code", () => {
  const z = Float32Array.of(0.1, -3, 0.8);
  const rows = traversalRows({ model: diagonal, z, usage: [0.3, 2, 0.001], mean: null });
  assert.deepEqual(
    rows.map(({ component, current }) => [component, current]),
    [
      [1, 0],
      [0, 4],
    ],
  );
  assert.deepEqual(rows[0].values, [-3, -2.25, -1.5, -0.75, 0, 0.75, 1.5, 2.25, 3]);
});

test("codes further out widen the range, and without a measure of use every component has a row", () => {
  const z = Float32Array.of(0, 0);
  const mean = Float32Array.of(-7.5, 2);
  const rows = traversalRows({ model: { posterior: "point" }, z, usage: [0, 0], mean });
  assert.deepEqual([rows.length, rows[0].values[0], rows[0].values[8]], [2, -8, 8]);
  assert.equal(traversalRows({ model: diagonal, z, usage: [0, 0.01], mean: null }).length, 0, "none is used");
});

test("each picture's code differs from the code in its row's component alone", () => {
  const z = Float32Array.of(1, 2);
  const rows = traversalRows({ model: diagonal, z, usage: [1, 2], mean: null });
  const codes = traversalCodes(rows, z);
  assert.equal(codes.length, 2 * 9 * 2);
  assert.deepEqual([...codes.slice(0, 4)], [1, -3, 1, -2.25]);
  assert.deepEqual([...codes.slice(18, 20)], [-3, 2]);
});

test("many pictures are decoded a few at a time, in order", async () => {
  const sizes = [];
  const decode = async (codes) => {
    sizes.push(codes.length / 2);
    return Float32Array.from({ length: (codes.length / 2) * 784 }, (_, k) => codes[2 * Math.floor(k / 784)]);
  };
  const codes = Float32Array.from({ length: 2 * 25 }, (_, k) => k);
  const pictures = await decodeInParts(decode, codes, 2);
  assert.ok(Math.max(...sizes) < 10 && sizes.reduce((sum, size) => sum + size) === 25);
  for (let k = 0; k < 25; k++) assert.equal(pictures[k * 784 + 5], 2 * k);
});
