// The losses of a run at bounded size: when a curve has too many points, neighbours are averaged.

const MOST_POINTS = 2048;
const CURVES = ["train", "quick", "full"];

export class LossHistory {
  #most;
  #bucket = 1; // training steps per point
  #filling = null;
  #curves = { train: [], quick: [], full: [] };

  constructor(most = MOST_POINTS) {
    this.#most = most;
  }

  /** {train, quick, full}: a copy of each curve, points {step, reconstruction, kl, total} in nats per image. */
  curves() {
    return Object.fromEntries(CURVES.map((curve) => [curve, [...this.#curves[curve]]]));
  }

  /** Adds losses of single training steps, `{step, reconstruction, kl, total}` in nats per image. */
  addTrain(losses) {
    for (const loss of losses) {
      this.#filling ??= { step: 0, reconstruction: 0, kl: 0, total: 0, count: 0 };
      const point = this.#filling;
      point.step = loss.step;
      point.reconstruction += loss.reconstruction;
      point.kl += loss.kl;
      point.total += loss.total;
      point.count += 1;
      if (point.count >= this.#bucket) this.#finish();
    }
  }

  /** Adds the mean losses of a test after `step` steps; `which`: "quick", on the first test images, or "full", on all. Their minima differ, so they are two curves. */
  addTest(which, step, { reconstruction, kl, total }) {
    const curve = [...this.#curves[which], { step, reconstruction, kl, total }];
    this.#curves[which] = curve.length > this.#most ? curve.filter((_, index) => index % 2 === 1) : curve;
  }

  /** Continues the curves of an earlier visit, as `curves` gave them. */
  restore(curves) {
    this.#filling = null;
    for (const curve of CURVES) this.#curves[curve] = [...curves[curve]];
    this.#bucket = stepsBetween(curves.train);
  }

  /** Drops the points after `step`, because the run continues from an older checkpoint. */
  rewind(step) {
    this.#filling = null;
    for (const curve of CURVES)
      this.#curves[curve] = this.#curves[curve].filter((point) => point.step <= step);
  }

  clear() {
    this.#bucket = 1;
    this.#filling = null;
    for (const curve of CURVES) this.#curves[curve] = [];
  }

  #finish() {
    const { step, reconstruction, kl, total, count } = this.#filling;
    this.#filling = null;
    const { train } = this.#curves;
    train.push({ step, reconstruction: reconstruction / count, kl: kl / count, total: total / count });
    if (train.length < this.#most) return;
    const halved = [];
    for (let i = 1; i < train.length; i += 2) halved.push(mean(train[i - 1], train[i]));
    this.#curves.train = halved;
    this.#bucket *= 2;
  }
}

/**
 * The curves as columns on one axis of steps: [steps, then reconstruction and KL of train, of quick and of full], null where a
 * curve has no point. `offset` is subtracted from the reconstruction.
 */
export function columns(curves, offset = 0) {
  const points = CURVES.map((curve) => new Map(curves[curve].map((point) => [point.step, point])));
  const steps = [...new Set(points.flatMap((ofCurve) => [...ofCurve.keys()]))].sort((a, b) => a - b);
  const column = (ofCurve, term, less = 0) =>
    steps.map((step) => (ofCurve.has(step) ? ofCurve.get(step)[term] - less : null));
  return [
    steps,
    ...points.flatMap((ofCurve) => [column(ofCurve, "reconstruction", offset), column(ofCurve, "kl")]),
  ];
}

/** Training steps per point: no two points are closer than that, but those around a step at which the run was resumed may be farther apart. */
function stepsBetween(points) {
  const distances = points.map(({ step }, index) => step - (points[index - 1]?.step ?? 0));
  return distances.length > 0 ? Math.min(...distances) : 1;
}

function mean(a, b) {
  return {
    step: b.step,
    reconstruction: (a.reconstruction + b.reconstruction) / 2,
    kl: (a.kl + b.kl) / 2,
    total: (a.total + b.total) / 2,
  };
}

/** The mean losses of the last steps: single steps vary too much to be read. */
export class RecentMean {
  #losses = [];
  #most;

  constructor(most = 100) {
    this.#most = most;
  }

  add(losses) {
    this.#losses = [...this.#losses, ...losses].slice(-this.#most);
  }

  clear() {
    this.#losses = [];
  }

  /** {reconstruction, kl, total} in nats per image, or null before the first step. */
  mean() {
    const count = this.#losses.length;
    if (count === 0) return null;
    const average = (term) => this.#losses.reduce((sum, loss) => sum + loss[term], 0) / count;
    return { reconstruction: average("reconstruction"), kl: average("kl"), total: average("total") };
  }
}
