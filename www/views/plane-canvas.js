// The canvas of the map: a cached ground of axes, prior and decoded pictures, the test images, and the marks of the drawing.

import { countIn, ellipse, Frame } from "../evaluation/plane-geometry.js";
import { ClassMarks } from "./class-marks.js";
import { areDots, MANY, mapMarks } from "./map-marks.js";
import { ObservedSize } from "./observed-size.js";
import { crossAt, paintAxes, paintBackground, paintContours, paintRings, strokeOver } from "./plane-marks.js";

/** Left and bottom of the plane, for the numbers along the axes, CSS pixels. */
export const MARGIN = 22;
const RING = 4; // radius of the ring around the drawing's mean, CSS pixels
const CROSS = 9; // half the length of its lines, CSS pixels
const DOT = 2; // side of a test image, where so many are in sight, CSS pixels
const PICKED = 7; // radius of the ring around one, CSS pixels

export class PlaneCanvas {
  #canvas;
  #context;
  #ground = document.createElement("canvas");
  #painted = null; // what is on the ground
  #marks = new ClassMarks();
  #look = {}; // {dataset, colours, marks}: the marks of a data set in these colours
  #colours = null;
  #size; // of the canvas
  #side = 0; // of the plane, CSS pixels

  /** `resized()` is called when the canvas has another size in the page. */
  constructor(canvas, resized) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#size = new ObservedSize(canvas, resized);
  }

  /** The side of the plane, CSS pixels. */
  get side() {
    return this.#side;
  }

  /** Other colours: everything is painted anew. */
  invalidate() {
    this.#colours = this.#painted = null;
  }

  /** The point of the plane under a pointer, CSS pixels. */
  pointAt({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    return [clientX - box.left - MARGIN, clientY - box.top];
  }

  /** Fits the canvas to its place in the page; false where that has no size. */
  fit() {
    const side = this.#size.width;
    if (side === 0) return false;
    const pixels = Math.round(side * pixelRatio());
    if (this.#canvas.width !== pixels) {
      for (const canvas of [this.#canvas, this.#ground])
        Object.assign(canvas, { width: pixels, height: pixels });
      this.#painted = null;
    }
    this.#side = side - MARGIN;
    return true;
  }

  clear() {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /**
   * `square` that is seen; `ground`: {background, rings, contours, rows}: decoded {pictures, square} or null, whether the prior is N(0, I), its
   * contours or null, and whether classes lie in rows; `places` [n * 2] and `labels` [n] or null of the test images of `dataset`; `only`: the class that is brought out, or null; `drawing`: {place, covariance} of its posterior, or null;
   * `trace`: places of its mean before; `cross`: a place, or null; `picked`: that of a test image with a ring around it, or null; `box`: how
   * far the codes of an outlined box are from the origin, or null.
   */
  paint({ square, ground, dataset, places, labels, only = null, drawing, trace, ...marks }) {
    const { cross = null, picked = null, box = null } = marks;
    this.#colours ??= this.#readColours();
    const frame = new Frame(square, this.#side);
    if (!this.#isPainted(square, ground)) this.#paintGround(frame, ground);
    this.clear();
    const context = this.#context;
    context.drawImage(this.#ground, 0, 0);
    const images = this.#paintMarks(square, { dataset, places, labels, only });
    context.drawImage(images, Math.round(MARGIN * pixelRatio()), 0);
    context.setTransform(pixelRatio(), 0, 0, pixelRatio(), 0, 0);
    context.save();
    context.translate(MARGIN, 0);
    clipTo(context, frame);
    if (box) this.#paintBox(frame, box);
    if (trace.length > 1) this.#paintTrace(frame, trace);
    if (drawing) this.#paintPosterior(frame, drawing);
    if (picked) this.#paintPicked(frame, picked);
    if (cross) this.#paintCross(frame, cross);
    context.restore();
  }

  #isPainted(square, ground) {
    const painted = this.#painted;
    return painted?.square === square && Object.keys(ground).every((part) => painted[part] === ground[part]);
  }

  #paintGround(frame, { background, rings, contours, rows }) {
    const context = this.#ground.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#ground.width, this.#ground.height);
    context.setTransform(pixelRatio(), 0, 0, pixelRatio(), 0, 0);
    context.save();
    context.translate(MARGIN, 0);
    paintAxes(context, frame, this.#colours, rows);
    clipTo(context, frame);
    if (background) paintBackground(context, frame, this.#colours, background);
    if (rings) paintRings(context, frame, this.#colours);
    if (contours) paintContours(context, frame, this.#colours, contours);
    context.restore();
    this.#painted = { square: frame.square, background, rings, contours, rows };
  }

  #paintMarks(square, { dataset, places, labels, only }) {
    const ratio = pixelRatio();
    const side = Math.round(this.#side * ratio);
    const size = (this.#side > 420 ? 11 : 9) - (places.length / 2 > MANY ? 2 : 0);
    const font = `600 ${size * ratio}px system-ui, sans-serif`;
    const dotted = areDots(places.length / 2) && areDots(countIn(square, places));
    const dot = dotted ? Math.round(DOT * ratio) : null;
    this.#marks.fit({ side, font, dot, ...this.marksOf(dataset) });
    return this.#marks.paint(new Frame(square, side), places, dataset.labelled ? labels : null, only);
  }

  /** {marks, colours} of the classes of a data set. */
  marksOf(dataset) {
    this.#colours ??= this.#readColours();
    const { dataset: before, colours } = this.#look;
    if (before !== dataset || colours !== this.#colours)
      this.#look = { dataset, colours: this.#colours, marks: mapMarks(dataset, this.#colours) };
    return this.#look.marks;
  }

  #paintBox(frame, reach) {
    const context = this.#context;
    context.beginPath();
    context.rect(...frame.at([-reach, reach]), 2 * reach * frame.scale, 2 * reach * frame.scale);
    this.#stroke("accent", 2);
  }

  /** Where the drawing's mean was at earlier snapshots of the run. */
  #paintTrace(frame, trace) {
    const context = this.#context;
    context.beginPath();
    for (const [k, place] of trace.entries()) {
      if (k === 0) context.moveTo(...frame.at(place));
      else context.lineTo(...frame.at(place));
    }
    context.lineJoin = "round";
    this.#stroke("ink", 1);
  }

  #paintPosterior(frame, { place, covariance }) {
    const context = this.#context;
    const [x, y] = frame.at(place);
    const { long, short, angle } = ellipse(covariance);
    context.beginPath();
    context.ellipse(x, y, long * frame.scale, short * frame.scale, -angle, 0, 2 * Math.PI);
    context.moveTo(x + RING, y);
    context.arc(x, y, RING, 0, 2 * Math.PI);
    this.#stroke("ink", 2);
  }

  #paintPicked(frame, place) {
    const context = this.#context;
    context.beginPath();
    context.arc(...frame.at(place), PICKED, 0, 2 * Math.PI);
    this.#stroke("accent", 2);
  }

  #paintCross(frame, cross) {
    crossAt(this.#context, frame.at(cross), CROSS);
    this.#stroke("accent", 3);
  }

  #stroke(colour, width) {
    strokeOver(this.#context, this.#colours, colour, width);
  }

  #readColours() {
    const style = getComputedStyle(this.#canvas);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    const ofClasses = Array.from({ length: 10 }, (_, k) => `class-${k}`);
    const names = ["ink", "muted", "line", "card", "accent", ...ofClasses];
    return Object.fromEntries(names.map((name) => [name, read(name)]));
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
