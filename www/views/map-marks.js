// With what test images are marked on a map: a short word for each class in its colour, or without labels one neutral dot.

import { classMarks } from "../settings/class-names.js";
import { classColours } from "./class-colours.js";

const DOT = "•";
const FEW = 10; // classes that have a colour each

/** {marks, colours} by label; `dataset` as in the state, `colours` of the theme. */
export function mapMarks({ labelled, classes }, colours) {
  if (!labelled) return { marks: [DOT], colours: [colours.muted] };
  return { marks: classMarks(classes), colours: classColours(classes.length, colours) };
}

/** Whether the map needs a legend: the marks are not the names of the classes, or there are too many to find one. */
export function needsLegend(dataset) {
  return dataset.labelled && (dataset.classes.length > FEW || !saysNames(dataset));
}

/** Whether the marks are the names. */
export function saysNames({ classes }) {
  return classMarks(classes).every((mark, label) => mark === classes[label]);
}
