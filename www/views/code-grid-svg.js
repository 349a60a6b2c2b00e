// The codes of a codebook model as SVG, of two levels side by side: numbers in the colours of their vectors, with a key to the colours.

import { svg, svgDocument } from "../export/svg.js";
import { text } from "../messages/text.js";
import { codeColours } from "./code-colours.js";
import { label, SIZE, sideName } from "./plot-svg.js";

const CELL = 48;
const STEP = CELL + 3;
const MARGIN = 16;
const BETWEEN = 32; // two levels
const KEY = 9; // cells of the key along a side
const PATCH = 16; // side of one of them, pixels

/** `values`: the codes; `grids` of their places, as in explore/latent-code.js; `drawn`: those of the drawing, or null; `codebook` as in the state; `description`: in words; `colours`: as in theme-colours.js. */
export function codeGridSvg({ values, grids, drawn, codebook, description, colours }) {
  const size = (count) => count * STEP - (STEP - CELL);
  const left = (level) => grids.slice(0, level).reduce((x, { side }) => x + size(side) + BETWEEN, MARGIN);
  const key = { x: left(grids.length) - BETWEEN + 52, y: MARGIN };
  const rows = Math.max(...grids.map(({ side }) => side));
  const cells = Array.from(values, (code, place) => {
    const { level, first, side } = grids.findLast((grid) => grid.first <= place);
    const { fill, ink } = codeColours(codebook[level].places, code);
    const x = left(level) + ((place - first) % side) * STEP;
    const y = MARGIN + Math.floor((place - first) / side) * STEP;
    const isEdited = drawn && drawn[place] !== code;
    const edge = isEdited ? { stroke: ink, "stroke-width": 2, "stroke-dasharray": "4 3" } : {};
    return [
      svg("rect", { "data-code": String(code), x, y, width: CELL, height: CELL, rx: 5, fill, ...edge }),
      label(
        { x: x + CELL / 2, y: y + CELL / 2 + 5, "text-anchor": "middle" },
        String(code),
        ink === "#000" ? "#000000" : "#ffffff",
      ),
    ];
  });
  return svgDocument(
    {
      width: key.x + KEY * PATCH + MARGIN,
      height: 2 * MARGIN + size(rows),
      title: text("export.pictures.code_grid"),
      description,
      background: colours.card,
    },
    cells.flat(),
    svg("g", { "data-part": "key" }, keyOf(key)),
    label(
      { x: key.x + (KEY * PATCH) / 2, y: key.y + KEY * PATCH + 20, "text-anchor": "middle" },
      text("export.chart.first_component"),
      colours.ink,
      SIZE - 1,
    ),
    sideName(
      { x: key.x - 12, middle: key.y + (KEY * PATCH) / 2 },
      text("export.chart.second_component"),
      colours.ink,
    ),
  );
}

function keyOf({ x, y }) {
  const along = (k) => (2 * k) / (KEY - 1) - 1;
  const places = Float32Array.from({ length: 2 * KEY * KEY }, (_, n) => {
    const cell = Math.floor(n / 2);
    return n % 2 === 0 ? along(cell % KEY) : -along(Math.floor(cell / KEY));
  });
  return Array.from({ length: KEY * KEY }, (_, k) =>
    svg("rect", {
      x: x + PATCH * (k % KEY),
      y: y + PATCH * Math.floor(k / KEY),
      width: PATCH,
      height: PATCH,
      fill: codeColours(places, k).fill,
    }),
  );
}
