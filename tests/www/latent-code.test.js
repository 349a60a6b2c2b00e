// Codes of real numbers and of codebook indices: the values to try, and what components are called.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  componentName,
  editorOf,
  gridsOf,
  mostUsedFirst,
  placeName,
  placeTitle,
  stripOf,
} from "../../www/explore/latent-code.js";
import { predictionText } from "../../www/views/classes.js";

const REALS = { length: 20, codes: 0, levels: [] };
const ONE = { length: 49, codes: 128, levels: [49] };
const TWO = { length: 245, codes: 128, levels: [49, 196] };

test("real numbers are edited by sliders, indices as codes", () => {
  assert.equal(editorOf(REALS), "sliders");
  assert.equal(editorOf({ length: 49, codes: 128 }), "codes");
  assert.equal(editorOf({ length: 30, codes: 10, kind: "categorical" }), "switches");
});

test("the strip of a real number goes from minus three to three, whatever it is", () => {
  for (const value of [0, 7]) {
    const strip = stripOf(REALS, value);
    assert.equal(strip.length, 11);
    assert.deepEqual([strip[0], strip[10]].map(Math.round), [-3, 3]);
  }
});

test("the strip of a code holds that code and no other than there are", () => {
  for (const codes of [2, 11, 12, 128, 512]) {
    for (const code of [0, 1, codes >> 1, codes - 1]) {
      const tried = [...stripOf({ length: 49, codes }, code)];
      assert.ok(tried.includes(code), `${code} of ${codes}`);
      assert.equal(new Set(tried).size, Math.min(11, codes));
      assert.ok(tried.every((each) => each >= 0 && each < codes));
    }
  }
});

test("a place of the grid is called by its row and column", () => {
  assert.equal(placeName(ONE, 0), "row 1, column 1");
  assert.equal(placeName(ONE, 48), "row 7, column 7");
  assert.equal(componentName(ONE, 7), "row 2, column 1");
});

test("a place of two levels is called by its level too, and counted there", () => {
  assert.deepEqual(
    gridsOf(TWO).map(({ first, side }) => [first, side]),
    [
      [0, 7],
      [49, 14],
    ],
  );
  assert.equal(placeName(TWO, 48), "top, row 7, column 7");
  assert.equal(placeName(TWO, 49), "bottom, row 1, column 1");
  assert.equal(placeTitle(TWO, 244), "Bottom, row 14, column 14");
});

test("a component is called by its number, from 1", () => {
  assert.equal(componentName(REALS, 0), "z1");
  assert.equal(componentName({ length: 30, codes: 10, kind: "categorical" }, 7), "z8");
});

test("components are ordered by their use, equal ones by number", () => {
  assert.deepEqual(mostUsedFirst(Float32Array.of(0, 2, 0, 3)), [3, 1, 0, 2]);
});

test("a prediction has its probability, and the second class where it is not certain", () => {
  const of = (shares) => Float32Array.from({ length: 10 }, (_, label) => shares[label] ?? 0);
  const names = [..."0123456789"];
  assert.match(predictionText(of({ 3: 0.97, 5: 0.03 }), names), /^Predicted class: 3 \(97 %\)\.$/);
  assert.match(
    predictionText(of({ 4: 0.6, 9: 0.4 }), names),
    /: 4 \(60 %\); second most probable: 9 \(40 %\)\.$/,
  );
  assert.match(predictionText(of({ 1: 0.9999, 7: 0.0001 }), names), /over 99 %/);
});
