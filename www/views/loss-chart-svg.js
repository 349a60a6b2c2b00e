// The loss chart as SVG: the same data as on the page, as lines and marks that a figure can be made of.

import { along, coordinate, svg, svgDocument, words } from "../export/svg.js";
import { nats } from "../messages/format.js";
import { count } from "../messages/language.js";
import { text } from "../messages/text.js";
import { isBand, overlayTerms, withOverlay } from "../training/curve-overlay.js";
import { chartRange, chartSplits, scaleOf } from "../training/loss-descriptions.js";
import { columns } from "../training/loss-history.js";
import { colourOf, dashOf, letterOf } from "./curve-mark.js";
import { SIZE } from "./plot-svg.js";

/** The part of the picture that the axes frame. */
const PLOT = { left: 64, top: 16, width: 640, height: 320 };
/** The same of a chart for half a page, where letters are not to be smaller. */
export const SMALL_PLOT = { left: 64, top: 16, width: 530, height: 310 };
const RIGHT = 38; // for the letters of the curves
const ROW = 20; // of the legend
const STEPS = 100; // the shortest axis
const SHORT_RUN = 200; // steps, as on the page
const RING = 3;
const DIAMOND = 5;
const KINDS = ["train", "quick", "full"];
const TERMS = ["reconstruction", "kl"];

/**
 * `curves`: as LossHistory has them; `overlay`: as RunList has it; `likelihood`: the kind whose losses they are, on the set of the key `data`; `colours`: as in
 * theme-colours.js; `description`: the chart in words; `plot`: its size.
 */
export function lossChartSvg({
  curves,
  overlay,
  likelihood,
  data = "mnist",
  colours,
  description,
  plot = PLOT,
}) {
  const scale = scaleOf(likelihood, data);
  const [steps, ...series] = withOverlay(columns(curves, scale.offset), overlay, scale.offset);
  const axes = axesOf(steps, series, scale, plot);
  const kinds = KINDS.filter((kind) => curves[kind].length > 0);
  const legend = legendOf({ kinds, overlay, colours, offset: scale.offset, plot });
  const bottom = plot.top + plot.height + 44;
  const drawn = { steps, series, axes, colours };
  return svgDocument(
    {
      width: plot.left + plot.width + RIGHT,
      height: bottom + ROW * legend.length + 8,
      title: text("export.pictures.losses"),
      description,
      background: colours.card,
    },
    svg("clipPath", { id: "loss-chart-clip" }, frame(plot, {})),
    grid(axes, colours),
    svg(
      "g",
      { "clip-path": "url(#loss-chart-clip)" },
      marks(scale, axes, (height, { left, width }) => markLine(height, left, left + width, colours)),
      presentCurves(drawn),
      overlayCurves(overlay.curves, drawn),
      marks(scale, axes, (height, { left, width }, label) => {
        return over(
          label,
          { x: left + width - 4, y: height - 4, "text-anchor": "end" },
          colours.muted,
          colours.card,
        );
      }),
    ),
    frame(plot, { fill: "none", stroke: colours.line }),
    letters(overlay.curves, drawn),
    legend.map((row, k) => svg("g", { transform: `translate(${plot.left} ${bottom + ROW * k})` }, row)),
  );
}

function frame({ left: x, top: y, width, height }, attributes) {
  return svg("rect", { x, y, width, height, ...attributes });
}

/** {x, y, last, range, plot}: functions from a step and from nats to pixels, and what the axes have. */
function axesOf(steps, series, scale, plot) {
  const last = Math.max(STEPS, steps.at(-1) ?? 0);
  const values = series.flat().filter((value) => Number.isFinite(value));
  const [least, most] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [null, null];
  const [low, high] = chartRange(scale, least, most, last < SHORT_RUN);
  return {
    x: (step) => plot.left + (plot.width * step) / last,
    y: (value) => plot.top + (plot.height * (high - value)) / (high - low),
    last,
    range: [low, high],
    plot,
  };
}

