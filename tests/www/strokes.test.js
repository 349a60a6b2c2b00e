// Strokes as curves: a stroke painted in pieces has the curves of the whole.

import assert from "node:assert/strict";
import { test } from "node:test";
import { drawStroke } from "../../www/explore/strokes.js";

const SIZE = 100;
const PEN = 0.075;
const points = [0.1, 0.2, 0.4, 0.7].map((x) => ({ x, y: x / 2 }));

/** The curves that were drawn on a context, and its settings. */
function recordedContext() {
  const curves = [];
  const record =
    (name) =>
    (...args) =>
      curves.push([name, ...args]);
  const context = { beginPath() {}, stroke() {}, fill() {} };
  for (const name of ["moveTo", "lineTo", "quadraticCurveTo", "arc"]) context[name] = record(name);
  return { context, curves };
}

const curvesOnly = (curves) => curves.filter(([name]) => name === "quadraticCurveTo");

test("pieces of a growing stroke have the same curves as the whole", () => {
  const [whole, pieces] = [recordedContext(), recordedContext()];
  drawStroke(whole.context, { points, erase: false }, PEN, SIZE);
  for (let length = 1; length <= points.length; length++)
    drawStroke(pieces.context, { points: points.slice(0, length), erase: false }, PEN, SIZE, length - 1);
  assert.equal(curvesOnly(whole.curves).length, points.length - 1);
  assert.deepEqual(curvesOnly(pieces.curves), curvesOnly(whole.curves));
});

test("a stroke that goes nowhere is a dot as wide as the pen", () => {
  const [first] = points;
  for (const still of [[first], [first, { ...first }, { ...first }]]) {
    const { context, curves } = recordedContext();
    drawStroke(context, { points: still, erase: false }, PEN, SIZE);
    assert.deepEqual(curves, [["arc", 10, 5, 3.75, 0, 2 * Math.PI]]);
  }
});

test("a pen adds ink and an eraser takes it away, each in its width", () => {
  const { context } = recordedContext();
  drawStroke(context, { points, erase: false }, 0.075, SIZE);
  assert.deepEqual([context.globalCompositeOperation, context.lineWidth], ["source-over", 7.5]);
  drawStroke(context, { points, erase: true }, 0.13, SIZE);
  assert.deepEqual([context.globalCompositeOperation, context.lineWidth], ["destination-out", 13]);
});
