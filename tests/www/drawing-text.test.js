// Drawings and numbers as text for an address.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { beginStroke, endStroke, extendStroke, GRID } from "../../www/explore/drawing.js";
import { floatsOfText, textOfFloats } from "../../www/share/base64url.js";
import { strokesToText, textToStrokes } from "../../www/share/drawing-text.js";

const numRuns = Number(process.env.CASES ?? 300);
const EMPTY = { items: [], cleared: [], time: null };
const coordinate = fc.double({ min: -2, max: 3, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
const stroke = fc.record({ points: fc.array(point, { minLength: 1, maxLength: 40 }), erase: fc.boolean() });

/** The strokes as they are once drawn. */
function drawn(strokes) {
  return strokes.reduce((drawing, { points: [first, ...rest], erase }) => {
    const begun = beginStroke(drawing, { point: first, erase }, 0);
    return endStroke(extendStroke(begun, rest, 0), 0);
  }, EMPTY).items;
}

test("what was drawn comes back exactly", () => {
  fc.assert(
    fc.property(fc.array(stroke, { minLength: 1, maxLength: 6 }), (strokes) => {
      const items = drawn(strokes);
      assert.deepEqual(textToStrokes(strokesToText(items)), items);
    }),
    { numRuns },
  );
});

test("a stroke of sixty points takes about three characters for each", () => {
  const points = Array.from({ length: 60 }, (_, k) => ({
    x: 0.5 + 0.3 * Math.cos(k / 9),
    y: 0.5 + 0.3 * Math.sin(k / 9),
  }));
  const [item] = drawn([{ points, erase: false }]);
  assert.ok(item.points.every(({ x }) => Number.isInteger(x * GRID)));
  assert.ok(strokesToText([item]).length < 60 * 5);
});

test("any other text is refused, and never read as something that is not a drawing", () => {
  const anything = fc.oneof(fc.string(), fc.stringMatching(/^[\w-]*$/), fc.base64String());
  fc.assert(
    fc.property(anything, (text) => {
      const strokes = textToStrokes(text);
      if (strokes === null) return;
      assert.equal(strokesToText(strokes).length <= text.length, true);
      for (const { points, erase } of strokes) {
        assert.ok(points.length > 0 && typeof erase === "boolean");
        assert.ok(points.every(({ x, y }) => Math.abs(x) <= 64 && Math.abs(y) <= 64));
      }
    }),
    { numRuns },
  );
});

test("a text that was cut short, or has more, is refused", () => {
  fc.assert(
    fc.property(fc.array(stroke, { minLength: 1, maxLength: 3 }), fc.nat(), (strokes, at) => {
      const text = strokesToText(drawn(strokes));
      const short = text.slice(0, at % text.length);
      assert.equal(textToStrokes(short), null);
      assert.equal(textToStrokes(`${text}AAAA`), null);
    }),
    { numRuns },
  );
});

test("float32 numbers come back exactly, others are refused", () => {
  const values = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 1,
    maxLength: 64,
  });
  fc.assert(
    fc.property(values, (numbers) => {
      const exact = Float32Array.from(numbers);
      assert.deepEqual(floatsOfText(textOfFloats(exact)), exact);
    }),
    { numRuns },
  );
  for (const text of [
    "",
    "A",
    "AAAA",
    "AAAAAAA",
    "AADAfw",
    textOfFloats([Number.NaN]),
    textOfFloats([1 / 0]),
    "ä",
  ])
    assert.equal(floatsOfText(text), null, text);
});
