// The loss over the steps: reconstruction and KL in training (lines), of the test on few images (rings) and of that on all
// (diamonds), with marks at reconstructions that have a meaning.

import { nats } from "../messages/format.js";
import { count } from "../messages/language.js";
import { text } from "../messages/text.js";
import { chartRange, chartSplits, likelihoods } from "../training/loss-descriptions.js";
import { columns } from "../training/loss-history.js";
import { chartLibrary } from "../urls.js";
import { setAttribute } from "./dom.js";
import { onFrame } from "./frame.js";

const HEIGHT = 200; // CSS pixels, while the chart is hidden
const SHORT_RUN = 200; // steps
const DIAMOND = 6; // from its middle to a corner, in CSS pixels
const EMPTY = { train: [], quick: [], full: [] };

export class LossChartView {
  #root;
  #plot = null;
  #curves = EMPTY;
  #scale = likelihoods.bernoulli;
  #whole = false; // whether the range includes the first steps of a long run
  #toggle;
  #draw;

  /** `toggle`: the button that shows the first steps of a long run as well. */
  constructor(root, toggle) {
    this.#root = root;
    this.#toggle = toggle;
    this.#draw = onFrame(() => this.#paint(), root);
    toggle.addEventListener("click", () => {
      this.#whole = !this.#whole;
      this.#draw();
    });
  }

  /** Loads the plotting library; fails where it cannot be loaded, and the chart stays empty. */
  async open() {
    const { default: uPlot } = await import(chartLibrary);
    const build = () => {
      this.#plot?.destroy();
      this.#plot = new uPlot(
        options(this.#root, { scale: () => this.#scale, whole: () => this.#isWhole }),
        columns(this.#curves, this.#scale.offset),
        this.#root,
      );
      this.#draw();
    };
    build();
    new ResizeObserver(() => this.#fit()).observe(this.#root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
  }

  /** `curves`: as LossHistory has them; `likelihood`: the kind whose losses they are. */
  update({ curves, likelihood }) {
    this.#curves = curves;
    this.#scale = likelihoods[likelihood];
    this.#root.dataset.marks = this.#scale.marks.map(({ at }) => at).join(" ");
    this.#draw();
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#root;
    if (clientWidth > 0) this.#plot.setSize({ width: clientWidth, height: clientHeight });
  }

  /** A short run is shown from its first step on: that is where the loss falls. */
  get #isWhole() {
    return this.#whole || this.#isShort;
  }

  get #isShort() {
    return (this.#curves.train.at(-1)?.step ?? 0) < SHORT_RUN;
  }

  #paint() {
    this.#toggle.hidden = this.#isShort;
    setAttribute(this.#toggle, "aria-pressed", String(this.#whole));
    this.#plot?.setData(columns(this.#curves, this.#scale.offset));
    setAttribute(this.#root, "aria-label", chartInWords(this.#curves));
  }
}

/** The newest points of the curves as a sentence. */
export function chartInWords({ train, full }) {
  const [trained, tested] = [train.at(-1), full.at(-1)];
  if (!trained) return text("training.chart.empty");
  const { step, reconstruction, kl } = trained;
  const values = { step, reconstruction: nats(reconstruction), kl: nats(kl) };
  if (!tested) return text("training.chart.train", values);
  const test = {
    test_step: tested.step,
    test_reconstruction: nats(tested.reconstruction),
    test_kl: nats(tested.kl),
  };
  return text("training.chart.train_and_test", { ...values, ...test });
}

function options(root, { scale, whole }) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const font = `11px ${style.getPropertyValue("--sans")}`;
  return {
    width: Math.max(200, root.clientWidth),
    height: root.clientHeight || HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 26, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => [0, Math.max(100, max ?? 100, min ?? 0)] },
      y: { range: (_, min, max) => chartRange(scale(), min, max, whole()) },
    },
    axes: axes(colour, font),
    series: series(colour),
    hooks: { draw: [(plot) => drawMarks(plot, scale(), colour, font)] },
  };
}

function axes(colour, font) {
  const axis = {
    stroke: colour("--muted"),
    font,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  const stepInWords = (tick, k, { length }) =>
    k === length - 1 ? text("training.chart.step", { step: tick }) : count(tick);
  return [
    { ...axis, size: 30, values: (_, ticks) => ticks.map(stepInWords) },
    {
      ...axis,
      size: 36,
      splits: (_, __, min, max) => chartSplits(min, max),
      values: (_, ticks) => ticks.map(count),
    },
  ];
}

/** In the order of `columns`. */
function series(colour) {
  const line = (name) => ({ stroke: colour(name), width: 1.5, points: { show: false }, spanGaps: true });
  const rings = (name) => ({
    ...line(name),
    dash: [4, 4],
    points: { show: true, size: 6, stroke: colour(name), fill: colour("--card"), width: 1.5 },
  });
  const diamonds = (name) => ({
    ...line(name),
    paths: () => null, // the line through the rings shows the losses between two epochs' ends
    points: { show: true, paths: diamondPaths, stroke: colour("--card"), fill: colour(name), width: 1 },
  });
  const terms = ["--reconstruction", "--kl"];
  return [{}, ...[line, rings, diamonds].flatMap((style) => terms.map(style))];
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
  ctx.strokeStyle = colour("--muted");
  ctx.textBaseline = "bottom";
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
    const words = text(`training.chart.mark.${name}`);
    const label = offset ? words : text("training.chart.mark_with_value", { value: nats(at), mark: words }); // with an offset, the axis does not show the value
    writeOver(ctx, label, [bbox.left + bbox.width - 4, y - 2 * devicePixelRatio], colour);
  }
  ctx.restore();
}

/** Text that curves do not run through: the card's colour is around it. */
function writeOver(ctx, label, [x, y], colour) {
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.lineJoin = "round";
  ctx.strokeStyle = colour("--card");
  ctx.strokeText(label, x, y);
  ctx.fillStyle = colour("--muted");
  ctx.fillText(label, x, y);
  ctx.restore();
}
