// The loss of the run in small: train (line) and test (dots), with the numbers of now. Its axis is that on which one looks back at the run.

import { nats } from "../messages/format.js";
import { along } from "../time/thinning.js";
import { setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";
import { ObservedSize } from "./observed-size.js";

const FIRST = 0.03; // share of a long curve whose fall would flatten the rest
const SHORT = 100; // points up to which the whole curve is shown
const PAD = 4; // CSS pixels
const DOT = 2; // radius, CSS pixels

export class LossSparkline {
  #root;
  #canvas;
  #size;
  #colours = null;
  #props = null;
  #draw = onFrame(() => this.#props && this.#paint());

  constructor(root) {
    this.#root = root;
    this.#canvas = root.querySelector("canvas");
    this.#size = new ObservedSize(this.#canvas, this.#draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#colours = null;
      this.#draw();
    });
  }

  /** `curves`: as LossHistory has them; `losses`: the means of now; `words`: the curves as a sentence. */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #paint() {
    const { curves, losses, words } = this.#props;
    setText(this.#root.querySelector("#bar-train"), nats(losses.train?.total));
    setText(this.#root.querySelector("#bar-test"), nats(testLoss(losses)?.total));
    setAttribute(this.#canvas, "aria-label", words);
    this.#curves(curves);
  }

  #curves({ train, quick }) {
    const { width, height } = this.#size;
    if (width === 0) return;
    const context = this.#clear(width, height);
    if (train.length === 0) return;
    this.#colours ??= coloursOf(this.#canvas);
    const at = placed(train, quick, { width, height });
    strokeLine(context, train.map(at), this.#colours.ink);
    fillDots(context, quick.map(at), this.#colours.accent);
  }

  /** The context of the empty canvas, which takes CSS pixels. */
  #clear(width, height) {
    const ratio = globalThis.devicePixelRatio || 1;
    const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
    const canvas = this.#canvas;
    if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }
}

function coloursOf(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(name).trim();
  return { ink: colour("--ink"), accent: colour("--accent") };
}

/** The loss on few test images, which is measured more often; before it is known, that on all. */
function testLoss({ quick, full }) {
  return quick ?? full;
}

/** A function from a point of a curve to its place on the canvas. */
function placed(train, quick, { width, height }) {
  const first = train.length > SHORT ? Math.floor(FIRST * train.length) : 0;
  const totals = [...train.slice(first), ...quick].map(({ total }) => total).filter(Number.isFinite);
  const [low, high] = [Math.min(...totals), Math.max(...totals)];
  const last = Math.max(train.at(-1).step, quick.at(-1)?.step ?? 0, 1);
  const y = (total) => (high > low ? Math.min(1, (total - low) / (high - low)) : 0.5);
  return ({ step, total }) => [
    PAD + (width - 2 * PAD) * (along(step) / along(last)),
    height - PAD - (height - 2 * PAD) * y(total),
  ];
}

function strokeLine(context, points, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

function fillDots(context, points, colour) {
  context.fillStyle = colour;
  for (const [x, y] of points) {
    context.beginPath();
    context.arc(x, y, DOT, 0, 2 * Math.PI);
    context.fill();
  }
}
