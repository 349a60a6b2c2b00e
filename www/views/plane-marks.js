// What the map has behind its test images: axes, the prior, decoded pictures.

import { PIXELS, SIDE } from "../explore/images.js";

/** Decoded pictures along a side of the plane. */
export const CELLS = 14;

/** Lines at round values, with the values below and to the left; `rows`: upwards there are rows of classes, and nothing to measure. */
export function paintAxes(context, frame, { line, muted }, rows) {
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = muted;
  context.lineWidth = 1;
  for (const k of rows ? [0] : [0, 1]) {
    for (const tick of frame.ticks(k)) {
      const at = frame.at(k === 0 ? [tick, 0] : [0, tick])[k];
      context.strokeStyle = line;
      context.globalAlpha = Math.abs(tick) < 1e-9 ? 1 : 0.6;
      context.beginPath();
      if (k === 0) {
        context.moveTo(at, 0);
        context.lineTo(at, frame.side);
      } else {
        context.moveTo(0, at);
        context.lineTo(frame.side, at);
      }
      context.stroke();
      context.globalAlpha = 1;
      const words = String(Number(tick.toPrecision(6))).replace("-", "−");
      context.textAlign = k === 0 ? "center" : "right";
      context.textBaseline = k === 0 ? "top" : "middle";
      if (at > 8 && at < frame.side - 8)
        context.fillText(words, k === 0 ? at : -4, k === 0 ? frame.side + 5 : at);
    }
  }
  context.strokeStyle = line;
  context.strokeRect(0.5, 0.5, frame.side - 1, frame.side - 1);
}

/** One, two and three standard deviations of N(0, I). */
export function paintRings(context, frame, { muted }) {
  const [x, y] = frame.at([0, 0]);
  context.strokeStyle = muted;
  context.setLineDash([2, 4]);
  for (const sigmas of [1, 2, 3]) {
    context.beginPath();
    context.arc(x, y, sigmas * frame.scale, 0, 2 * Math.PI);
    context.stroke();
  }
  context.setLineDash([]);
}

/** Contours of a prior: segments [x, y, x, y] in the plane, the innermost first. */
export function paintContours(context, frame, { muted }, contours) {
  context.strokeStyle = muted;
  context.globalAlpha = 0.8;
  context.beginPath();
  for (const segments of contours)
    for (let k = 0; k < segments.length; k += 4) {
      context.moveTo(...frame.at([segments[k], segments[k + 1]]));
      context.lineTo(...frame.at([segments[k + 2], segments[k + 3]]));
    }
  context.stroke();
  context.globalAlpha = 1;
}

/** Pictures [CELLS * CELLS * 784] over the `square`, each in its cell, faint and in the ink of the colour scheme. */
export function paintBackground(context, frame, { ink }, { pictures, square: { centre, reach } }) {
  const cell = (2 * reach * frame.scale) / CELLS;
  const [left, top] = frame.at([centre[0] - reach, centre[1] + reach]);
  const probe = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const painter = probe.getContext("2d", { willReadFrequently: true }); // on the CPU, where the pixels are
  context.globalAlpha = 0.45;
  for (let k = 0; k < CELLS * CELLS; k++) {
    const alpha = new ImageData(SIDE, SIDE);
    for (let i = 0; i < PIXELS; i++) alpha.data[4 * i + 3] = 255 * pictures[k * PIXELS + i];
    painter.globalCompositeOperation = "copy";
    painter.putImageData(alpha, 0, 0);
    painter.globalCompositeOperation = "source-in";
    painter.fillStyle = ink;
    painter.fillRect(0, 0, SIDE, SIDE);
    context.drawImage(probe, left + (k % CELLS) * cell, top + Math.floor(k / CELLS) * cell, cell, cell);
  }
  context.globalAlpha = 1;
}

/** Strokes the path, with the card's colour around it so that it is seen over whatever is there; `width` in CSS pixels. */
export function strokeOver(context, colours, colour, width) {
  for (const [name, lineWidth] of [
    ["card", width + 3],
    [colour, width],
  ]) {
    context.strokeStyle = colours[name];
    context.lineWidth = lineWidth;
    context.stroke();
  }
}

/** A cross at a point of the canvas, its lines `reach` long to each side: CSS pixels. */
export function crossAt(context, [x, y], reach) {
  context.beginPath();
  context.moveTo(x - reach, y);
  context.lineTo(x + reach, y);
  context.moveTo(x, y - reach);
  context.lineTo(x, y + reach);
}
