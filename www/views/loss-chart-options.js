// How the loss chart is drawn: the options of the plotting library.

import { count } from "../messages/language.js";
import { text } from "../messages/text.js";
import { isBand, overlayTerms } from "../training/curve-overlay.js";
import { chartRange, chartSplits } from "../training/loss-descriptions.js";
import { colourOf, dashOf } from "./curve-mark.js";
import { drawLetters, drawReferences, drawSnapshot, LETTER, PRESENT } from "./loss-chart-marks.js";

const HEIGHT = 200; // CSS pixels, while the chart is hidden
const DIAMOND = 6; // from its middle to a corner, in CSS pixels
const BAND_OPACITY = "38"; // hexadecimal
const STEPS = 100; // the shortest axis

/**
 * `scale()`: the likelihood's entry of loss-descriptions.js; `whole()`: whether the first steps are in the range; `curves`: those of the
 * overlay; `snapshot()`: the step of the run that is shown, or null.
 */
export function chartOptions(root, { scale, whole, curves, snapshot }) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const font = `${LETTER}px ${style.getPropertyValue("--sans")}`;
  const draw = (plot) => {
    drawReferences(plot, scale(), colour, font);
    drawSnapshot(plot, snapshot(), colour);
    drawLetters(plot, curves, colour, font);
  };
  return {
    width: Math.max(200, root.clientWidth),
    height: root.clientHeight || HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
    padding: [8, 26, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => [0, Math.max(STEPS, max ?? STEPS, min ?? 0)] },
      y: { range: (_, min, max) => chartRange(scale(), min, max, whole()) },
    },
    axes: axes(colour, font),
    series: [...presentSeries(colour), ...curves.flatMap((curve) => overlaySeries(curve, colour))],
    bands: bands(curves, colour),
    hooks: { draw: [draw] },
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

/** In the order of `columns` in training/loss-history.js. */
function presentSeries(colour) {
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

/** In the order of `overlayTerms`. */
function overlaySeries(curve, colour) {
  const stroke = colour(colourOf(curve.slot));
  return overlayTerms(curve).map(({ measure }) => ({
    stroke,
    width: measure === "mean" ? 1.25 : 0, // the edges of a band are not drawn
    dash: dashOf(curve.slot),
    points: { show: false },
    spanGaps: true,
  }));
}

/** Between the most and the least of each term. */
function bands(curves, colour) {
  let next = 1 + PRESENT;
  return curves.flatMap((curve) => {
    const first = next;
    next += overlayTerms(curve).length;
    if (!isBand(curve)) return [];
    const fill = `${colour(colourOf(curve.slot))}${BAND_OPACITY}`;
    return [first, first + 3].map((mean) => ({ series: [mean + 1, mean + 2], fill }));
  });
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
