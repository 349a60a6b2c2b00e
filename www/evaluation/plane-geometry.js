// The geometry of a plane through latent space: the square shown, coordinates on the canvas, and the ellipse of a posterior.

/** The covariance of components a and b from that of all, [Z * Z]: [variance of a, covariance, variance of b]. */
export function covarianceOf(covariance, size, a, b) {
  return [covariance[a * size + a], covariance[a * size + b], covariance[b * size + b]];
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

/** Variance of each component over codes [n * Z]. */
export function variances(codes, size) {
  const rows = codes.length / size;
  return Float64Array.from({ length: size }, (_, c) => {
    let sum = 0;
    let squares = 0;
    for (let at = c; at < codes.length; at += size) {
      sum += codes[at];
      squares += codes[at] ** 2;
    }
    return rows > 0 ? Math.max(0, squares / rows - (sum / rows) ** 2) : 0;
  });
}

/** Components from the most used to the least used: by mean KL, or where that is unknown or zero, by the variance of their codes. */
export function byUsage(usage, codes, size) {
  const weight = isMeasured(usage, size) ? usage : variances(codes, size);
  return [...Array(size).keys()].sort((a, b) => weight[b] - weight[a] || a - b);
}

/** Whether `usage` gives the mean KL of this many components, and not only zeros. */
export function isMeasured(usage, size) {
  return usage?.length === size && usage.some((value) => value > 0);
}

const SHOWN = 0.995; // share of the codes inside the square: to include the few furthest would shrink the rest
const LEAST_REACH = 3.2; // three standard deviations of N(0, I): the codes of a collapsed model fill little of it

/**
 * The square of the plane to show: `{centre: [x, y], reach}`, `reach` being half its side. Both components have the same scale, so that a
 * circle is round. It contains nearly all codes and every one of `places`.
 */
export function square(codes, size, [a, b], places = []) {
  const ends = [a, b].map((c) => {
    const values = Float32Array.from({ length: codes.length / size }, (_, k) => codes[k * size + c]).sort();
    const at = (share) => values[Math.round(share * (values.length - 1))] ?? 0;
    return [at((1 - SHOWN) / 2), at((1 + SHOWN) / 2)];
  });
  for (const [x, y] of places) {
    ends[0] = [Math.min(ends[0][0], x), Math.max(ends[0][1], x)];
    ends[1] = [Math.min(ends[1][0], y), Math.max(ends[1][1], y)];
  }
  const reach = Math.max(LEAST_REACH, ...ends.map(([least, most]) => (1.08 * (most - least)) / 2));
  return { centre: ends.map(([least, most]) => (least + most) / 2), reach };
}

/** Converts between latent values and pixels of a square canvas of `side`; the second component points upwards. */
export class Frame {
  constructor({ centre, reach }, side) {
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

/** Codes of a model with two components, [count * count * 2], at the centres of equal cells of the square. */
export function gridCodes(shown, [a, b], count) {
  const places = new Frame(shown, 1).cellCentres(count);
  const codes = new Float32Array(2 * places.length);
  for (const [k, [x, y]] of places.entries()) {
    codes[2 * k + a] = x;
    codes[2 * k + b] = y;
  }
  return codes;
}
