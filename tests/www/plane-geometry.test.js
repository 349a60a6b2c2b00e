import assert from "node:assert/strict";
import { test } from "node:test";
import {
  byUsage,
  codeAt,
  countIn,
  covarianceIn,
  ellipse,
  Frame,
  gridCodes,
  hasPlane,
  heldSquare,
  nearestPlace,
  placeOf,
  square,
  zoomedSquare,
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

/** The plane of two of `size` components. */
function componentsPlane(a, b, size) {
  const unit = (component) => Float32Array.from({ length: size }, (_, c) => Number(c === component));
  return { across: unit(a), upwards: unit(b) };
}

const SLANTED = { across: Float32Array.of(0.6, 0.8, 0), upwards: Float32Array.of(0, 0, -1) };

test("the covariance in a plane is that of the places of its samples", () => {
  const covariance = Float32Array.of(1, 2, 3, 2, 5, 6, 3, 6, 9);
  assert.deepEqual(covarianceIn(componentsPlane(0, 2, 3), covariance), [1, 3, 9]);
  assert.deepEqual(covarianceIn(componentsPlane(2, 1, 3), covariance), [9, 6, 5]);
  const [aa, ab, bb] = covarianceIn(SLANTED, covariance);
  near(aa, 0.36 * 1 + 2 * 0.48 * 2 + 0.64 * 5, 1e-5);
  near(ab, -(0.6 * 3 + 0.8 * 6), 1e-5);
  near(bb, 9, 1e-5);
});

test("a code moved to a place has that place, and changes only within the plane", () => {
  const z = Float32Array.of(1, -2, 0.5);
  const moved = codeAt(SLANTED, z, [3, 0.25]);
  const place = placeOf(SLANTED, moved);
  near(place[0], 3, 1e-5);
  near(place[1], 0.25, 1e-5);
  const [x, y, w] = moved.map((value, c) => value - z[c]);
  near(0.8 * x - 0.6 * y, 0, 1e-5); // the direction at right angles to the plane
  near(w, -0.25 - 0.5, 1e-5);
  assert.deepEqual([...codeAt(componentsPlane(2, 0, 3), z, [7, 8])], [8, -2, 7]);
});

test("a codebook has no plane", () => {
  assert.ok(hasPlane({ posterior: "point" }) && !hasPlane({ posterior: "codebook" }));
});

test("components are ordered by usage, or where it is zero or unknown by the variance of their codes", () => {
  const variances = [0.25, 25, 0];
  assert.deepEqual(byUsage([0.1, 0.2, 3], variances, 3), [2, 1, 0]);
  assert.deepEqual(byUsage([0, 0, 0], variances, 3), [1, 0, 2]);
  assert.deepEqual(byUsage(null, variances, 3), [1, 0, 2]);
});

test("the square contains nearly all codes and every given place, in one scale", () => {
  const codes = new Float32Array(2 * 1000);
  for (let k = 0; k < 1000; k++) codes.set([k / 100 - 5, Math.sin(k)], 2 * k);
  codes.set([1000, 0], 0); // one outlier does not make the rest small
  const shown = square(codes);
  assert.ok(shown.reach > 4.9 && shown.reach < 6, `reach ${shown.reach}`);
  const frame = new Frame(square(codes, [[3, 20]]), 300);
  const [left, top] = frame.at([3, 20]);
  assert.ok(left > 0 && left < 300 && top > 0 && top < 300);
});

test("of a hundred thousand codes the square is that of evenly spaced ones, within a percent", () => {
  const places = Float32Array.from({ length: 200_000 }, (_, k) => 4 * Math.sin(12.9898 * k) ** 3);
  const few = places.filter((_, k) => k % 20 < 2);
  assert.deepEqual(square(places), square(few));
  assert.equal(countIn(square(places), places) > 0.98 * 100_000, true);
});

test("each of a hundred thousand places is the nearest to itself, and the first one of equal ones", () => {
  const places = Float32Array.from({ length: 200_000 }, (_, k) =>
    k % 2 === 0 ? k % 632 : Math.floor(k / 632),
  );
  for (let k = 0; k < 100_000; k += 9973)
    assert.equal(nearestPlace(places, [places[2 * k] + 0.3, places[2 * k + 1] - 0.3]), k);
  assert.equal(nearestPlace(Float32Array.of(1, 1, 2, 2, 2, 2), [2, 2]), 1);
});

test("the square of collapsed codes still spans three standard deviations of the prior", () => {
  const { centre, reach } = square(new Float32Array(200));
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

test("a grid of codes goes through the code, with its places in the cells", () => {
  const codes = gridCodes(
    componentsPlane(1, 0, 3),
    Float32Array.of(9, 9, 5),
    { centre: [0, 0], reach: 2 },
    2,
  );
  assert.deepEqual([...codes], [1, -1, 5, 1, 1, 5, -1, -1, 5, -1, 1, 5]);
});

test("a square is held until something is outside or it is far too large", () => {
  const held = { centre: [0, 0], reach: 4 };
  assert.equal(heldSquare(held, { centre: [0.3, 0], reach: 3.6 }), held);
  const grown = heldSquare(held, { centre: [1, 0], reach: 3.6 });
  assert.deepEqual(grown.centre, [1, 0]);
  assert.ok(grown.reach > 3.6, "with some room to move before it grows again");
  assert.equal(heldSquare(grown, { centre: [1.2, 0.1], reach: 3.7 }), grown);
  assert.ok(heldSquare(held, { centre: [0, 0], reach: 1 }).reach < 2);
});

test("a zoomed square shows what a shift and a scale of the pixels show", () => {
  const whole = { centre: [1, -1], reach: 5 };
  assert.deepEqual(zoomedSquare(whole, 100, { k: 1, x: 0, y: 0 }), whole);
  const transform = { k: 4, x: -120, y: -60 };
  const seen = new Frame(zoomedSquare(whole, 100, transform), 100);
  const frame = new Frame(whole, 100);
  for (const place of [
    [0, 0],
    [2, -3],
  ]) {
    const [x, y] = frame.at(place);
    const [left, top] = seen.at(place);
    near(left, transform.k * x + transform.x);
    near(top, transform.k * y + transform.y);
  }
});
