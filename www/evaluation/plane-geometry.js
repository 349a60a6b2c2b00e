// The geometry of a plane through latent space: the square shown, coordinates on the canvas, and the ellipse of a posterior.

import { hasIndices } from "../settings/schema.js";

/** Whether a model has a plane to show: indices have none. Of a single component the other direction is the class. */
export function hasPlane(model) {
  return !hasIndices(model);
}

/** Whether the prior is N(0, I) over the whole code: of two layers the lower one's depends on the upper one. */
export function hasStandardPrior({ prior, posterior }) {
  return prior === "standard" && posterior !== "two_layers";
}

// A plane is {across [Z], upwards [Z]}: two directions of length one at right angles.

/** The place [x, y] of the code `z` [Z]. */
export function placeOf({ across, upwards }, z) {
  return [across, upwards].map((axis) => axis.reduce((sum, weight, c) => sum + weight * z[c], 0));
}

/** The code `z` moved parallel to the plane until it has this `place`. */
export function codeAt(plane, z, place) {
  const [x, y] = placeOf(plane, z);
  const [right, up] = [place[0] - x, place[1] - y];
  return Float32Array.from(z, (value, c) => value + right * plane.across[c] + up * plane.upwards[c]);
}

/** The covariance [xx, xy, yy] of places, from that of codes, [Z * Z]. */
export function covarianceIn({ across, upwards }, covariance) {
  const product = (a, b) =>
    a.reduce((sum, weight, row) => {
      if (weight === 0) return sum;
      return sum + weight * b.reduce((inner, other, c) => inner + other * covariance[row * b.length + c], 0);
    }, 0);
  return [product(across, across), product(across, upwards), product(upwards, upwards)];
}

/**
 * The ellipse of a Gaussian with covariance [aa, ab, bb] at `deviations` standard deviations: its semi-axes `long` and `short`, and the
 * `angle` of the long one from the first component towards the second, in radians.
 */
export function ellipse([aa, ab, bb], deviations = 2) {
  const middle = (aa + bb) / 2;
  const spread = Math.hypot((aa - bb) / 2, ab);
  const semiAxis = (variance) => deviations * Math.sqrt(Math.max(0, variance));
  return {
    long: semiAxis(middle + spread),
    short: semiAxis(middle - spread),
    angle: spread === 0 ? 0 : Math.atan2(2 * ab, aa - bb) / 2,
  };
}

/** The `size` components from the most used to the least used: by mean KL, or where that is unknown or zero, by the variance of their codes. */
export function byUsage(usage, variances, size) {
  const weight = isMeasured(usage, size) ? usage : variances;
  return [...Array(size).keys()].sort((a, b) => weight[b] - weight[a] || a - b);
}

/** Whether `usage` gives the mean KL of this many components, and not only zeros. */
export function isMeasured(usage, size) {
  return usage?.length === size && usage.some((value) => value > 0);
}

const SHOWN = 0.995; // share of the codes inside the square: to include the few furthest would shrink the rest
const SAMPLE = 10_000; // places, evenly spaced, that say where nearly all are: to sort all of 100,000 would hold the page up for 30 ms
const LEAST_REACH = 3.2; // three standard deviations of N(0, I): the codes of a collapsed model fill little of it

/**
 * The square of the plane to show: `{centre: [x, y], reach}`, `reach` being half its side. Both directions have the same scale, so that a
 * circle is round. It contains nearly all `places` [n * 2] and every one of `more`, [[x, y], ..].
 */
export function square(places, more = []) {
  const count = places.length / 2;
  const every = Math.max(1, Math.ceil(count / SAMPLE));
  const ends = [0, 1].map((k) => {
    const values = new Float32Array(Math.ceil(count / every));
    for (let n = 0; n < values.length; n++) values[n] = places[2 * every * n + k];
    values.sort();
    const at = (share) => values[Math.round(share * (values.length - 1))] ?? 0;
    return [at((1 - SHOWN) / 2), at((1 + SHOWN) / 2)];
  });
  for (const [x, y] of more) {
    ends[0] = [Math.min(ends[0][0], x), Math.max(ends[0][1], x)];
    ends[1] = [Math.min(ends[1][0], y), Math.max(ends[1][1], y)];
  }
  const reach = Math.max(LEAST_REACH, ...ends.map(([least, most]) => (1.08 * (most - least)) / 2));
  return { centre: ends.map(([least, most]) => (least + most) / 2), reach };
}

const SLACK = 1.15; // a square that has to grow grows by this much more
const SMALLEST = 0.6; // share of the held square below which it shrinks

