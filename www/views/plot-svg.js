// What charts as SVG share: letters, a frame with ticks, a legend.

import { along, svg, words } from "../export/svg.js";
import { chartSplits } from "../training/loss-descriptions.js";

/** Of letters, in pixels: 7 points where a chart of 470 pixels fills a column of 85 mm. */
export const SIZE = 14;
const CHARACTER = 7.2; // the mean width of one, pixels

/** Words at a place {x, y, "text-anchor"}. */
export function label(at, content, ink, size = SIZE) {
  return svg("text", { ...at, fill: ink, "font-size": size }, words(content));
}

/** About how wide words are, in pixels: a picture that is saved has no letters to measure. */
export function widthOf(content) {
  return CHARACTER * content.length;
}

/** A number as ticks have it. */
export function tickText(value) {
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

/** Horizontal lines at round values from `low` to `high`, with the values on the left; `y(value)` in pixels. */
export function rowsOf({ left, width, low, high, y, write = tickText }, { line, muted }) {
  return chartSplits(low, high).map((value) => [
    svg("line", { x1: left, x2: left + width, y1: y(value), y2: y(value), stroke: line }),
    label({ x: left - 8, y: y(value) + 5, "text-anchor": "end" }, write(value), muted),
  ]);
}

/** The name of the vertical axis, along it. */
export function sideName({ x, middle }, content, ink) {
  return label(
    { x, y: middle, "text-anchor": "middle", transform: `rotate(-90 ${x} ${middle})` },
    content,
    ink,
  );
}

/** Samples of lines with their words, one after the other from `x`: [{stroke, width, dashes, words}]. */
export function legendOf({ x, y }, lines, ink) {
  let at = x;
  return lines.map(({ stroke, width = 2, dashes = null, words: content }) => {
    const from = at;
    at += 36 + widthOf(content) + 18;
    return [
      svg("path", {
        d: along([
          [from, y - 5],
          [from + 28, y - 5],
        ]),
        stroke,
        "stroke-width": width,
        "stroke-dasharray": dashes,
      }),
      label({ x: from + 36, y }, content, ink),
    ];
  });
}
