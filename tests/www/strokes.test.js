// Strokes as curves: a stroke painted in pieces has the curves of the whole, and ink is opacity.

import assert from "node:assert/strict";
import { test } from "node:test";
import { drawStroke, ERASER, inkOf, PEN } from "../../www/explore/strokes.js";

const SIZE = 100;
const points = [0.1, 0.2, 0.4, 0.7].map((x) => ({ x, y: x / 2 }));

/** The curves that were drawn on a context, and its settings. */
function recordedContext() {
  const curves = [];
  const record =
    (name) =>
    (...args) =>
      curves.push([name, ...args]);
  const context = { beginPath() {}, stroke() {} };
  for (const name of ["moveTo", "lineTo", "quadraticCurveTo"]) context[name] = record(name);
  return { context, curves };
}

const curvesOnly = (curves) => curves.filter(([name]) => name === "quadraticCurveTo");

test("pieces of a growing stroke have the same curves as the whole", () => {
  const [whole, pieces] = [recordedContext(), recordedContext()];
  drawStroke(whole.context, { points, erase: false }, SIZE);
  for (let length = 1; length <= points.length; length++)
    drawStroke(pieces.context, { points: points.slice(0, length), erase: false }, SIZE, length - 1);
  assert.equal(curvesOnly(whole.curves).length, points.length - 1);
  assert.deepEqual(curvesOnly(pieces.curves), curvesOnly(whole.curves));
});

test("a stroke of one point is a dot", () => {
  const { context, curves } = recordedContext();
  drawStroke(context, { points: points.slice(0, 1), erase: false }, SIZE);
  assert.deepEqual(curves, [
    ["moveTo", 10, 5],
    ["lineTo", 10, 5],
  ]);
});

test("the eraser takes ink away, and is wider than the pen", () => {
  const { context } = recordedContext();
  drawStroke(context, { points, erase: false }, SIZE);
  assert.deepEqual([context.globalCompositeOperation, context.lineWidth], ["source-over", PEN * SIZE]);
  drawStroke(context, { points, erase: true }, SIZE);
  assert.deepEqual([context.globalCompositeOperation, context.lineWidth], ["destination-out", ERASER * SIZE]);
});

test("ink is the opacity of a pixel, from 0 to 1", () => {
  assert.deepEqual([...inkOf(Uint8ClampedArray.of(9, 9, 9, 0, 0, 0, 0, 255))], [0, 1]);
});
