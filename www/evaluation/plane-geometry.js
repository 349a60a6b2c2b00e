// The geometry of a plane through latent space: which square of it is shown, what lies where, and the ellipse of a belief.

/** The symmetric matrix of two components out of a covariance [Z * Z]: [var a, covariance, var b]. */
export function within(covariance, size, a, b) {
  return [covariance[a * size + a], covariance[a * size + b], covariance[b * size + b]];
}

/**
 * The ellipse `reach` standard deviations out of a Gaussian with this covariance: half axes, the longer first, and the angle of the
 * longer one from the first component towards the second, in radians.
 */
export function ellipse([aa, ab, bb], reach = 2) {
  const middle = (aa + bb) / 2;
  const spread = Math.hypot((aa - bb) / 2, ab);
  const half = (variance) => reach * Math.sqrt(Math.max(0, variance));
  return {
    long: half(middle + spread),
    short: half(middle - spread),
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

/** Components from the most used to the least; where usage says nothing, by the variance of their codes. */
export function byUse(usage, codes, size) {
  const says = usage?.length === size && usage.some((value) => value > 0);
  const weight = says ? usage : variances(codes, size);
  return [...Array(size).keys()].sort((a, b) => weight[b] - weight[a] || a - b);
}

const SHOWN = 0.995; // of the codes: the few furthest ones would make the rest small
const LEAST_REACH = 3.2; // three standard deviations of N(0, I), and so that a collapsed model looks collapsed

/**
 * The square of the plane to show, one scale for both components so that a circle is round: `{centre: [x, y], reach}`. It holds
 * nearly all codes, and the `places` in full.
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

/** Between latent values and pixels of a square canvas of `side`, the second component upwards. */
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

  /** The nearest place that is shown. */
  clamped(place) {
    return place.map((value, k) =>
      Math.min(this.centre[k] + this.reach, Math.max(this.centre[k] - this.reach, value)),
    );
  }

  /** Round values to mark along a component (0 or 1), about six. */
  ticks(k) {
    const rough = this.reach / 4;
    const decade = 10 ** Math.floor(Math.log10(rough));
    const step = decade * [1, 2, 5, 10].find((times) => times * decade >= rough);
    const [least, most] = [this.centre[k] - this.reach, this.centre[k] + this.reach];
    const first = Math.ceil(least / step);
    return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) => (first + i) * step);
  }

  /** Middles of `count` x `count` equal cells, row by row from the top left. */
  middles(count) {
    const cell = this.side / count;
    return Array.from({ length: count * count }, (_, k) =>
      this.from([((k % count) + 0.5) * cell, (Math.floor(k / count) + 0.5) * cell]),
    );
  }
}
