// The loss over the steps: reconstruction and KL, train (lines) and test (points), with two marks that say what a number means.

import { onFrame } from "./frame.js";

const HEIGHT = 250;
/** Losses begin at 543; the interesting part is below this, so the axis ends here as soon as the curve fits. */
const CEILING = 230;
const MARKS = [
  { at: 205.7, name: "205.7 average digit" },
  { at: 45.5, name: "45.5 perfect copy" },
];

export class ChartView {
  #root;
  #plot = null;
  #history;
  #draw = onFrame(() => this.#paint());

  constructor(root, history) {
    this.#root = root;
    this.#history = history;
  }

  /** Loads the plotting library; the rest of the page does without it where that fails. */
  async open() {
    const { default: uPlot } = await import("../vendor/uplot/uPlot.esm.js");
    const build = () => {
      this.#plot?.destroy();
      this.#plot = new uPlot(options(this.#root), this.#history.columns(), this.#root);
      this.#draw();
    };
    build();
    new ResizeObserver(() => this.#plot.setSize({ width: width(this.#root), height: HEIGHT })).observe(
      this.#root,
    );
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
  }

  update() {
    this.#draw();
  }

  #paint() {
    this.#plot?.setData(this.#history.columns());
    const last = this.#history.train.at(-1);
    const label = last
      ? `Loss chart. At step ${last.step}: train reconstruction ${last.reconstruction.toFixed(1)}, KL ${last.kl.toFixed(1)} nats per image`
      : "Loss chart, empty";
    if (this.#root.getAttribute("aria-label") !== label) this.#root.setAttribute("aria-label", label);
  }
}

function width(root) {
  return Math.max(200, Math.floor(root.clientWidth));
}

function options(root) {
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
  const dots = (name, fill) => ({
    stroke: colour(name),
    width: 1.5,
    dash: [4, 4],
    spanGaps: true,
    points: { show: true, size: 6, stroke: colour(name), fill: colour(fill), width: 1.5 },
  });
  return {
    width: width(root),
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 26, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => [0, Math.max(100, max ?? 100, min ?? 0)] },
      y: { range: (_, min, max) => [0, max === null || (min ?? 0) < CEILING ? CEILING : max * 1.05] },
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
        splits: (_, __, ___, max) => (max <= CEILING ? [0, 50, 100, 150, 200] : null) ?? quarters(max),
      },
    ],
    series: [
      {},
      line("--reconstruction"),
      line("--kl"),
      dots("--reconstruction", "--card"),
      dots("--kl", "--card"),
    ],
    hooks: { draw: [(plot) => drawMarks(plot, colour("--muted"), font)] },
  };
}

function quarters(max) {
  const part = Math.ceil(max / 4 / 50) * 50;
  return [0, part, 2 * part, 3 * part, 4 * part];
}

function drawMarks({ ctx, bbox, valToPos }, colour, font) {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.font = font.replace("11px", `${11 * devicePixelRatio}px`);
  ctx.textAlign = "right";
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at, name } of MARKS) {
    const y = Math.round(valToPos(at, "y", true));
    if (y < bbox.top) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(name, bbox.left + bbox.width - 4, y - 4 * devicePixelRatio);
  }
  ctx.restore();
}
