// With what test images are marked on a map: a short word for each class in its colour, or without labels one neutral dot.

import { classMarks } from "../settings/class-names.js";
import { classColours } from "./class-colours.js";

const DOT = "•";
const FEW = 10; // classes that have a colour each
/** Test images from which their marks are smaller. */
export const MANY = 4000;
const MOST_WORDS = 20_000; // more of them would cover each other, and take longer to paint than a frame has

/** Whether so many test images are dots, in the colours of their classes. */
export function areDots(count) {
  return count > MOST_WORDS;
}

/** {marks, colours} by label; `dataset` as in the state, `colours` of the theme. */
export function mapMarks({ labelled, classes }, colours) {
  if (!labelled) return { marks: [DOT], colours: [colours.muted] };
  return { marks: classMarks(classes), colours: classColours(classes.length, colours) };
}

/** Whether the map of `count` test images needs a legend: the marks are not the names of the classes, there are too many to find one, or some are dots. */
export function needsLegend(dataset, count) {
  return dataset.labelled && (dataset.classes.length > FEW || !saysNames(dataset) || areDots(count));
}

/** Whether the marks are the names. */
export function saysNames({ classes }) {
  return classMarks(classes).every((mark, label) => mark === classes[label]);
}
