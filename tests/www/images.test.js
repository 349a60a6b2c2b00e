// Images end to end in one array: cut out, and put into the order of a grid.

import assert from "node:assert/strict";
import { test } from "node:test";
import { alternateRows, imageAt, joinColumns, PIXELS } from "../../www/explore/images.js";

/** Images that are each of one grey value. */
const plain = (...greys) =>
  Float32Array.from({ length: greys.length * PIXELS }, (_, i) => greys[Math.floor(i / PIXELS)]);
const greys = (images) => Array.from({ length: images.length / PIXELS }, (_, k) => imageAt(images, k)[0]);

test("an image is cut out as a copy", () => {
  const images = plain(1, 2, 3);
  const second = imageAt(images, 1);
  second.fill(9);
  assert.deepEqual(greys(images), [1, 2, 3]);
  assert.equal(second.length, PIXELS);
});

test("rows alternate, each above its counterpart", () => {
  assert.deepEqual(greys(alternateRows(plain(1, 2, 3, 4), plain(5, 6, 7, 8), 2)), [1, 2, 5, 6, 3, 4, 7, 8]);
});

test("columns stand side by side", () => {
  assert.deepEqual(greys(joinColumns([plain(1, 2), plain(3, 4), plain(5, 6)])), [1, 3, 5, 2, 4, 6]);
});
