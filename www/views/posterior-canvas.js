// The canvas of a posterior: p(z | x) as a heat map with contours, the ellipses of q(z | x), and a cross.

import { ellipse, Frame } from "../evaluation/plane-geometry.js";
import { densityColours, densityPixels } from "./density-colours.js";
import { ObservedSize } from "./observed-size.js";
import { crossAt, paintAxes, strokeOver } from "./plane-marks.js";

/** Left and bottom of the plane, for the numbers along the axes, CSS pixels. */
export const MARGIN = 26;
const CROSS = 8; // half the length of its lines, CSS pixels
const MEAN = 3; // radius of the dot at q's mean, CSS pixels

export class PosteriorCanvas {
  #canvas;
  #context;
  #heat = document.createElement("canvas");
  #heated = null; // the view whose density is on it
  #colours = null;
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #size; // of the canvas
  #side = 0; // of the plane, CSS pixels

  /** `resized()` is called when the canvas has another size in the page. */
  constructor(canvas, resized) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#size = new ObservedSize(canvas, resized);
  }

  get side() {
    return this.#side;
  }

  /** Other colours. */
  invalidate() {
    this.#colours = this.#heated = null;
  }

  /** The point of the plane under a pointer, CSS pixels. */
  pointAt({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    return [clientX - box.left - MARGIN, clientY - box.top];
  }

  /** Fits the canvas to its place in the page; false where that has no size. */
  fit() {
    const { width } = this.#size;
    if (width === 0) return false;
    const pixels = Math.round(width * ratio());
    if (this.#canvas.width !== pixels) Object.assign(this.#canvas, { width: pixels, height: pixels });
    this.#side = width - MARGIN;
    return true;
  }

  clear() {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** `view` as in `state.posteriors`; `square` that is seen; `cross`: a place, or null. */
  paint({ view, square, cross }) {
    this.#colours ??= this.#readColours();
    this.clear();
    const context = this.#context;
    const frame = new Frame(square, this.#side);
    context.setTransform(ratio(), 0, 0, ratio(), 0, 0);
    context.save();
    context.translate(MARGIN, 0);
    context.beginPath();
    context.rect(0, 0, frame.side, frame.side);
    context.save();
    context.clip();
    this.#paintDensity(frame, view);
    context.restore();
    paintAxes(context, new SparseFrame(square, this.#side), this.#colours);
    context.beginPath();
    context.rect(0, 0, frame.side, frame.side);
    context.clip();
    this.#paintContours(frame, view.contours);
    this.#paintApproximation(frame, view.approximation);
    if (cross) this.#paintCross(frame, cross);
    context.restore();
  }

  #paintDensity(frame, view) {
    const { side, square, density } = view;
    const context = this.#context;
    context.fillStyle = `rgb(${[...densityColours(this.#dark.matches).subarray(0, 3)].join(" ")})`;
    context.fillRect(0, 0, frame.side, frame.side);
    if (this.#heated !== view) {
      Object.assign(this.#heat, { width: side, height: side });
      const pixels = densityPixels(density, side, this.#dark.matches);
      this.#heat.getContext("2d").putImageData(new ImageData(pixels, side, side), 0, 0);
      this.#heated = view;
    }
    // Each point of the lattice is the middle of a pixel.
    const reach = (square.reach * side) / (side - 1);
    const [x, y] = frame.at([square.centre[0] - reach, square.centre[1] + reach]);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#heat, x, y, 2 * reach * frame.scale, 2 * reach * frame.scale);
  }

  #paintContours(frame, contours) {
    const context = this.#context;
    context.beginPath();
    for (const segments of contours)
      for (let k = 0; k < segments.length; k += 4) {
        context.moveTo(...frame.at([segments[k], segments[k + 1]]));
        context.lineTo(...frame.at([segments[k + 2], segments[k + 3]]));
      }
    context.lineCap = "round";
    this.#stroke("ink", 1.25);
    context.lineCap = "butt";
  }

  /** One and two standard deviations around the mean. */
  #paintApproximation(frame, { mean, covariance }) {
    const context = this.#context;
    const [x, y] = frame.at(mean);
    context.beginPath();
    context.arc(x, y, MEAN, 0, 2 * Math.PI);
    this.#stroke("q", 2);
    for (const deviations of [1, 2]) {
      const { long, short, angle } = ellipse(covariance, deviations);
      context.beginPath();
      context.ellipse(x, y, long * frame.scale, short * frame.scale, -angle, 0, 2 * Math.PI);
      this.#stroke("q", 2);
    }
  }

  #paintCross(frame, cross) {
    crossAt(this.#context, frame.at(cross), CROSS);
    this.#stroke("accent", 2.5);
  }

  #stroke(colour, width) {
    strokeOver(this.#context, this.#colours, colour, width);
  }

  #readColours() {
    const style = getComputedStyle(this.#canvas);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    const names = ["ink", "muted", "line", "card", "accent"];
    return { ...Object.fromEntries(names.map((name) => [name, read(name)])), q: read("kl") };
  }
}

const CROWDED = 260; // CSS pixels: below, there is room for half of the ticks

class SparseFrame extends Frame {
  ticks(k) {
    const all = super.ticks(k);
    if (this.side >= CROWDED || all.length < 4) return all;
    const step = all[1] - all[0];
    return all.filter((tick) => Math.round(tick / step) % 2 === 0);
  }
}

function ratio() {
  return globalThis.devicePixelRatio || 1;
}
