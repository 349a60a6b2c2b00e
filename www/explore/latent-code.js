// What the code of an image is made of, real numbers or numbers of vectors in a codebook: which others to try, and what to call them.

const ALONG = 11; // pictures of the strip
const ROW = 7; // places of a codebook model, in a row and in a column
const STEPS = Float32Array.from({ length: ALONG }, (_, k) => -3 + 0.6 * k);

const REALS = {
  board: "sliders",
  strip: () => STEPS,
  place: (c) => `z${c + 1}`,
  title: (place) => `along ${place}, the rest as set`,
  ends: () => ["−3", "+3"],
  spoken: (place) => `Eleven pictures along ${place} from minus 3 to plus 3, the other components as set`,
  blank: "At zero, the middle of the prior.",
};

const NUMBERS = {
  board: "codes",
  place: placeOf,
  title: (place) => `other codes at ${place}`,
  ends: (strip) => [`code ${strip[0]}`, `code ${strip.at(-1)}`],
  spoken: (place, strip) =>
    `${strip.length} pictures with the codes ${strip[0]} to ${strip.at(-1)} at ${place}, the other places as set`,
  blank: "Code 0 everywhere: nothing is drawn yet.",
};

/**
 * The kind of a code of `codes` vectors, or of real numbers for none. `board`: the view that shows it; `strip(value)`: values
 * to try in the place of this one; and in words: `place` of a component, `title`, `ends` and `spoken` of the strip, `blank`.
 */
export function kindOf({ codes }) {
  return codes > 0 ? { ...NUMBERS, strip: (code) => pageOf(code, codes) } : REALS;
}

/** Where in its grid a component of a codebook model lies. */
export function placeOf(c) {
  return `row ${Math.floor(c / ROW) + 1}, column ${(c % ROW) + 1}`;
}

/** Numbered vectors have no order that means anything: the strip shows the page of the codebook that this one is on. */
function pageOf(code, codes) {
  const length = Math.min(ALONG, codes);
  const first = Math.min(Math.floor(code / length) * length, codes - length);
  return Float32Array.from({ length }, (_, k) => first + k);
}
