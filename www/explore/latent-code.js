// What a latent code is made of: real numbers, indices of vectors in a codebook, or values of categorical variables.

import { text } from "../messages/text.js";

const STRIP_LENGTH = 11; // images of the strip
export const CODE_COLUMNS = 7; // a codebook model's places form a 7 × 7 grid
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
    ? placeName(component)
    : text("explore.component", { number: component + 1 });
}

/** The place of a codebook model's component in words. */
export function placeName(component) {
  return text("explore.place", placeOf(component));
}

/** Row and column in a codebook model's grid, from 1. */
export function placeOf(component) {
  return { row: Math.floor(component / CODE_COLUMNS) + 1, column: (component % CODE_COLUMNS) + 1 };
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
