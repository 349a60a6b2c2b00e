import assert from "node:assert/strict";
import { test } from "node:test";
import {
  byUsage,
  covarianceOf,
  ellipse,
  Frame,
  gridCodes,
  square,
  variances,
} from "../../www/evaluation/plane-geometry.js";

const near = (actual, expected, tolerance = 1e-6) =>
  assert.ok(Math.abs(actual - expected) < tolerance, `${actual} is not ${expected}`);

test("an axis-aligned posterior is an upright ellipse", () => {
  const lying = ellipse([4, 0, 1]);
  near(lying.long, 4);
  near(lying.short, 2);
  near(lying.angle, 0);
  const standing = ellipse([1, 0, 4]);
  near(standing.long, 4);
  near(standing.angle, Math.PI / 2);
});

test("a covariance tilts the ellipse towards its sign", () => {
  near(ellipse([1, 0.5, 1]).angle, Math.PI / 4);
  near(ellipse([1, -0.5, 1]).angle, -Math.PI / 4);
});

test("every point of the ellipse is two standard deviations from the mean", () => {
  const [aa, ab, bb] = [2, 0.9, 0.7];
  const { long, short, angle } = ellipse([aa, ab, bb], 2);
  const determinant = aa * bb - ab * ab;
  for (let turn = 0; turn < 2 * Math.PI; turn += 0.3) {
    const [u, v] = [long * Math.cos(turn), short * Math.sin(turn)];
    const x = u * Math.cos(angle) - v * Math.sin(angle);
    const y = u * Math.sin(angle) + v * Math.cos(angle);
    const mahalanobis = (bb * x * x - 2 * ab * x * y + aa * y * y) / determinant;
    near(Math.sqrt(mahalanobis), 2);
  }
});

test("an isotropic, a zero and a rank-one covariance have ellipses without NaN", () => {
  assert.deepEqual(ellipse([1, 0, 1]), { long: 2, short: 2, angle: 0 });
  assert.deepEqual(ellipse([0, 0, 0]), { long: 0, short: 0, angle: 0 });
  near(ellipse([1, 1.0000001, 1]).short, 0);
});

test("the covariance of two components is taken from the whole", () => {
  const covariance = Float32Array.of(1, 2, 3, 2, 5, 6, 3, 6, 9);
  assert.deepEqual(covarianceOf(covariance, 3, 0, 2), [1, 3, 9]);
  assert.deepEqual(covarianceOf(covariance, 3, 2, 1), [9, 6, 5]);
});

test("components are ordered by usage, or where it is zero or unknown by the variance of their codes", () => {
  const codes = Float32Array.of(0, 5, 1, 1, -5, 1);
  assert.deepEqual(byUsage([0.1, 0.2, 3], codes, 3), [2, 1, 0]);
  assert.deepEqual(byUsage([0, 0, 0], codes, 3), [1, 0, 2]);
  assert.deepEqual(byUsage(null, codes, 3), [1, 0, 2]);
  assert.deepEqual([...variances(codes, 3)], [0.25, 25, 0]);
});

test("the square contains nearly all codes and every given place, in one scale", () => {
  const codes = new Float32Array(2 * 1000);
  for (let k = 0; k < 1000; k++) codes.set([k / 100 - 5, Math.sin(k)], 2 * k);
  codes.set([1000, 0], 0); // one outlier does not make the rest small
  const shown = square(codes, 2, [0, 1]);
  assert.ok(shown.reach > 4.9 && shown.reach < 6, `reach ${shown.reach}`);
  const frame = new Frame(square(codes, 2, [0, 1], [[3, 20]]), 300);
  const [left, top] = frame.at([3, 20]);
  assert.ok(left > 0 && left < 300 && top > 0 && top < 300);
});

test("the square of collapsed codes still spans three standard deviations of the prior", () => {
  const { centre, reach } = square(new Float32Array(200), 2, [0, 1]);
  assert.deepEqual(centre, [0, 0]);
  assert.ok(reach >= 3);
});

test("places and pixels convert into each other, larger values upwards", () => {
  const frame = new Frame({ centre: [1, -2], reach: 4 }, 200);
  assert.deepEqual(frame.at([1, -2]), [100, 100]);
  assert.deepEqual(frame.at([5, 2]), [200, 0]);
  const [x, y] = frame.from(frame.at([0.3, -1.7]));
  near(x, 0.3);
  near(y, -1.7);
  assert.deepEqual(frame.clamped([9, -9]), [5, -6]);
});

test("ticks are three to ten round values inside the square", () => {
  for (const reach of [0.01, 0.7, 3.2, 4, 12, 250]) {
    const ticks = new Frame({ centre: [0.3 * reach, 0], reach }, 300).ticks(0);
    assert.ok(ticks.length >= 3 && ticks.length <= 10, `${ticks.length} ticks for ${reach}`);
    for (const tick of ticks) assert.ok(Math.abs(tick - 0.3 * reach) <= reach * 1.000001);
    assert.ok(ticks.some((tick) => tick === 0));
  }
});

test("the centres of cells go row by row from the top left", () => {
  const centres = new Frame({ centre: [0, 0], reach: 2 }, 10).cellCentres(2);
  assert.deepEqual(centres, [
    [-1, 1],
    [1, 1],
    [-1, -1],
    [1, -1],
  ]);
});

test("a grid of codes has the components of the axes in their places", () => {
  const codes = gridCodes({ centre: [0, 0], reach: 2 }, [1, 0], 2);
  assert.deepEqual([...codes], [1, -1, 1, 1, -1, -1, -1, 1]);
});
