// The canvas of the latent plane: a cached layer of what does not move, and over it the drawing's posterior and the cross.

import { covarianceOf, ellipse, Frame } from "../evaluation/plane-geometry.js";
import { paintAxes, paintBackground, paintDigits, paintRings } from "./plane-marks.js";

const MARGIN = 22; // left and bottom, for the numbers along the axes, CSS pixels
const RING = 4; // radius of the ring around the drawing's mean, CSS pixels
const CROSS = 9; // half the length of its lines, CSS pixels

export class PlaneCanvas {
  #canvas;
  #context;
  #layer = null;
  #side = 0; // of the plane, CSS pixels

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
  }

  /** The next `paint` repaints the cached layer. */
  invalidate() {
    this.#layer = null;
  }

  /** The latent values of `square` under a pointer. */
  placeAt({ clientX, clientY }, square) {
    const box = this.#canvas.getBoundingClientRect();
    return new Frame(square, this.#side).from([clientX - box.left - MARGIN, clientY - box.top]);
  }

  /** Fits the canvas to its place in the page; false where that has no size. */
  fit() {
    const side = this.#canvas.clientWidth;
    if (side === 0) return false;
    const pixels = Math.round(side * pixelRatio());
    if (this.#canvas.width !== pixels) {
      Object.assign(this.#canvas, { width: pixels, height: pixels });
      this.invalidate();
    }
    this.#side = side - MARGIN;
    return true;
  }

  /** Empties the canvas. */
  clear() {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /**
   * `marks`: {codes [n * size], digits [n], size, axes, background, rings} of the cached layer; `background`: decoded pictures, or null; `rings`:
   * whether the prior is N(0, I). `posterior`: of the drawing, {mean, sigma, covariance}, or null. `cross`: its latent values.
   */
  paint({ square, marks, posterior, cross }) {
    this.clear();
    const frame = new Frame(square, this.#side);
    this.#layer ??= this.#paintLayer(frame, marks);
    const context = this.#context;
    context.drawImage(this.#layer, 0, 0);
    context.setTransform(pixelRatio(), 0, 0, pixelRatio(), 0, 0);
    context.save();
    context.translate(MARGIN, 0);
    clipTo(context, frame);
    if (posterior) this.#paintPosterior(frame, posterior, marks);
    this.#paintCross(frame, cross);
    context.restore();
  }

  #paintLayer(frame, { background, rings, ...digits }) {
    const { width, height } = this.#canvas;
    const layer = Object.assign(document.createElement("canvas"), { width, height });
    const context = layer.getContext("2d");
    context.setTransform(pixelRatio(), 0, 0, pixelRatio(), 0, 0);
    const colours = this.#colours();
    context.translate(MARGIN, 0);
    paintAxes(context, frame, colours);
    clipTo(context, frame);
    if (background) paintBackground(context, frame, colours, background);
    if (rings) paintRings(context, frame, colours);
    paintDigits(context, frame, colours, digits);
    return layer;
  }

  #paintPosterior(frame, { mean, sigma, covariance }, { size, axes: [a, b] }) {
    const context = this.#context;
    const [x, y] = frame.at([mean[a], mean[b]]);
    const within = covariance ? covarianceOf(covariance, size, a, b) : [sigma[a] ** 2, 0, sigma[b] ** 2];
    const { long, short, angle } = ellipse(within);
    context.beginPath();
    context.ellipse(x, y, long * frame.scale, short * frame.scale, -angle, 0, 2 * Math.PI);
    context.moveTo(x + RING, y);
    context.arc(x, y, RING, 0, 2 * Math.PI);
    this.#stroke("--ink", 2);
  }

  #paintCross(frame, cross) {
    const context = this.#context;
    const [x, y] = frame.at(frame.clamped(cross));
    context.beginPath();
    context.moveTo(x - CROSS, y);
    context.lineTo(x + CROSS, y);
    context.moveTo(x, y - CROSS);
    context.lineTo(x, y + CROSS);
    this.#stroke("--accent", 3);
  }

  /** Strokes the path, with the card's colour around it so that it can be seen over the digits. */
  #stroke(colour, width) {
    const strokes = [
      ["--card", width + 3],
      [colour, width],
    ];
    for (const [name, lineWidth] of strokes) {
      this.#context.strokeStyle = this.#colour(name);
      this.#context.lineWidth = lineWidth;
      this.#context.stroke();
    }
  }

  #colours() {
    return {
      ink: this.#colour("--ink"),
      muted: this.#colour("--muted"),
      line: this.#colour("--line"),
      digits: Array.from({ length: 10 }, (_, digit) => this.#colour(`--digit-${digit}`)),
    };
  }

  #colour(name) {
    return getComputedStyle(this.#canvas).getPropertyValue(name).trim();
  }
}

function pixelRatio() {
  return globalThis.devicePixelRatio || 1;
}

function clipTo(context, { side }) {
  context.beginPath();
  context.rect(0, 0, side, side);
  context.clip();
}
