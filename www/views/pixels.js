// Grey pictures (784 floats 0..=1, 1 = ink) as canvas pixels: dark ink on white paper; dark mode inverts in the style sheet.

import { PIXELS, SIDE } from "../explore/images.js";

/** Ink as RGBA bytes. */
export function grey(picture) {
  const bytes = new Uint8ClampedArray(picture.length * 4);
  for (let i = 0; i < picture.length; i++) {
    const shade = 255 * (1 - picture[i]);
    bytes[i * 4] = bytes[i * 4 + 1] = bytes[i * 4 + 2] = shade;
    bytes[i * 4 + 3] = 255;
  }
  return bytes;
}

/** A difference -1..=1 as RGBA bytes: red where the model puts too much ink, blue where it puts too little, white at zero. */
export function diverging(picture, target) {
  const bytes = new Uint8ClampedArray(picture.length * 4);
  for (let i = 0; i < picture.length; i++) {
    const difference = picture[i] - target[i];
    const end = difference > 0 ? RED : BLUE;
    const weight = Math.min(1, Math.abs(difference));
    for (let c = 0; c < 3; c++) bytes[i * 4 + c] = 255 + (end[c] - 255) * weight;
    bytes[i * 4 + 3] = 255;
  }
  return bytes;
}

// Ends of a colour-blind safe scale: ColorBrewer RdBu.
const RED = [178, 24, 43];
const BLUE = [33, 102, 172];

/** Where picture `index` of a grid begins, in canvas pixels. */
export function cell(index, columns, gap) {
  return {
    x: (index % columns) * (SIDE + gap),
    y: Math.floor(index / columns) * (SIDE + gap),
  };
}

/** Width or height of a grid line of `count` pictures. */
export function span(count, gap) {
  return count * SIDE + (count - 1) * gap;
}

/** Paints one picture over a 28 x 28 canvas; without one, clears it. */
export function paint(canvas, rgba) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, SIDE, SIDE);
  if (rgba) context.putImageData(new ImageData(rgba, SIDE, SIDE), 0, 0);
}

/** Paints pictures (n x 784, end to end) into a grid, in reading order; places of NaN stay blank. */
export function paintGrid(canvas, pictures, columns, gap) {
  const context = canvas.getContext("2d");
  for (let k = 0; k < pictures.length / PIXELS; k++) {
    const { x, y } = cell(k, columns, gap);
    const picture = pictures.subarray(k * PIXELS, (k + 1) * PIXELS);
    if (Number.isNaN(picture[0])) continue;
    context.putImageData(new ImageData(grey(picture), SIDE, SIDE), x, y);
  }
}
