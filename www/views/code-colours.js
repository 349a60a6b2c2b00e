// The colours of a codebook's codes. So many colours cannot all be distinguished: instead near vectors have near colours, and the number on each says
// which it is. The first principal component of the vectors is the lightness, the second goes from blue to yellow: what people with a red-green
// deficiency see as others do.

import { luminance, oklch } from "./oklch.js";

const LIGHTNESS = [0.4, 0.93]; // at -1 and 1 of the first component
const CHROMA = 0.13; // at either end of the second
const HUES = [262, 98]; // degrees: blue below, yellow above
/** Black and white have the same contrast, 4.6, to a colour of this luminance: the one that is chosen never has less. */
const EQUAL = 0.179;
const PLAIN = { fill: "transparent", ink: "currentColor" };

/** {fill, ink}, colours of CSS, of the code at `index`. `places` [C * 2] of the codebook's vectors, or null before they are known. */
export function codeColours(places, index) {
  const [x, y] = places?.subarray(2 * index, 2 * index + 2) ?? [];
  if (y === undefined) return PLAIN;
  const [dark, light] = LIGHTNESS;
  const lightness = dark + ((light - dark) * (x + 1)) / 2;
  const bytes = oklch(lightness, CHROMA * Math.abs(y), HUES[y > 0 ? 1 : 0]).map(Math.round);
  return { fill: `rgb(${bytes.join(" ")})`, ink: luminance(bytes) > EQUAL ? "#000" : "#fff" };
}
