// What the marks of a saved map stand for: a list of the classes beside it.

import { svg, words } from "../export/svg.js";
import { areDots, mapMarks, saysNames } from "./map-marks.js";

const ROW = 16; // pixels
const SIZE = 12;
const NAME = 26; // where the name begins, after the mark
const LETTER = 6.8; // width of one, about

/** {width, content}: nothing where the marks of `count` test images say it themselves. `side` of the plane beside it. */
export function mapLegendSvg(dataset, count, side, colours) {
  if (!dataset.labelled || (saysNames(dataset) && !areDots(count))) return { width: 0, content: "" };
  const { classes } = dataset;
  const { marks, colours: fills } = mapMarks(dataset, colours);
  const rows = Math.floor(side / ROW);
  const column = NAME + LETTER * Math.max(...classes.map((name) => name.length)) + 12;
  const entries = classes.map((name, label) => {
    const x = column * Math.floor(label / rows);
    const y = ROW * (label % rows) + SIZE;
    const mark = { x, y, fill: fills[label], "font-size": SIZE, "font-weight": 600 };
    return [
      svg("text", mark, words(marks[label])),
      name === marks[label]
        ? ""
        : svg("text", { x: x + NAME, y, fill: colours.ink, "font-size": SIZE }, words(name)),
    ];
  });
  return {
    width: Math.ceil(column * Math.ceil(classes.length / rows)),
    content: svg("g", { "data-part": "legend" }, entries.flat()),
  };
}
