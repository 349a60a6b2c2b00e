// The number along each path as SVG: the same lines as on the page, with axes.

import { along, svg, svgDocument } from "../export/svg.js";
import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";
import { KINDS, numbersOf, spoken } from "./path-quantities.js";
import { label, legendOf, rowsOf, SIZE, sideName, tickText } from "./plot-svg.js";

const PLOT = { left: 76, top: 16, width: 520, height: 220 };
const RIGHT = 20;
const LOOK = {
  straight: { colour: "curve-0", width: 2, dashes: null },
  spherical: { colour: "curve-1", width: 2.5, dashes: "7 5" },
  reference: { colour: "muted", width: 1, dashes: "2 4" },
};

/** `paths`: as in the state; null where there are no such numbers. `colours`: as in theme-colours.js. */
export function pathNumbersSvg({ paths, colours }) {
  const numbers = numbersOf(paths);
  if (!numbers) return null;
  const { quantity, lines, reference } = numbers;
  const all = [
    ...Object.values(lines).flatMap((line) => [...line]),
    ...(reference === null ? [] : [reference]),
  ];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = 0.06 * Math.max(most - least, 1e-6);
  const [low, high] = [least - room, most + room];
  const { left, top, width, height } = PLOT;
  const y = (value) => top + (height * (high - value)) / (high - low);
  const x = (t) => left + width * t;
  const drawn = KINDS.filter((kind) => lines[kind]);
  const path = (name, points) => {
    const { colour, width: wide, dashes } = LOOK[name];
    const look = { fill: "none", stroke: colours[colour], "stroke-width": wide, "stroke-dasharray": dashes };
    return svg("path", { "data-line": name, d: along(points), ...look });
  };
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((t) =>
    label({ x: x(t), y: top + height + 18, "text-anchor": "middle" }, tickText(t), colours.muted),
  );
  const legend = drawn.map((kind) => ({ ...lookOf(kind, colours), words: text(`paths.panel.${kind}`) }));
  if (reference !== null)
    legend.push({
      ...lookOf("reference", colours),
      words: text("export.chart.typical", { value: decimal(reference, 2) }),
    });
  const legendAt = top + height + 64;
  return svgDocument(
    {
      width: left + width + RIGHT,
      height: legendAt + SIZE,
      title: text("export.pictures.path_numbers"),
      description: spoken(lines),
      background: colours.card,
    },
    rowsOf({ left, width, low, high, y }, colours).flat(),
    svg("rect", { x: left, y: top, width, height, fill: "none", stroke: colours.line }),
    ticks,
    reference === null
      ? ""
      : path("reference", [
          [left, y(reference)],
          [left + width, y(reference)],
        ]),
    drawn.map((kind) =>
      path(
        kind,
        Array.from(lines[kind], (value, k) => [x(k / (lines[kind].length - 1)), y(value)]),
      ),
    ),
    label(
      { x: left + width / 2, y: top + height + 38, "text-anchor": "middle" },
      text("export.chart.place"),
      colours.ink,
    ),
    sideName({ x: 18, middle: top + height / 2 }, text(`export.chart.${quantity}`), colours.ink),
    legendOf({ x: left, y: legendAt }, legend, colours.ink).flat(),
  );
}

function lookOf(name, colours) {
  const { colour, width, dashes } = LOOK[name];
  return { stroke: colours[colour], width, dashes };
}
