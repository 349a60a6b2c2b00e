// With what test images are marked on a map: a short word for each class in its colour, or without labels one neutral dot.

import { classMarks } from "../settings/class-names.js";
import { classColours } from "./class-colours.js";

const DOT = "•";

/** {marks, colours} by label; `dataset` as in the state, `colours` of the theme. */
export function mapMarks({ labelled, classes }, colours) {
  if (!labelled) return { marks: [DOT], colours: [colours.muted] };
  return { marks: classMarks(classes), colours: classColours(classes.length, colours) };
}

/** Whether a person needs to be told what the marks stand for. */
export function needsLegend({ labelled, classes }) {
  return labelled && classMarks(classes).some((mark, label) => mark !== classes[label]);
}
