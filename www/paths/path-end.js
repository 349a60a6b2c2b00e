// The two ends of a path. An image is encoded by every model anew; a code stays with its model.
//
// An end is {kind, image, digit, index, drawn, code, shownAs, model}. `kind`: "digit" (the test digit at `index`), "drawing" or "code"; `image` [784]: what is
// encoded, and of a code its picture; `digit`: the label, or null where none is known. Of a drawing alone: `drawn`, {items, centre, corruption} of which the
// image was made. Of a code alone: the `code`, the label `shownAs` that its picture has, and the `model` it belongs to, as modelShown gives it, or null.

import { imageAt } from "../explore/images.js";
import { decodedLabel } from "../explore/label.js";

/** Where the page begins: an 8 that becomes a 3, in other data sets the classes with these numbers. */
const FIRST = { a: 8, b: 3 };

/** A test digit as an end. `digits`: {pictures [n * 784], labels [n]}. */
export function digitEnd({ pictures, labels }, index) {
  return { kind: "digit", index, image: imageAt(pictures, index), digit: labels[index] };
}

export function firstEnds(digits) {
  const last = digits.labels.length - 1;
  const end = (digit, otherwise) => {
    const at = digits.labels.indexOf(digit);
    return digitEnd(digits, at >= 0 ? at : Math.min(otherwise, last));
  };
  return { a: end(FIRST.a, 0), b: end(FIRST.b, 1) };
}

/** What is shown now as an end: the drawing as the model sees it, or the code, where that is not the drawing's; null for an empty pad. */
export function presentEnd(state) {
  const { codeOrigin, code, decoded, inference, label } = state;
  if (codeOrigin.value === "drawing" && !inference.value) return null;
  if (codeOrigin.value === "drawing")
    return {
      kind: "drawing",
      image: inference.value.framed.slice(),
      digit: label.value,
      drawn: inference.value.drawn,
    };
  if (!decoded.value) return null;
  return {
    kind: "code",
    image: imageAt(decoded.value.pictures, 0),
    digit: label.value,
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
