// The shelf of drawings: a value with classes, which may be none.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  className,
  EMPTY_SHELF,
  nextClassName,
  shelfCounts,
  shelfImages,
  withClass,
  withClassName,
  withCurrent,
  withDrawing,
  withLabel,
  withoutClass,
  withoutDrawing,
} from "../../www/data-sets/shelf.js";

const ink = (value) => new Float32Array(784).fill(value);
const labels = ({ drawings }) => drawings.map(({ label }) => label);

/** Two drawings of A, one of B, one of none. */
function four() {
  let shelf = withClass(EMPTY_SHELF, "A");
  shelf = withDrawing(withDrawing(shelf, ink(0)), ink(1));
  shelf = withDrawing(withClass(shelf, "B"), ink(0.5));
  return withDrawing(withCurrent(shelf, null), ink(0.2));
}

test("a drawing gets the current class, an id of its own, and bytes of which 255 is ink", () => {
  const shelf = four();
  assert.deepEqual(labels(shelf), [0, 0, 1, null]);
  assert.deepEqual(
    shelf.drawings.map(({ id }) => id),
    [1, 2, 3, 4],
  );
  assert.deepEqual(
    shelf.drawings.map(({ pixels }) => pixels[0]),
    [0, 255, 128, 51],
  );
  assert.deepEqual(shelfCounts(shelf), { classes: [2, 1], none: 1 });
});

test("nothing is changed in place", () => {
  const shelf = four();
  const before = structuredClone(shelf);
  withoutClass(withLabel(withoutDrawing(shelf, 1), 2, null), 0);
  withClassName(shelf, 0, "a");
  assert.deepEqual(shelf, before);
});

test("a deleted drawing's id is not given to one that is still there", () => {
  const shelf = withDrawing(withoutDrawing(four(), 2), ink(1));
  const ids = shelf.drawings.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test("a deleted class leaves its drawings without one, and the others in theirs", () => {
  const shelf = withoutClass(withCurrent(four(), 1), 0);
  assert.deepEqual(shelf.classes, ["B"]);
  assert.deepEqual(labels(shelf), [null, null, 0, null]);
  assert.equal(shelf.current, 0);
  assert.equal(withoutClass(withCurrent(four(), 0), 0).current, null);
});

test("a class has a name of 1 to 24 characters that no other has", () => {
  const shelf = four();
  assert.equal(className(shelf, "  two   words "), "two words");
  for (const typed of ["", "  ", "A", "x".repeat(25)]) assert.equal(className(shelf, typed), null, typed);
  assert.equal(className(shelf, "A", 0), "A");
  assert.equal(nextClassName(shelf), "C");
  assert.equal(nextClassName(withClass(shelf, "C")), "D");
});

test("images have labels only where every drawing has a class, and no class is empty", () => {
  assert.equal(shelfImages(four()).labels, null);
  const shelf = withClass(withLabel(four(), 4, 1), "C");
  const { images, labels: known, classes } = shelfImages(withLabel(withLabel(shelf, 1, 2), 2, 2));
  assert.equal(images.length, 4 * 784);
  assert.deepEqual([...known], [1, 1, 0, 0]);
  assert.deepEqual(classes, ["B", "C"]);
});
