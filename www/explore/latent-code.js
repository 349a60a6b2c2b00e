// What a latent code is made of: real numbers, indices of vectors in a codebook, or values of categorical variables.

import { text } from "../messages/text.js";

const STRIP_LENGTH = 11; // images of the strip
const REAL_VALUES = Float32Array.from({ length: STRIP_LENGTH }, (_, k) => -3 + 0.6 * k); // in standard deviations of the prior

/** The editor for a code of this `kind`, of so many values each, or of real numbers where `codes` is 0: "sliders", "switches" or "codes". */
export function editorOf({ codes, kind }) {
  if (kind === "categorical") return "switches";
  return codes > 0 ? "codes" : "sliders";
}

/** The values to try in the place of `value`, as a strip of images shows them. */
export function stripOf({ codes }, value) {
  return codes > 0 ? pageOf(value, codes) : REAL_VALUES;
}

/** A component in words: "z3", or for a codebook its row and column. */
export function componentName(code, component) {
  return editorOf(code) === "codes"
    ? placeName(code, component)
    : text("explore.component", { number: component + 1 });
}

/** The square grids of a codebook model's places, the top one first: {level, first, length, side}; `first` is the number of its first place. */
export function gridsOf({ levels }) {
  const first = (level) => levels.slice(0, level).reduce((sum, length) => sum + length, 0);
  return Array.from(levels, (length, level) => ({
    level,
    first: first(level),
    length,
    side: Math.sqrt(length),
  }));
}

/** The grid that a place is in. */
export function gridOf(code, place) {
  return gridsOf(code).findLast(({ first }) => first <= place);
}

/** The place of a codebook model's component in words. */
export function placeName(code, place) {
  return text(`explore.place.${kindOf(code, place)}`, placeOf(code, place));
}

/** The same as a title. */
export function placeTitle(code, place) {
  return text(`explore.place_title.${kindOf(code, place)}`, placeOf(code, place));
}

/** Which of the grids it is in, where there are two: "only", "top" or "bottom". */
export function kindOf(code, place) {
  if (code.levels.length < 2) return "only";
  return gridOf(code, place).level === 0 ? "top" : "bottom";
}

/** Row and column in its grid, from 1. */
export function placeOf(code, place) {
  const { first, side } = gridOf(code, place);
  return { row: Math.floor((place - first) / side) + 1, column: ((place - first) % side) + 1 };
}

/** The components by their mean KL, the largest first. */
export function mostUsedFirst(usage) {
  return [...usage.keys()].sort((a, b) => usage[b] - usage[a] || a - b);
}

/** The order of indices has no meaning, so the strip shows the page of the codebook, or of the values, that has this one. */
function pageOf(code, codes) {
  const length = Math.min(STRIP_LENGTH, codes);
  const first = Math.min(Math.floor(code / length) * length, codes - length);
  return Float32Array.from({ length }, (_, k) => first + k);
}
