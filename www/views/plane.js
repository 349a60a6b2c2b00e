// The latent plane: two components of the codes, with test images as their digits, the drawing's posterior and a cross to move.

import { Frame, square } from "../evaluation/plane-geometry.js";
import { PIXELS } from "../explore/images.js";
import { setAttribute, setText, showTrouble } from "./dom.js";
import { encodingText, showRefresh } from "./encoding-progress.js";
import { onFrame } from "./frame.js";
import { grey, paint } from "./pixels.js";
import { PlaneAxes } from "./plane-axes.js";
import { PlaneBackground } from "./plane-background.js";
import { PlaneCanvas } from "./plane-canvas.js";
import { PlanePointer } from "./plane-pointer.js";
import { encodedText, noPlaneText, placeText, planeText } from "./plane-texts.js";

export class PlaneView {
  #root;
  #actions;
  #canvas; // the element
  #plane; // what is painted on it
  #axes;
  #pointer;
  #props = { open: false, description: null, codes: null };
  #square = null; // of the plane that is shown
  #background;
  #byKey = false; // whether the cross was moved by key and its place is not yet spoken
  #draw = onFrame(() => this.#paint());

  /**
   * `actions`: `retry()`, `refresh()`, `moveTo(components, place)`, `say(words)` of a cross moved by key, and `decode(z)`,
   * which resolves to pictures.
   */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#canvas = this.#find("plane");
    this.#canvas.setAttribute("role", "application"); // the arrow keys are ours
    this.#plane = new PlaneCanvas(this.#canvas);
    this.#axes = new PlaneAxes([this.#find("plane-x"), this.#find("plane-y")], () => this.#measureSquare());
    this.#pointer = new PlanePointer(this.#canvas, {
      ready: () => Boolean(this.#square),
      placeAt: (event) => this.#plane.placeAt(event, this.#square),
      cross: () => this.#cross,
      move: (place, byKey) => this.#move(place, byKey),
    });
    this.#background = new PlaneBackground(actions.decode);
    root.querySelector(".trouble button").addEventListener("click", actions.retry);
    root.querySelector(".refresh").addEventListener("click", actions.refresh);
    this.#find("plane-background").addEventListener("change", () => this.#decodeBackground());
    new ResizeObserver(() => this.#redraw()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
  }

  /**
   * `open`; `description` and `step` of the model evaluated, `stale`: whether newer weights are to be had; `busy`: whether it is being
   * measured; `phase`, `progress` ({done, of}) of the encoding; `codes` [n * Z], `digits` [n]; `usage` [Z]; `z`: the code shown;
   * `inference` of the drawing; `pictures`: decoded, that of `z` first; `trouble`: a sentence or null.
   */
  update(props) {
    const { codes } = this.#props;
    this.#props = props;
    if (props.codes !== codes) {
      if (props.codes) this.#takeCodes();
      else this.#forget();
    }
    this.#draw();
  }

  /** Another model, or other weights. */
  #forget() {
    this.#axes.reset();
    this.#square = null;
    this.#background.clear();
    this.#plane.invalidate();
  }

  #takeCodes() {
    if (!this.#drawable) return;
    const { usage, codes } = this.#props;
    this.#axes.take({ usage, codes, size: this.#size });
    this.#measureSquare();
  }

  get #model() {
    return this.#props.description?.model;
  }

  get #size() {
    return this.#model?.latent ?? 0;
  }

  /** A codebook has no plane, a single component neither. */
  get #drawable() {
    return this.#size >= 2 && this.#model.posterior !== "codebook";
  }

  #measureSquare() {
    const drawing = this.#drawingPlace;
    this.#square = square(this.#props.codes, this.#size, this.#axes.axes, drawing ? [drawing] : []);
    this.#plane.invalidate();
    this.#decodeBackground();
    this.#draw();
  }

  #redraw() {
    this.#plane.invalidate();
    this.#draw();
  }

  /** The drawing's posterior, if it is of this model. */
  get #posterior() {
    const { inference } = this.#props;
    return inference?.mean.length === this.#size ? inference : null;
  }

  get #drawingPlace() {
    const posterior = this.#posterior;
    return posterior && this.#axes.axes.map((c) => posterior.mean[c]);
  }

  /** The values of the two sliders. */
  get #cross() {
    return this.#axes.axes.map((c) => this.#props.z[c] ?? 0);
  }

  async #decodeBackground() {
    const isWanted = this.#find("plane-background").checked && this.#size === 2 && this.#square;
    await this.#background.update(isWanted ? { square: this.#square, axes: this.#axes.axes } : null);
    this.#redraw();
  }

  #paint() {
    const { open, trouble, description } = this.#props;
    this.#root.dataset.state = this.#dataState();
    this.#root.dataset.axes = this.#axes.axes?.map((c) => c + 1).join(" ") ?? "";
    if (!open || !description) return;
    const drawable = this.#drawable;
    showTrouble(this.#root, trouble);
    const none = this.#find("plane-none");
    none.hidden = drawable;
    setText(none, drawable ? "" : noPlaneText(this.#model));
    this.#root.querySelector(".plane-body").hidden = !drawable;
    showRefresh(this.#root, this.#props);
    setText(this.#find("plane-state"), encodingText(this.#props) || encodedText(this.#props));
    this.#find("plane-background-switch").hidden = this.#size !== 2;
    this.#axes.paint();
    if (drawable) this.#paintPlane();
  }

  #dataState() {
    const { open, trouble, codes } = this.#props;
    if (!open) return "closed";
    if (trouble) return "failed";
    if (!this.#drawable) return "none";
    return codes ? "drawn" : "open";
  }

  #paintPlane() {
    if (!this.#plane.fit()) return;
    if (!this.#square) return this.#plane.clear();
    this.#includeDrawing();
    const { codes, digits, pictures } = this.#props;
    this.#plane.paint({
      square: this.#square,
      marks: {
        codes,
        digits,
        size: this.#size,
        axes: this.#axes.axes,
        background: this.#background.pictures,
        rings: this.#model.prior === "standard",
      },
      posterior: this.#posterior,
      cross: this.#cross,
    });
    if (pictures) paint(this.#find("plane-decoded"), grey(pictures.subarray(0, PIXELS)));
    this.#describe();
  }

  /** Enlarges the square where the drawing is outside. */
  #includeDrawing() {
    const place = this.#drawingPlace;
    if (!place || this.#pointer.dragging) return;
    const { centre, reach } = this.#square;
    if (place.some((value, k) => Math.abs(value - centre[k]) > reach)) this.#measureSquare();
  }

  /** Describes the place of the cross: next to the plane, in its text alternative, and in an announcement after a key. */
  #describe() {
    const place = placeText(this.#axes.axes, this.#cross);
    setText(this.#find("plane-place"), place);
    setAttribute(this.#canvas, "aria-label", planeText(this.#axes.axes, this.#props.digits.length, place));
    if (this.#byKey) this.#actions.say(place);
    this.#byKey = false;
  }

  #move(place, byKey) {
    if (byKey) this.#byKey = true;
    this.#actions.moveTo(this.#axes.axes, new Frame(this.#square, 1).clamped(place));
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
