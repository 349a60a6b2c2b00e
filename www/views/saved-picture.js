// Pictures as files: canvases enlarged by a whole number, so that pixels stay squares, and SVG as pixels.

import { COLUMNS, PIXELS } from "../explore/images.js";
import { grey, paint, paintGrid, span } from "./pixels.js";

const GAP = 2; // pixels between the pictures of a grid
const LARGEST = 2400; // pixels of a side after enlarging: 200 mm at 300 dots an inch
const SCALE = 4; // of SVG, whose charts are 500 to 750 pixels wide

/** A canvas with pictures [n * 784] in rows of `columns`, ink on white. */
export function gridCanvas(pictures, columns = COLUMNS) {
  const count = pictures.length / PIXELS;
  const across = Math.min(count, columns);
  const canvas = emptyCanvas(span(across, GAP), span(Math.ceil(count / across), GAP));
  whiten(canvas);
  paintGrid(canvas, pictures, across, GAP);
  return canvas;
}

/** A canvas with one picture, as RGBA bytes. */
export function pictureCanvas(rgba) {
  const canvas = emptyCanvas(span(1, 0), span(1, 0));
  paint(canvas, rgba);
  return canvas;
}

export function inkCanvas(picture) {
  return pictureCanvas(grey(picture));
}

/** A PNG of a canvas, over white. */
export function asPng(canvas) {
  const scale = Math.max(1, Math.floor(LARGEST / Math.max(canvas.width, canvas.height)));
  const enlarged = emptyCanvas(scale * canvas.width, scale * canvas.height);
  const context = whiten(enlarged);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, enlarged.width, enlarged.height);
  return pngOf(enlarged);
}

/** A PNG of an SVG document. */
export async function svgAsPng(document) {
  const address = URL.createObjectURL(new Blob([document], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = emptyCanvas(SCALE * image.naturalWidth, SCALE * image.naturalHeight);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await pngOf(canvas);
  } finally {
    URL.revokeObjectURL(address);
  }
}

function emptyCanvas(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

function whiten(canvas) {
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  return context;
}

function pngOf(canvas) {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("toBlob"))), "image/png"),
  );
}