function grid({ x, y, last, range, plot }, { line, muted }) {
  const across = { x1: plot.left, x2: plot.left + plot.width };
  const upwards = { y1: plot.top, y2: plot.top + plot.height };
  const label = (at, content) => svg("text", { ...at, fill: muted, "font-size": SIZE }, words(content));
  const rows = chartSplits(...range).map((value) => [
    svg("line", { ...across, y1: y(value), y2: y(value), stroke: line }),
    label({ x: plot.left - 8, y: y(value) + 4, "text-anchor": "end" }, count(value)),
  ]);
  const stops = chartSplits(0, last).map((step) => [
    svg("line", { ...upwards, x1: x(step), x2: x(step), stroke: line }),
    label({ x: x(step), y: plot.top + plot.height + 18, "text-anchor": "middle" }, count(step)),
  ]);
  const end = { x: plot.left + plot.width, y: plot.top + plot.height + 34, "text-anchor": "end" };
  const middle = plot.top + plot.height / 2;
  const side = { x: 14, y: middle, "text-anchor": "middle", transform: `rotate(-90 14 ${middle})` };
  return [rows, stops, label(end, text("export.chart.step")), label(side, text("export.chart.nats"))].flat(3);
}

/** `draw(height, right, label)` for each reconstruction with a meaning that the axes have. */
function marks({ marks: all, offset }, { y, range: [low, high], plot }, draw) {
  return all
    .filter(({ at }) => at - offset >= low && at - offset <= high)
    .map(({ at, name }) => {
      const mark = text(`training.chart.mark.${name}`);
      const label = offset ? mark : text("training.chart.mark_with_value", { value: nats(at), mark });
      return draw(y(at - offset), plot, label);
    });
}

function markLine(y, x1, x2, { muted }) {
  return svg("line", { x1, x2, y1: y, y2: y, stroke: muted, "stroke-dasharray": "1 3" });
}

