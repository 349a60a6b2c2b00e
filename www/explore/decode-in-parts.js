// Many pictures at once, without keeping the viewer's worker from a drawing.

import { PIXELS } from "./images.js";

const ROWS = 9; // about two milliseconds, with convolutions twenty

/** Pictures [n * 784] of `codes` [n * length], by calls of `decode(codes)` between which the worker answers others. */
export async function decodeInParts(decode, codes, length) {
  const pictures = new Float32Array((codes.length / length) * PIXELS);
  for (let row = 0; row * length < codes.length; row += ROWS)
    pictures.set(await decode(codes.slice(row * length, (row + ROWS) * length)), row * PIXELS);
  return pictures;
}
