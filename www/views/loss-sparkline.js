// The loss of the run in small: train (line) and test (dots), with the numbers of now. Its axis is that on which one looks back at the run.

import { nats } from "../messages/format.js";
import { along } from "../time/thinning.js";
import { setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";

const FIRST = 0.03; // share of a long curve whose fall would flatten the rest
const SHORT = 100; // points up to which the whole curve is shown
const PAD = 4; // CSS pixels
const DOT = 2; // radius, CSS pixels

export class LossSparkline {
  #root;
  #canvas;
  #props = null;
  #draw = onFrame(() => this.#paint());

  constructor(root) {
    this.#root = root;
    this.#canvas = root.querySelector("canvas");
    new ResizeObserver(() => this.#props && this.#draw()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#props && this.#draw());
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
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0) return;
    const ratio = globalThis.devicePixelRatio || 1;
    Object.assign(this.#canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    if (train.length === 0) return;
    const context = this.#canvas.getContext("2d");
    context.scale(ratio, ratio);
    const at = placed(train, quick, { width, height });
    const colour = (name) => getComputedStyle(this.#canvas).getPropertyValue(name).trim();
    strokeLine(context, train.map(at), colour("--ink"));
    fillDots(context, quick.map(at), colour("--accent"));
  }
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
