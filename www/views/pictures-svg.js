// Rows of pictures with words above each, as SVG: a column of the comparison, or the paths between two ends.

import { SIDE } from "../explore/images.js";
import { svg, svgDocument } from "../export/svg.js";
import { label } from "./plot-svg.js";
import { gridCanvas } from "./saved-picture.js";

const MARGIN = 14;
const ROW = 24; // of words
const CELL = 44; // a picture and the gap to the next, in pixels of the SVG
const SCALE = 3; // pixels of the picture inside for one of a digit: some programs smooth what they enlarge

/**
 * `rows`: [{words, pictures [n * 784], columns}], `words` a line or several; `lines` of words at the top; `dark`: light ink on the dark card, as on the page; `title`, `description`;
 * `colours`: as in theme-colours.js.
 */
export function picturesSvg({ rows, lines, dark, title, description, colours }) {
  const width = Math.max(...rows.map(({ columns }) => columns)) * CELL;
  let y = MARGIN;
  const write = (content, ink) => {
    y += ROW;
    return label({ x: MARGIN, y: y - 8 }, content, ink);
  };
  const drawn = [
    ...lines.map((content, k) => write(content, k === 0 ? colours.ink : colours.muted)),
    ...rows.map(({ words, pictures, columns }) => {
      const named = [words].flat().map((line) => write(line, colours.muted));
      const canvas = gridCanvas(pictures, columns);
      const size = [canvas.width, canvas.height].map((pixels) => (pixels * CELL) / (SIDE + 2));
      const at = { x: MARGIN, y, width: size[0], height: size[1] };
      y += size[1] + 10;
      return [...named, svg("image", { ...at, href: enlarged(canvas, dark, colours) })];
    }),
  ];
  return svgDocument(
    { width: width + 2 * MARGIN, height: y + MARGIN - 10, title, description, background: colours.card },
    drawn.flat(),
  );
}

function enlarged(canvas, dark, { card, ink }) {
  const [width, height] = [canvas.width, canvas.height].map((pixels) => SCALE * pixels);
  const large = Object.assign(document.createElement("canvas"), { width, height });
  const context = large.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, width, height);
  // White becomes the theme's card; in the dark black becomes its ink.
  const light = [["multiply", card]];
  const inverted = [
    ["difference", "#fff"],
    ["multiply", ink],
    ["lighten", card],
  ];
  for (const [operation, colour] of dark ? inverted : light) {
    context.globalCompositeOperation = operation;
    context.fillStyle = colour;
    context.fillRect(0, 0, width, height);
  }
  return large.toDataURL("image/png");
}
