// The loss over the steps: reconstruction and KL, train (lines), test on few images (rings) and on all (diamonds), with two marks
// that say what a number means.

import { nats } from "../messages/format.js";
import { chartRange, chartSplits, likelihoods } from "../training/loss-descriptions.js";
import { onFrame } from "./frame.js";

const HEIGHT = 250;
const DIAMOND = 6; // from its middle to a corner, in CSS pixels

export class ChartView {
  #root;
  #plot = null;
  #history;
  #likelihood = "bernoulli";
  #draw = onFrame(() => this.#paint());

  constructor(root, history) {
    this.#root = root;
    this.#history = history;
  }

  /** Loads the plotting library; the rest of the page does without it where that fails. */
  async open() {
    const { default: uPlot } = await import(new URL("vendor/uplot/uPlot.esm.js", document.baseURI));
    const build = () => {
      this.#plot?.destroy();
      this.#plot = new uPlot(
        options(this.#root, () => this.#scale),
        this.#history.columns(this.#scale.offset),
        this.#root,
      );
      this.#draw();
    };
    build();
    new ResizeObserver(() => this.#plot.setSize({ width: width(this.#root), height: HEIGHT })).observe(
      this.#root,
    );
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
  }

  /** `likelihood`: the kind whose losses these are. */
  update({ likelihood = this.#likelihood } = {}) {
    this.#likelihood = likelihood;
    this.#root.dataset.marks = this.#scale.marks.map(({ at }) => at).join(" ");
    this.#draw();
  }

  get #scale() {
    return likelihoods[this.#likelihood];
  }

  #paint() {
    this.#plot?.setData(this.#history.columns(this.#scale.offset));
    const label = inWords(this.#history);
    if (this.#root.getAttribute("aria-label") !== label) this.#root.setAttribute("aria-label", label);
  }
}

function inWords({ train, full }) {
  const words = ({ step, reconstruction, kl }) =>
    `at step ${step} reconstruction ${nats(reconstruction)}, KL ${nats(kl)}`;
  const [trained, tested] = [train.at(-1), full.at(-1)];
  if (!trained) return "Loss chart, empty";
  const test = tested ? `; test on all 10,000 images ${words(tested)}` : "";
  return `Loss chart, nats per image. Train ${words(trained)}${test}`;
}

function width(root) {
  return Math.max(200, Math.floor(root.clientWidth));
}

function options(root, scale) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const font = `11px ${style.getPropertyValue("--sans")}`;
  const axis = {
    stroke: colour("--muted"),
    font,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  const line = (name) => ({ stroke: colour(name), width: 1.5, points: { show: false }, spanGaps: true });
  const rings = (name) => ({
    ...line(name),
    dash: [4, 4],
    points: { show: true, size: 6, stroke: colour(name), fill: colour("--card"), width: 1.5 },
  });
  const diamonds = (name) => ({
    ...line(name),
    paths: () => null, // what lies between two epochs' ends is the rings' to say
    points: { show: true, paths: diamondPaths, stroke: colour("--card"), fill: colour(name), width: 1 },
  });
  return {
    width: width(root),
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 26, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => [0, Math.max(100, max ?? 100, min ?? 0)] },
      y: { range: (_, min, max) => chartRange(scale(), min, max) },
    },
    axes: [
      {
        ...axis,
        size: 30,
        values: (_, ticks) => ticks.map((tick, k) => (k === ticks.length - 1 ? `step ${tick}` : tick)),
      },
      {
        ...axis,
        size: 36,
        splits: (_, __, min, max) => chartSplits(min, max),
      },
    ],
    series: [
      {},
      line("--reconstruction"),
      line("--kl"),
      rings("--reconstruction"),
      rings("--kl"),
      diamonds("--reconstruction"),
      diamonds("--kl"),
    ],
    hooks: { draw: [(plot) => drawMarks(plot, scale(), colour("--muted"), font)] },
  };
}

/** One diamond for each value between two indices, for uPlot's `points.paths`. */
function diamondPaths(plot, series, first, last) {
  const path = new Path2D();
  const reach = DIAMOND * devicePixelRatio;
  for (let i = first; i <= last; i++) {
    const value = plot.data[series][i];
    if (value == null) continue;
    const [x, y] = [plot.valToPos(plot.data[0][i], "x", true), plot.valToPos(value, "y", true)];
    path.moveTo(x - reach, y);
    path.lineTo(x, y - reach);
    path.lineTo(x + reach, y);
    path.lineTo(x, y + reach);
    path.closePath();
  }
  return { stroke: path, fill: path, clip: null, flags: 0 };
}

function drawMarks({ ctx, bbox, valToPos }, { marks, offset }, colour, font) {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.font = font.replace("11px", `${11 * devicePixelRatio}px`);
  ctx.textAlign = "right";
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at, name } of marks) {
    const y = Math.round(valToPos(at - offset, "y", true));
    if (y < bbox.top) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(name, bbox.left + bbox.width - 4, y - 4 * devicePixelRatio);
  }
  ctx.restore();
}
