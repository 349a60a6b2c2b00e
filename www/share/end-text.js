// An end of the paths as text for an address, and back: its kind, then its parts, with dots between them.
//
//   digit.INDEX                                                    a test digit
//   drawing.STROKES.INDEX.LABEL.CENTRE.CORRUPTION.SEED             a drawing; INDEX of the test digit below the strokes
//   code.NUMBERS.LABEL.SHOWN_AS.SOURCE                             a code of pre-trained weights
//   picture.PIXELS.LABEL                                           the picture of a code whose model no address can name, in bytes
//
// What is not there is left empty.

import { imageAt, indexOfImage, PIXELS } from "../explore/images.js";
import { digitEnd } from "../paths/path-end.js";
import { allSourcesOf } from "../settings/sources.js";
import { bytesOfText, floatsOfText, textOfBytes, textOfFloats } from "./base64url.js";
import { strokesToText, textToStrokes } from "./drawing-text.js";
import { among, whole, within } from "./words.js";

const GREYS = 255;
const CORRUPTIONS = ["noise", "mask", "salt_and_pepper"];
const LARGEST_SEED = 2 ** 32 - 1;
/** Sources that are on this device alone. */
const OWN = ["training", "file"];

/** The text of an end, as paths/path-end.js describes it. `digits`: the test digits. */
export function textOfEnd(end, digits) {
  const { kind, image, digit, index, drawn, code, shownAs, model } = end;
  if (kind === "digit") return words(kind, index);
  if (kind === "drawing") return words(kind, ...drawingWords(drawn, digit, digits));
  if (model && !OWN.includes(model.source))
    return words(kind, textOfFloats(code), digit, shownAs, model.source);
  const bytes = Uint8Array.from(image, (ink) => Math.round(GREYS * Math.min(1, Math.max(0, ink))));
  return words("picture", textOfBytes(bytes), digit);
}

function drawingWords({ items, centre, corruption }, digit, digits) {
  const strokes = items.filter(({ points }) => points);
  const [first] = items;
  const { kind = null, seed = null } = corruption ?? {};
  return [
    strokes.length > 0 ? strokesToText(strokes) : null,
    first.image ? indexOfImage(first.image, digits.pictures) : null,
    digit,
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
    const at = within(whole(index), 0, digits.labels.length - 1);
    return at === undefined ? null : digitEnd(digits, at);
  },
  drawing([strokesText, index, label, centre, corruption, seed], { digits }) {
    const strokes = strokesText ? textToStrokes(strokesText) : [];
    const image = index ? within(whole(index), 0, digits.labels.length - 1) : null;
    const digit = labelOf(label);
    const corrupted = corruption ? corruptionOf(corruption, seed) : null;
    const isRight = strokes && digit !== undefined && corrupted !== undefined && among(centre, ["0", "1"]);
    if (!isRight || image === undefined) return null;
    const below =
      image === null ? [] : [{ image: imageAt(digits.pictures, image), digit: digits.labels[image] }];
    const items = [...below, ...strokes];
    if (items.length === 0) return null;
    return {
      kind: "drawing",
      image: null,
      digit,
      drawn: { items, centre: centre === "1", corruption: corrupted },
    };
  },
  code([numbers, label, shownAs, ...rest], { systems }) {
    const code = floatsOfText(numbers ?? "");
    const [digit, shown] = [labelOf(label), labelOf(shownAs)];
    const source = among(rest.join("."), systems.flatMap(allSourcesOf)); // some have a dot in their name
    if (!code || !source || digit === undefined || !Number.isInteger(shown)) return null;
    return { kind: "code", image: null, digit, code, shownAs: shown, source };
  },
  picture([pixels, label]) {
    const bytes = bytesOfText(pixels ?? "");
    const digit = labelOf(label);
    if (bytes?.length !== PIXELS || digit === undefined) return null;
    const image = Float32Array.from(bytes, (grey) => grey / GREYS);
    return { kind: "code", image, digit, code: new Float32Array(1), shownAs: digit ?? 0, model: null };
  },
};

function words(...parts) {
  return parts.map((part) => part ?? "").join(".");
}

/** A digit, null where none is known, or undefined. */
function labelOf(word) {
  return word === "" ? null : within(whole(word ?? ""), 0, 9);
}

function corruptionOf(kind, seed) {
  const known = among(kind, CORRUPTIONS);
  const number = within(whole(seed ?? ""), 0, LARGEST_SEED);
  return known && number !== undefined ? { kind: known, seed: number } : undefined;
}
