// The two ends of a path. An image is encoded by every model anew; a code stays with its model.
//
// An end is {kind, image, label, index, drawn, code, shownAs, model}. `kind`: "test" (the test image at `index`), "drawing" or "code"; `image` [784]: what is
// encoded, and of a code its picture; `label`: the label, or null where none is known. Of a drawing alone: `drawn`, {items, centre, corruption} of which the
// image was made. Of a code alone: the `code`, the label `shownAs` that its picture has, and the `model` it belongs to, as modelShown gives it, or null.

import { imageAt, PIXELS } from "../explore/images.js";
import { decodedLabel } from "../explore/label.js";
import { labelAt } from "../explore/test-images.js";

/** The labels with which the page begins: of MNIST an 8 that becomes a 3, in other data sets the classes with these numbers. */
const FIRST = { a: 8, b: 3 };

/** A test image as an end. `digits`: some test images, as in explore/test-images.js. */
export function testEnd(digits, index) {
  return { kind: "test", index, image: imageAt(digits.pictures, index), label: labelAt(digits, index) };
}

/** Where there are no such labels, the first test image and the last one. */
export function firstEnds(digits) {
  const { pictures, labels } = digits;
  const [a, b] = [FIRST.a, FIRST.b].map((label) => labels?.indexOf(label) ?? -1);
  const found = a >= 0 && b >= 0;
  const last = pictures.length / PIXELS - 1;
  return { a: testEnd(digits, found ? a : 0), b: testEnd(digits, found ? b : last) };
}

/** What is shown now as an end: the drawing as the model sees it, or the code, where that is not the drawing's, without its `image`; null for an empty pad. */
export function presentEnd(state) {
  const { codeOrigin, code, inference, label } = state;
  if (codeOrigin.value === "drawing" && !inference.value) return null;
  if (codeOrigin.value === "drawing")
    return {
      kind: "drawing",
      image: inference.value.framed.slice(),
      label: label.value,
      drawn: inference.value.drawn,
    };
  return {
    kind: "code",
    label: label.value,
    code: code.value.slice(),
    shownAs: decodedLabel(state),
    model: modelShown(state),
  };
}

/** By what a model is known, so that the snapshots of one run are the same model: `of` is the id of a run, or the file. */
export function modelShown({ shown, runKept, file }) {
  const { source, description } = shown.value;
  const { length, codes } = description.code;
  const of = source === "training" ? runKept.value.id : source === "file" ? file.value : null;
  return { source, of, length, codes };
}

export function isSameModel(a, b) {
  return a !== null && a.source === b.source && a.of === b.of && a.length === b.length && a.codes === b.codes;
}
