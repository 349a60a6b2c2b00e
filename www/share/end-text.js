// An end of the paths as text for an address, and back: its kind, then its parts, with dots between them.
//
//   digit.INDEX                                                    a test image, of MNIST a digit
//   drawing.STROKES.INDEX.LABEL.CENTRE.CORRUPTION.SEED             a drawing; INDEX of the test image below the strokes
//   code.NUMBERS.LABEL.SHOWN_AS.SOURCE                             a code of pre-trained weights
//   picture.PIXELS.LABEL                                           the picture of a code whose model no address can name, in bytes
//
// What is not there is left empty.

import { MOST_CLASSES } from "../data-sets/idx.js";
import { imageAt, indexOfImage, PIXELS } from "../explore/images.js";
import { labelAt } from "../explore/test-images.js";
import { testEnd } from "../paths/path-end.js";
import { allSourcesOf } from "../settings/sources.js";
import { bytesOfText, floatsOfText, textOfBytes, textOfFloats } from "./base64url.js";
import { strokesToText, textToStrokes } from "./drawing-text.js";
import { among, whole, within } from "./words.js";

const GREYS = 255;
const CORRUPTIONS = ["noise", "mask", "salt_and_pepper"];
const LARGEST_SEED = 2 ** 32 - 1;
/** Sources that are on this device alone. */
const OWN = ["training", "file"];

/** The text of an end, as paths/path-end.js describes it. `digits`: some test images, as in explore/test-images.js. */
export function textOfEnd(end, digits) {
  const { kind, image, label, index, drawn, code, shownAs, model } = end;
  if (kind === "test") return words("digit", index);
  if (kind === "drawing") return words(kind, ...drawingWords(drawn, label, digits));
  if (model && !OWN.includes(model.source))
    return words(kind, textOfFloats(code), label, shownAs, model.source);
  const bytes = Uint8Array.from(image, (ink) => Math.round(GREYS * Math.min(1, Math.max(0, ink))));
  return words("picture", textOfBytes(bytes), label);
}

function drawingWords({ items, centre, corruption }, label, digits) {
  const strokes = items.filter(({ points }) => points);
  const [first] = items;
  const { kind = null, seed = null } = corruption ?? {};
  return [
    strokes.length > 0 ? strokesToText(strokes) : null,
    first.image ? indexOfImage(first.image, digits.pictures) : null,
    label,
    Number(centre),
    kind,
    seed,
  ];
}

/** The end of a text, or null where it is none. A drawing and a code of pre-trained weights have no `image` yet, the latter `source` in the place of its model. */
export function endOfText(text, { digits, systems }) {
  const [kind, ...parts] = text.split(".");
  return Object.hasOwn(READ, kind) ? READ[kind](parts, { digits, systems }) : null;
}

const READ = {
  digit([index], { digits }) {
    const at = indexOf(index, digits);
    return at === undefined ? null : testEnd(digits, at);
  },
  drawing([strokesText, index, labelWord, centre, corruption, seed], { digits }) {
    const strokes = strokesText ? textToStrokes(strokesText) : [];
    const image = index ? indexOf(index, digits) : null;
    const label = labelOf(labelWord);
    const corrupted = corruption ? corruptionOf(corruption, seed) : null;
    const isRight = strokes && label !== undefined && corrupted !== undefined && among(centre, ["0", "1"]);
    if (!isRight || image === undefined) return null;
    const below =
      image === null ? [] : [{ image: imageAt(digits.pictures, image), label: labelAt(digits, image) }];
    const items = [...below, ...strokes];
    if (items.length === 0) return null;
    return {
      kind: "drawing",
      image: null,
      label,
      drawn: { items, centre: centre === "1", corruption: corrupted },
    };
  },
  code([numbers, labelWord, shownAs, ...rest], { systems }) {
    const code = floatsOfText(numbers ?? "");
    const [label, shown] = [labelOf(labelWord), labelOf(shownAs)];
    const source = among(rest.join("."), systems.flatMap(allSourcesOf)); // some have a dot in their name
    if (!code || !source || label === undefined || !Number.isInteger(shown)) return null;
    return { kind: "code", image: null, label, code, shownAs: shown, source };
  },
  picture([pixels, labelWord]) {
    const bytes = bytesOfText(pixels ?? "");
    const label = labelOf(labelWord);
    if (bytes?.length !== PIXELS || label === undefined) return null;
    const image = Float32Array.from(bytes, (grey) => grey / GREYS);
    return { kind: "code", image, label, code: new Float32Array(1), shownAs: label ?? 0, model: null };
  },
};

function words(...parts) {
  return parts.map((part) => part ?? "").join(".");
}

/** A label, null where none is known, or undefined. */
function labelOf(word) {
  return word === "" ? null : within(whole(word ?? ""), 0, MOST_CLASSES - 1);
}

/** The index of a test image, or undefined. */
function indexOf(word, { pictures }) {
  return within(whole(word), 0, pictures.length / PIXELS - 1);
}

function corruptionOf(kind, seed) {
  const known = among(kind, CORRUPTIONS);
  const number = within(whole(seed ?? ""), 0, LARGEST_SEED);
  return known && number !== undefined ? { kind: known, seed: number } : undefined;
}
