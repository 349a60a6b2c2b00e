// Colours of a density: perceptually ordered, from the colour of the card to the furthest from it, in the light and the dark theme.

import { oklch } from "./oklch.js";

/** Lightness, chroma and hue (degrees) in OKLCh, from zero to the largest density. */
const ENDS = {
  light: [
    { lightness: 0.995, chroma: 0.005, hue: 95 },
    { lightness: 0.36, chroma: 0.11, hue: 285 },
  ],
  dark: [
    { lightness: 0.235, chroma: 0.015, hue: 285 },
    { lightness: 0.9, chroma: 0.11, hue: 175 },
  ],
};
const TURN = { light: 215, dark: 235 }; // hue in the middle
const STEPS = 256;

const tables = {};

/** The colours as RGBA bytes [256 * 4], lightness changing evenly from one to the next. */
export function densityColours(dark) {
  const theme = dark ? "dark" : "light";
  tables[theme] ??= table(theme);
  return tables[theme];
}

function table(theme) {
  const [from, to] = ENDS[theme];
  const bytes = new Uint8ClampedArray(STEPS * 4);
  for (let k = 0; k < STEPS; k++) {
    const t = k / (STEPS - 1);
    const mix = (a, b) => a + (b - a) * t;
    const hue = t < 0.5 ? between(from.hue, TURN[theme], 2 * t) : between(TURN[theme], to.hue, 2 * t - 1);
    const chroma = mix(from.chroma, to.chroma) + 0.05 * Math.sin(Math.PI * t);
    bytes.set([...oklch(mix(from.lightness, to.lightness), chroma, hue), 255], 4 * k);
  }
  return bytes;
}

function between(a, b, t) {
  return a + (b - a) * t;
}

/** A density [side * side], 0..=1 with rows from the bottom up, as RGBA bytes with rows from the top down. */
export function densityPixels(density, side, dark) {
  const colours = densityColours(dark);
  const bytes = new Uint8ClampedArray(side * side * 4);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const k = Math.round((STEPS - 1) * density[row * side + column]);
      bytes.set(colours.subarray(4 * k, 4 * k + 4), 4 * ((side - 1 - row) * side + column));
    }
  return bytes;
}