/** Text that curves do not run through: the card's colour is around it. */
function over(label, at, ink, card, weight = null) {
  const halo = { stroke: card, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" };
  return svg("text", { ...at, fill: ink, "font-size": SIZE, "font-weight": weight, ...halo }, words(label));
}

function pointsOf(column, { steps, axes }) {
  return steps.flatMap((step, k) => (column[k] == null ? [] : [[axes.x(step), axes.y(column[k])]]));
}

/** In the order of `columns` in training/loss-history.js; the line through the rings shows the losses between two epochs' ends. */
function presentCurves(drawn) {
  return KINDS.flatMap((kind, k) =>
    TERMS.map((term, t) => {
      const points = pointsOf(drawn.series[2 * k + t], drawn);
      const curve = {
        "data-curve": `${term}-${kind}`,
        fill: "none",
        stroke: drawn.colours[term],
        "stroke-width": 1.5,
      };
      if (points.length === 0) return "";
      if (kind === "full")
        return svg(
          "g",
          curve,
          points.map(([x, y]) => diamond(x, y, drawn.colours, term)),
        );
      const dashes = { d: along(points), "stroke-dasharray": kind === "quick" ? "4 4" : null };
      const rings = kind === "quick" ? points.map(([cx, cy]) => ring(cx, cy, drawn.colours)) : [];
      return svg("g", curve, svg("path", dashes), rings);
    }),
  );
}

function ring(cx, cy, { card }) {
  return svg("circle", { cx, cy, r: RING, fill: card });
}

function diamond(x, y, colours, term) {
  const corners = [
    [x - DIAMOND, y],
    [x, y - DIAMOND],
    [x + DIAMOND, y],
    [x, y + DIAMOND],
  ];
  return svg("path", {
    d: `${along(corners)}Z`,
    fill: colours[term],
    stroke: colours.card,
    "stroke-width": 1,
  });
}

/** `visit(curve, {mean, most, least})` for each term of each curve of the overlay, with its columns. */
function overlayOf(curves, { series }, visit) {
  let next = 2 * KINDS.length;
  return curves.flatMap((curve) => {
    const terms = {};
    for (const { term, measure } of overlayTerms(curve)) {
      terms[term] ??= {};
      terms[term][measure] = series[next++];
    }
    return TERMS.map((term) => visit(curve, terms[term], term));
  });
}

function overlayCurves(curves, drawn) {
  return overlayOf(curves, drawn, (curve, { mean, most, least }, term) => {
    const stroke = inkOf(curve, drawn.colours);
    const edges = most ? [...pointsOf(most, drawn), ...pointsOf(least, drawn).reverse()] : [];
    const band =
      edges.length > 0 && svg("path", { d: `${along(edges)}Z`, fill: stroke, "fill-opacity": 0.22 });
    const points = pointsOf(mean, drawn);
    if (points.length === 0) return "";
    const dashes = dashOf(curve.slot).join(" ") || null;
    const line = { d: along(points), fill: "none", stroke, "stroke-width": 1.25, "stroke-dasharray": dashes };
    return svg("g", { "data-curve": `${term}-${letterOf(curve.slot)}` }, band || "", svg("path", line));
  });
}

/** The letter of each curve of the overlay at its ends; where two would lie over each other, one is moved down. */
function letters(curves, drawn) {
  const { top, height } = drawn.axes.plot;
  const ends = overlayOf(curves, drawn, (curve, { mean }) => {
    const end = pointsOf(mean, drawn).at(-1);
    const isSeen = end && end[1] >= top && end[1] <= top + height;
    return isSeen ? { x: end[0] + 4, y: end[1] + 4, curve } : null;
  });
  const placed = [];
  for (const { x, y, curve } of ends.filter(Boolean).sort((a, b) => a.y - b.y)) {
    const above = placed.filter((other) => Math.abs(other.x - x) < SIZE).map((other) => other.y + SIZE);
    placed.push({ x, y: Math.max(y, ...above), curve });
  }
  const { colours } = drawn;
  return placed.map(({ x, y, curve }) =>
    over(letterOf(curve.slot), { x, y }, inkOf(curve, colours), colours.card, "bold"),
  );
}

function inkOf({ slot }, colours) {
  return colours[colourOf(slot).slice(2)];
}

/** Rows of elements: one or two for each term of the present run, one for each curve of the overlay. */
function legendOf({ kinds, overlay, colours, offset, plot }) {
  const isSmall = plot.width < PLOT.width;
  const breaks = isSmall && offset !== 0; // the kinds of a row have no room beside its name
  const [first, next] = breaks ? [0, 150] : isSmall ? [122, 136] : [214, 150]; // where they begin
  const label = (x, content, ink = colours.ink) =>
    svg("text", { x, y: 4, fill: ink, "font-size": SIZE }, words(content));
  const names = {
    reconstruction: offset
      ? text("export.chart.reconstruction_less", { offset: nats(offset) })
      : text("training.panel.reconstruction"),
    kl: text("training.panel.kl"),
  };
  const present =
    kinds.length === 0
      ? []
      : TERMS.flatMap((term) => {
          const name = label(0, names[term], colours[term]);
          const samples = kinds.map((kind, k) => [
            sample(kind, first + next * k, term, colours),
            label(first + 36 + next * k, text(`training.panel.curve_${kind}`)),
          ]);
          return breaks ? [[name], samples.flat()] : [[name, ...samples.flat()]];
        });
  const others = overlay.curves.map((curve) => {
    const stroke = inkOf(curve, colours);
    const dashes = dashOf(curve.slot).join(" ") || null;
    const line = { x1: 18, x2: 46, y1: 0, y2: 0, stroke, "stroke-width": 1.25, "stroke-dasharray": dashes };
    const seeds = isBand(curve)
      ? text("export.chart.seeds", { name: curve.name, count: curve.seeds })
      : curve.name;
    const letter = { x: 0, y: 4, fill: stroke, "font-size": SIZE, "font-weight": "bold" };
    return [svg("text", letter, words(letterOf(curve.slot))), svg("line", line), label(54, seeds)];
  });
  return [...present, ...others];
}

function sample(kind, x, term, colours) {
  const line = {
    x1: coordinate(x),
    x2: coordinate(x + 28),
    y1: 0,
    y2: 0,
    stroke: colours[term],
    "stroke-width": 1.5,
    "stroke-dasharray": kind === "quick" ? "4 4" : null,
  };
  if (kind === "full") return diamond(x + 14, 0, colours, term);
  const circle = {
    cx: x + 14,
    cy: 0,
    r: RING,
    fill: colours.card,
    stroke: colours[term],
    "stroke-width": 1.5,
  };
  return [svg("line", line), kind === "quick" ? svg("circle", circle) : ""].join("");
}
