// The losses of a run, kept at bounded size: when the curve holds too many points, neighbours are averaged.

export const MOST_POINTS = 2048;
const CURVES = ["train", "quick", "full"];

export class History {
  #most;
  #bucket = 1; // training steps per point
  #filling = null;
  train = [];
  quick = [];
  full = [];

  constructor(most = MOST_POINTS) {
    this.#most = most;
  }

  get stepsPerPoint() {
    return this.#bucket;
  }

  /** Losses of single training steps, `{step, reconstruction, kl, total}` in nats per image. */
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

  /** A measurement after `step` steps; `which`: "quick", on the first test images, or "full", on all. The two differ in their floor. */
  addTest(which, step, { reconstruction, kl, total }) {
    this[which].push({ step, reconstruction, kl, total });
    if (this[which].length > this.#most) this[which] = this[which].filter((_, index) => index % 2 === 1);
  }

  /** Forgets what came after `step`: the run goes on from an older snapshot. */
  rewind(step) {
    this.#filling = null;
    for (const curve of CURVES) this[curve] = this[curve].filter((point) => point.step <= step);
  }

  clear() {
    this.#bucket = 1;
    this.#filling = null;
    for (const curve of CURVES) this[curve] = [];
  }

  /** Columns on one axis of steps: [steps, then reconstruction and KL of train, of quick and of full]; `offset` is taken off the reconstruction. */
  columns(offset = 0) {
    const curves = CURVES.map((curve) => new Map(this[curve].map((point) => [point.step, point])));
    const steps = [...new Set(curves.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b);
    const column = (points, term, less = 0) =>
      steps.map((step) => (points.has(step) ? points.get(step)[term] - less : null));
    return [
      steps,
      ...curves.flatMap((points) => [column(points, "reconstruction", offset), column(points, "kl")]),
    ];
  }

  #finish() {
    const { step, reconstruction, kl, total, count } = this.#filling;
    this.#filling = null;
    this.train.push({ step, reconstruction: reconstruction / count, kl: kl / count, total: total / count });
    if (this.train.length < this.#most) return;
    const halved = [];
    for (let i = 1; i < this.train.length; i += 2) halved.push(mean(this.train[i - 1], this.train[i]));
    this.train = halved;
    this.#bucket *= 2;
  }
}

function mean(a, b) {
  return {
    step: b.step,
    reconstruction: (a.reconstruction + b.reconstruction) / 2,
    kl: (a.kl + b.kl) / 2,
    total: (a.total + b.total) / 2,
  };
}

/** The mean terms of the last steps, which is what a person can read while single steps jump. */
export class Recent {
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

  mean() {
    const count = this.#losses.length;
    if (count === 0) return null;
    const average = (term) => this.#losses.reduce((sum, loss) => sum + loss[term], 0) / count;
    return { reconstruction: average("reconstruction"), kl: average("kl"), total: average("total") };
  }
}
