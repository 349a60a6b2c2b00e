import assert from "node:assert/strict";
import { test } from "node:test";
import { cell, diverging, grey, span } from "../../www/views/pixels.js";

test("ink is black, paper is white, and both are opaque", () => {
  assert.deepEqual(
    [...grey(Float32Array.of(1, 0, 0.5))],
    [0, 0, 0, 255, 255, 255, 255, 255, 128, 128, 128, 255],
  );
});

test("values beyond 0 and 1 are clamped, not wrapped", () => {
  assert.deepEqual([...grey(Float32Array.of(1.5, -0.5))], [0, 0, 0, 255, 255, 255, 255, 255]);
});

test("no difference is white, too much ink is red, too little is blue", () => {
  const [white, red, blue] = [0, 4, 8].map((at) =>
    diverging(Float32Array.of(0.3, 1, 0), Float32Array.of(0.3, 0, 1)).slice(at, at + 3),
  );
  assert.deepEqual([...white], [255, 255, 255]);
  assert.ok(red[0] > red[2]);
  assert.ok(blue[2] > blue[0]);
});

test("a smaller difference is paler", () => {
  const bytes = diverging(Float32Array.of(0.2, 0.8), Float32Array.of(0, 0));
  assert.ok(bytes[1] > bytes[5]);
});

test("grid cells follow each other by rows, with a gap between and none outside", () => {
  assert.deepEqual(cell(0, 10, 2), { x: 0, y: 0 });
  assert.deepEqual(cell(9, 10, 2), { x: 270, y: 0 });
  assert.deepEqual(cell(10, 10, 2), { x: 0, y: 30 });
  assert.equal(span(10, 2), cell(9, 10, 2).x + 28);
});
