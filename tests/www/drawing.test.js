// The drawing as a value: strokes, undo and clear; and how much of it is painted again.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  beginStroke,
  cancelStroke,
  canUndo,
  clear,
  endStroke,
  extendStroke,
  GRID,
  placeTestImage,
  undo,
} from "../../www/explore/drawing.js";
import { DrawingPainter } from "../../www/explore/drawing-painter.js";

const EMPTY = { items: [], cleared: [], time: null };
/** A point of the grid that drawings lie on. */
const at = (x, y = 0.5) => ({ x: Math.round(x * GRID) / GRID, y: Math.round(y * GRID) / GRID });

/** A drawing with a finished stroke through these points. */
function stroke(drawing, ...points) {
  const begun = beginStroke(drawing, { point: points[0], erase: false }, 1);
  return endStroke(extendStroke(begun, points.slice(1), 2), 3);
}

test("a stroke grows by the points of each event and then rests", () => {
  const drawn = stroke(EMPTY, at(0.1), at(0.2), at(0.3));
  assert.deepEqual(drawn.items, [{ points: [at(0.1), at(0.2), at(0.3)], erase: false }]);
  assert.equal(drawn.time, 3);
});

test("undo takes strokes away, one at a time", () => {
  const one = stroke(EMPTY, at(0.1));
  const two = stroke(one, at(0.9));
  assert.deepEqual(undo(two, 4).items, one.items);
  assert.deepEqual(undo(undo(two, 4), 5).items, []);
});

test("undo after clear brings the drawing back, once", () => {
  const drawn = stroke(EMPTY, at(0.1));
  const cleared = clear(drawn, 4);
  assert.deepEqual(cleared.items, []);
  assert.ok(canUndo(cleared));
  const back = undo(cleared, 5);
  assert.deepEqual(back.items, drawn.items);
  assert.ok(!canUndo(undo(back, 6)));
});

test("clearing an empty pad leaves nothing to bring back", () => {
  assert.ok(!canUndo(clear(EMPTY, 1)));
});

test("a test image takes the place of everything", () => {
  const image = new Float32Array(784);
  const placed = placeTestImage(stroke(EMPTY, at(0.1)), { image, label: 7 }, 4);
  assert.deepEqual(placed.items, [{ image, label: 7 }]);
});

test("a stroke that an undo removed does not grow any more", () => {
  const removed = undo(beginStroke(EMPTY, { point: at(0.1), erase: false }, 1), 2);
  assert.equal(extendStroke(removed, [at(0.2)], 3), removed);
  assert.equal(endStroke(removed, 3), removed);
});

test("a cancelled stroke leaves the drawing as it was, and nothing to undo", () => {
  const one = stroke(EMPTY, at(0.1));
  for (const erase of [false, true]) {
    const growing = extendStroke(beginStroke(one, { point: at(0.5), erase }, 4), [at(0.6)], 5);
    assert.deepEqual(cancelStroke(growing, 6), { ...one, time: 6 });
  }
  assert.ok(!canUndo(cancelStroke(beginStroke(EMPTY, { point: at(0.5), erase: false }, 1), 2)));
});

test("a stroke that has ended or was undone is not cancelled", () => {
  const one = stroke(EMPTY, at(0.1));
  assert.equal(cancelStroke(one, 4), one);
  assert.equal(cancelStroke(EMPTY, 4), EMPTY);
});

/** A canvas context that records its calls. */
function recordedContext() {
  const calls = [];
  const record = (name) => () => calls.push(name);
  const names = ["clearRect", "beginPath", "moveTo", "lineTo", "quadraticCurveTo", "stroke", "arc", "fill"];
  const context = Object.fromEntries(names.map((name) => [name, record(name)]));
  const count = (name) => calls.filter((each) => each === name).length;
  return { context: { ...context, canvas: { width: 100 } }, calls, count };
}

test("of a growing stroke only the new piece is painted", () => {
  const { context, calls, count } = recordedContext();
  const painter = new DrawingPainter(context, { pen: 0.075, eraser: 0.13 });
  let drawing = beginStroke(stroke(EMPTY, at(0.1), at(0.2)), { point: at(0.5), erase: false }, 4);
  painter.update(drawing.items);
  for (const x of [0.6, 0.7, 0.8]) {
    calls.length = 0;
    drawing = extendStroke(drawing, [at(x)], 5);
    painter.update(drawing.items);
    assert.equal(count("clearRect"), 0);
    assert.equal(count("quadraticCurveTo"), 1, "one curve for one point");
  }
});

test("a stroke that has ended is painted again with the rest, as one path", () => {
  const { context, calls, count } = recordedContext();
  const painter = new DrawingPainter(context, { pen: 0.075, eraser: 0.13 });
  const growing = extendStroke(
    beginStroke(EMPTY, { point: at(0.1), erase: false }, 1),
    [at(0.2), at(0.3)],
    2,
  );
  painter.update(growing.items);
  calls.length = 0;
  painter.update(endStroke(growing, 3).items);
  assert.equal(count("clearRect"), 1);
  assert.equal(count("stroke"), 1);
});

test("an unchanged drawing is not painted again", () => {
  const { context, calls } = recordedContext();
  const painter = new DrawingPainter(context, { pen: 0.075, eraser: 0.13 });
  const { items } = stroke(EMPTY, at(0.1), at(0.2));
  painter.update(items);
  calls.length = 0;
  painter.update(items);
  assert.deepEqual(calls, []);
});
