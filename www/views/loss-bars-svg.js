// The losses of models side by side as SVG: bars on one axis in nats, with their standard errors and marks of simple reconstructions.

import { svg, svgDocument } from "../export/svg.js";
import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { chartSplits } from "../training/loss-descriptions.js";
import { endOf, withError } from "./loss-axis.js";
import { label, legendOf, SIZE, tickText, widthOf } from "./plot-svg.js";

const LEFT = 16;
const WIDTH = 560;
const RIGHT = 24;
const ROW = 52; // a model: its name, and its bar below
const BAR = 18;
const LEVEL = 18; // between two heights of the words of the marks

/** `models`: [{name, losses}], `losses` as in `state.columns`; `references`: [{kind, components, nats}]; `colours`: as in theme-colours.js. */
export function lossBarsSvg({ models, references, colours }) {
  const end = endOf(models);
  const x = (value) => LEFT + (WIDTH * value) / end;
  const marks = placed(
    references.map(({ kind, components, nats: value }) => ({
      at: x(value),
      words: text(`compare.references.${kind}`, { components, nats: nats(value) }),
    })),
  );
  const top = LEVEL * (1 + Math.max(0, ...marks.map(({ level }) => level))) + 14;
  const bottom = top + ROW * models.length + 8;
  const rows = models.map((model, k) => row(model, top + ROW * k, x, colours));
  const ticks = chartSplits(0, end).map((value) => [
    svg("line", { x1: x(value), x2: x(value), y1: top, y2: bottom, stroke: colours.line }),
    label({ x: x(value), y: bottom + 18, "text-anchor": "middle" }, tickText(value), colours.muted),
  ]);
  const lines = marks.map(({ at, left, level, words }) => [
    svg("line", {
      x1: at,
      x2: at,
      y1: LEVEL * (level + 1),
      y2: bottom,
      stroke: colours.muted,
      "stroke-dasharray": "2 3",
    }),
    label({ x: left, y: LEVEL * (level + 1) - 3 }, words, colours.muted, SIZE - 2),
  ]);
  const legend = [
    { stroke: colours.reconstruction, width: 8, words: text("compare.panel.cross_entropy") },
    { stroke: colours.kl, width: 8, words: text("training.panel.column_kl") },
  ];
  return svgDocument(
    {
      width: LEFT + WIDTH + RIGHT,
      height: bottom + 62 + SIZE,
      title: text("compare.panel.losses"),
      description: models
        .filter(({ losses }) => losses)
        .map(({ name, losses }) => `${name}: ${withError(losses.total)}`)
        .join("; "),
      background: colours.card,
    },
    ticks.flat(),
    lines.flat(),
    rows.flat(),
    label(
      { x: LEFT + WIDTH / 2, y: bottom + 38, "text-anchor": "middle" },
      text("export.chart.nats"),
      colours.ink,
    ),
    legendOf({ x: LEFT, y: bottom + 62 }, legend, colours.ink).flat(),
  );
}

function row({ name, losses }, y, x, colours) {
  const words = losses ? text("export.chart.name_and_total", { name, total: withError(losses.total) }) : name;
  const named = svg(
    "g",
    { stroke: colours.card, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" },
    label({ x: x(0), y: y + 14 }, words, colours.ink),
  );
  if (!losses) return [named];
  const { cross_entropy: reconstruction, kl, total } = losses;
  const bar = (from, to, fill, part) =>
    svg("rect", {
      "data-term": part,
      x: x(from),
      y: y + 21,
      width: Math.max(0, x(to) - x(from)),
      height: BAR,
      fill,
    });
  const middle = y + 21 + BAR / 2;
  const [least, most] = [-1, 1].map((side) => x(total.mean + side * total.standard_error));
  return [
    bar(0, reconstruction.mean, colours.reconstruction, "reconstruction"),
    bar(reconstruction.mean, reconstruction.mean + kl.mean, colours.kl, "kl"),
    svg("line", { x1: least, x2: most, y1: middle, y2: middle, stroke: colours.ink, "stroke-width": 2 }),
    named,
  ];
}

/** Words that would write over each other are at different heights; those that would leave the picture are on the other side of their mark. */
function placed(marks) {
  const ends = []; // of the last words at each height
  return marks.map(({ at, words }) => {
    const width = widthOf(words);
    const left = at + 4 + width > LEFT + WIDTH + RIGHT ? at - 4 - width : at + 4;
    const free = ends.findIndex((end) => end < left);
    const level = free < 0 ? ends.length : free;
    ends[level] = left + width;
    return { at, left, level, words };
  });
}
