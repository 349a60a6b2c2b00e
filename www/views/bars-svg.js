// A bar chart as SVG: a bar for each number, a line across it for a number to compare.

import { svg, svgDocument } from "../export/svg.js";
import { label, rowsOf, SIZE, sideName, tickText } from "./plot-svg.js";

const PLOT = { left: 76, top: 16, width: 520, height: 220 };
const RIGHT = 16;
const GAP = 0.2; // between two bars, as a share of their distance

/**
 * `heights` from 0 to `top`; `labels` below the bars, or none; `marks`: heights of the lines, or none; `fills`: a colour for each bar, or none; `unit` of
 * the heights, `across` the name of the horizontal axis; `write(value)`: a height in words; `title`, `description`; `colours`: as in theme-colours.js.
 */
export function barsSvg({
  heights,
  top,
  labels,
  marks,
  fills,
  unit,
  across,
  write = tickText,
  title,
  description,
  colours,
}) {
  const { left, top: above, width, height } = PLOT;
  const bottom = above + height;
  const step = width / heights.length;
  const y = (value) => bottom - (height * Math.min(top, Math.max(0, value))) / (top || 1);
  const bar = (value, k) => ({
    x: left + (k + GAP / 2) * step,
    width: step * (1 - GAP),
    y: y(value),
    height: bottom - y(value),
  });
  const bars = Array.from(heights, (value, k) =>
    svg("rect", {
      ...bar(value, k),
      fill: fills?.[k] ?? colours.reconstruction,
      stroke: fills ? colours.field : null,
      "stroke-width": fills ? 0.5 : null,
    }),
  );
  const lines = Array.from(marks ?? [], (value, k) => {
    const { x, width: wide } = bar(value, k);
    const across = { x1: x - 1, x2: x + wide + 1, y1: y(value), y2: y(value) };
    return ["card", "ink"].map((name, n) =>
      svg("line", { ...across, stroke: colours[name], "stroke-width": n === 0 ? 5 : 2 }),
    );
  });
  const names = (labels ?? []).map((content, k) =>
    label({ x: left + (k + 0.5) * step, y: bottom + 18, "text-anchor": "middle" }, content, colours.muted),
  );
  const lowest = bottom + (labels ? 38 : 22);
  return svgDocument(
    { width: left + width + RIGHT, height: lowest + SIZE, title, description, background: colours.card },
    rowsOf({ left, width, low: 0, high: top || 1, y, write }, colours).flat(),
    svg("g", { "data-part": "bars" }, bars),
    svg("g", { "data-part": "marks" }, lines.flat()),
    svg("line", { x1: left, x2: left + width, y1: bottom, y2: bottom, stroke: colours.field }),
    names,
    label({ x: left + width / 2, y: lowest, "text-anchor": "middle" }, across, colours.ink),
    sideName({ x: 18, middle: above + height / 2 }, unit, colours.ink),
  );
}