/** The square to show when `wanted` follows `held`: the same as long as it contains the wanted one and is not much larger. */
export function heldSquare(held, wanted) {
  const contains = wanted.centre.every(
    (value, k) => Math.abs(value - held.centre[k]) + wanted.reach <= held.reach * 1.0001,
  );
  if (contains && wanted.reach >= SMALLEST * held.reach) return held;
  return { centre: wanted.centre, reach: SLACK * wanted.reach };
}

/** Between two squares, `t` from 0 to 1. */
export function squareBetween(from, to, t) {
  const mix = (a, b) => a + (b - a) * t;
  return {
    centre: from.centre.map((value, k) => mix(value, to.centre[k])),
    reach: mix(from.reach, to.reach),
  };
}

/** The part of a square of `side` pixels that is seen after a zoom by `k` and a shift by `x` and `y` pixels. */
export function zoomedSquare({ centre, reach }, side, { k, x, y }) {
  const unit = (2 * reach) / side; // latent units per pixel without zoom
  const middle = [side / 2 - x, side / 2 - y].map((pixels) => pixels / k - side / 2);
  return { centre: [centre[0] + middle[0] * unit, centre[1] - middle[1] * unit], reach: reach / k };
}

/** The zoom {k, x, y} by which of a square of `side` pixels the part `camera` {centre, reach} is seen, as far as `zoomedSquare` allows. */
export function zoomTo({ centre, reach }, side, camera) {
  const k = Math.max(1, reach / camera.reach);
  const unit = (2 * reach) / side;
  const middle = [(camera.centre[0] - centre[0]) / unit, (centre[1] - camera.centre[1]) / unit];
  const [x, y] = middle.map((pixels) => side / 2 - k * (pixels + side / 2));
  return { k, x, y };
}

/** How many of `places` [n * 2] are in the square. */
export function countIn({ centre: [x, y], reach }, places) {
  let count = 0;
  for (let k = 0; k < places.length; k += 2)
    if (Math.abs(places[k] - x) <= reach && Math.abs(places[k + 1] - y) <= reach) count++;
  return count;
}

/** The index of the one of `places` [n * 2] that is nearest to the place [x, y]; the first of several. */
export function nearestPlace(places, [x, y]) {
  let [nearest, least] = [0, Number.POSITIVE_INFINITY];
  for (let k = 0; k < places.length; k += 2) {
    const squared = (places[k] - x) ** 2 + (places[k + 1] - y) ** 2;
    if (squared < least) [nearest, least] = [k / 2, squared];
  }
  return nearest;
}

/** Converts between latent values and pixels of a square canvas of `side`; the second component points upwards. */
export class Frame {
  constructor(square, side) {
    const { centre, reach } = square;
    this.square = square;
    this.centre = centre;
    this.reach = reach;
    this.side = side;
    this.scale = side / (2 * reach); // pixels per latent unit
  }

  at([x, y]) {
    return [(x - this.centre[0] + this.reach) * this.scale, (this.centre[1] + this.reach - y) * this.scale];
  }

  from([left, top]) {
    return [left / this.scale + this.centre[0] - this.reach, this.centre[1] + this.reach - top / this.scale];
  }

  /** The nearest place inside the square. */
  clamped(place) {
    return place.map((value, k) =>
      Math.min(this.centre[k] + this.reach, Math.max(this.centre[k] - this.reach, value)),
    );
  }

  /** About six round values along component `k` (0 or 1) of the plane. */
  ticks(k) {
    const rough = this.reach / 4;
    const decade = 10 ** Math.floor(Math.log10(rough));
    const step = decade * [1, 2, 5, 10].find((times) => times * decade >= rough);
    const [least, most] = [this.centre[k] - this.reach, this.centre[k] + this.reach];
    const first = Math.ceil(least / step);
    return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) => (first + i) * step);
  }

  /** The centres of `count` x `count` equal cells, row by row from the top left. */
  cellCentres(count) {
    const cell = this.side / count;
    return Array.from({ length: count * count }, (_, k) =>
      this.from([((k % count) + 0.5) * cell, (Math.floor(k / count) + 0.5) * cell]),
    );
  }
}

/** Codes [count * count * Z] at the centres of equal cells of the square `shown`, in the plane through `z`. */
export function gridCodes(plane, z, shown, count) {
  const places = new Frame(shown, 1).cellCentres(count);
  const codes = new Float32Array(z.length * places.length);
  for (const [n, place] of places.entries()) codes.set(codeAt(plane, z, place), n * z.length);
  return codes;
}
