// Two components of the codes as a plane: test images as the digits they show, the drawing with its ellipse, and a cross to move.

import { count, latent } from "../messages/format.js";
import { stepInWords } from "../evaluation/evaluation-controller.js";
import { PIXELS, SIDE } from "./pixels.js";
import { byUse, ellipse, Frame, square, within } from "../evaluation/plane-geometry.js";
import { onFrame } from "./frame.js";
import { paintAxes, paintBehind, paintDigits, paintRings } from "./plane-marks.js";
import { showTrouble, text } from "./dom.js";

const STEP = 0.1; // of an arrow key, in latent units; with Shift five times that
const CELLS = 14; // decoded pictures along a side
const MARGIN = 22; // for the numbers along the axes, CSS pixels
const RING = 4; // around the drawing's mean, CSS pixels
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class PlaneView {
  #root;
  #canvas;
  #selects;
  #act;
  #state = {
    open: false,
    description: null,
    codes: null,
    digits: null,
    usage: null,
    z: new Float32Array(0),
    look: null,
    pictures: null,
    progress: null,
    phase: "",
    trouble: null,
    stale: false,
    busy: false,
    step: null,
  };
  #axes = null; // the two components; null until there is something to choose by
  #chosen = false; // whether the person chose them
  #square = null; // of the plane that is shown
  #marks = null; // what does not move, drawn once
  #behind = null; // decoded pictures under it
  #side = 0; // of the plane, in CSS pixels
  #dragging = false;
  #byKey = false; // whether the cross was moved so, and nobody has said where to
  #draw = onFrame(() => this.#paint());

  /** `open(open)`, `retry()`, `refresh()`, `moveTo(components, place)`, `say(place)` (moved by key, in words) hear what the person does; `decode(z)` promises pictures. */
  constructor(root, act) {
    this.#root = root;
    this.#act = act;
    this.#canvas = this.#find("plane");
    this.#canvas.setAttribute("role", "application"); // the arrow keys are ours
    this.#selects = [this.#find("plane-x"), this.#find("plane-y")];
    root.addEventListener("toggle", () => act.open(root.open));
    root.querySelector(".trouble button").addEventListener("click", act.retry);
    root.querySelector(".refresh").addEventListener("click", act.refresh);
    for (const [k, select] of this.#selects.entries())
      select.addEventListener("change", () => this.#choose(k, Number(select.value)));
    this.#find("plane-behind").addEventListener("change", () => this.#decodeBehind());
    this.#listen();
    new ResizeObserver(() => this.#redraw()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
  }

  /**
   * Any of open, description (of the model), codes [n * Z], digits [n], usage [Z], z (where the sliders stand), look, pictures
   * (the decoded one first), progress ({done, of}), phase, trouble, stale (newer weights are to be had), busy (and not now), step.
   */
  update(change) {
    Object.assign(this.#state, change);
    if (change.description) this.#otherModel(change);
    if (change.codes) this.#otherCodes();
    this.#draw();
  }

  #otherModel() {
    this.#axes = null;
    this.#chosen = false;
    this.#square = null;
    this.#behind = null;
    this.#marks = null;
  }

  #otherCodes() {
    const { codes, usage } = this.#state;
    if (!this.#drawable) return;
    if (!this.#chosen) {
      const axes = byUse(usage, codes, this.#size).slice(0, 2);
      const moved = axes.join() !== this.#axes?.join();
      this.#axes = axes;
      if (moved) this.#offer();
    }
    this.#measureSquare();
  }

  /** The codebook's and a single component's model have no plane. */
  get #drawable() {
    return this.#size >= 2 && this.#model.posterior !== "codebook";
  }

  get #model() {
    return this.#state.description?.model;
  }

  get #size() {
    return this.#model?.latent ?? 0;
  }

  #choose(k, component) {
    const other = this.#axes[1 - k];
    this.#axes[1 - k] = other === component ? this.#axes[k] : other; // the same for both: they change places
    this.#axes[k] = component;
    this.#chosen = true;
    for (const [place, select] of this.#selects.entries()) select.value = String(this.#axes[place]);
    this.#measureSquare();
  }

  #offer() {
    const { codes, usage } = this.#state;
    const says = usage?.some((value) => value > 0);
    const options = byUse(usage, codes, this.#size).map((c) => [
      String(c),
      `z${c + 1}${says && usage.length === this.#size ? `, ${usage[c].toFixed(1)} nats` : ""}`,
    ]);
    for (const [k, select] of this.#selects.entries()) {
      select.replaceChildren(
        ...options.map(([value, textContent]) =>
          Object.assign(document.createElement("option"), { value, textContent }),
        ),
      );
      select.value = String(this.#axes[k]);
    }
  }

  #measureSquare() {
    this.#square = square(
      this.#state.codes,
      this.#size,
      this.#axes,
      this.#drawnPlace ? [this.#drawnPlace] : [],
    );
    this.#marks = null;
    this.#decodeBehind();
    this.#draw();
  }

  #redraw() {
    this.#marks = null;
    this.#draw();
  }

  /** Where the drawing lies, and where the sliders stand. */
  get #drawnPlace() {
    const { look } = this.#state;
    return look?.mean.length === this.#size ? this.#axes.map((c) => look.mean[c]) : null;
  }

  get #place() {
    return this.#axes.map((c) => this.#state.z[c] ?? 0);
  }

  /** For two components alone a place says everything, so pictures can lie behind the marks. */
  async #decodeBehind() {
    const wanted = this.#find("plane-behind").checked && this.#size === 2 && this.#square;
    const shown = this.#square;
    if (!wanted) this.#behind = null;
    else {
      const places = new Frame(shown, 1).middles(CELLS);
      const z = new Float32Array(2 * places.length);
      for (const [k, place] of places.entries()) {
        for (const [axis, c] of this.#axes.entries()) z[2 * k + c] = place[axis];
      }
      const pictures = await this.#act.decode(z).catch(() => null);
      if (this.#square !== shown) return; // another plane has come meanwhile
      this.#behind = pictures?.length === places.length * PIXELS ? pictures : null;
    }
    this.#redraw();
  }

  // Painting.

  #paint() {
    const { open, trouble, stale, busy, description, codes } = this.#state;
    const drawable = this.#drawable;
    this.#root.dataset.state = !open
      ? "closed"
      : trouble
        ? "failed"
        : !drawable
          ? "none"
          : codes
            ? "drawn"
            : "open";
    this.#root.dataset.axes = this.#axes?.map((c) => c + 1).join(" ") ?? "";
    if (!open || !description) return;
    showTrouble(this.#root, trouble);
    const none = this.#find("plane-none");
    none.hidden = drawable;
    text(none, drawable ? "" : this.#whyNone());
    this.#root.querySelector(".plane-body").hidden = !drawable;
    const refresh = this.#root.querySelector(".refresh");
    refresh.hidden = !stale;
    refresh.disabled = busy;
    text(this.#find("plane-prepared"), this.#words());
    this.#find("plane-behind-switch").hidden = this.#size !== 2;
    for (const select of this.#selects) select.disabled = !this.#axes;
    if (drawable) this.#paintPlane();
  }

  #whyNone() {
    if (this.#model.posterior === "codebook")
      return "There is no plane to draw: this model’s code is a list of entries from a codebook, and an entry’s number is a name, not a place. Number 7 is no nearer to 8 than to 100.";
    return "There is no plane to draw: this model has a single component.";
  }

  #words() {
    const { progress, phase, stale, step } = this.#state;
    if (phase) return `${phase}…`;
    if (!progress) return "";
    const { done, of } = progress;
    const old = stale ? ` As of ${stepInWords(step)}; the model has been trained on since.` : "";
    return done < of
      ? `Encoding test images: ${count(done)} of ${count(of)}.`
      : `The first ${count(of)} test images.${old}`;
  }

  #paintPlane() {
    const side = this.#canvas.clientWidth;
    if (side === 0) return;
    const ratio = globalThis.devicePixelRatio || 1;
    const pixels = Math.round(side * ratio);
    if (this.#canvas.width !== pixels) {
      Object.assign(this.#canvas, { width: pixels, height: pixels });
      this.#marks = null;
    }
    this.#side = side - MARGIN;
    const context = this.#canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, pixels, pixels);
    if (!this.#square) return;
    this.#reachDrawing();
    this.#marks ??= this.#paintMarks(pixels, ratio);
    context.drawImage(this.#marks, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.save();
    context.beginPath();
    context.rect(MARGIN, 0, this.#side, this.#side);
    context.clip();
    context.translate(MARGIN, 0);
    this.#paintDrawing(context);
    this.#paintCross(context);
    context.restore();
    this.#paintDecoded();
    this.#say();
  }

  /** A drawing that lies outside of what is shown makes the plane larger. */
  #reachDrawing() {
    const place = this.#drawnPlace;
    if (!place || this.#dragging) return;
    const { centre, reach } = this.#square;
    if (place.some((value, k) => Math.abs(value - centre[k]) > reach)) this.#measureSquare();
  }

  get #frame() {
    return new Frame(this.#square, this.#side);
  }

  /** Everything that stays while the cross moves. */
  #paintMarks(pixels, ratio) {
    const layer = Object.assign(document.createElement("canvas"), { width: pixels, height: pixels });
    const context = layer.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const frame = this.#frame;
    const colours = this.#colours();
    context.translate(MARGIN, 0);
    paintAxes(context, frame, colours);
    context.beginPath();
    context.rect(0, 0, this.#side, this.#side);
    context.clip();
    if (this.#behind) paintBehind(context, frame, colours, this.#behind, CELLS);
    if (this.#model.prior === "standard") paintRings(context, frame, colours);
    const { codes, digits } = this.#state;
    paintDigits(context, frame, colours, { codes, digits, size: this.#size, axes: this.#axes });
    return layer;
  }

  #colours() {
    const style = getComputedStyle(this.#root);
    const colour = (name) => style.getPropertyValue(name).trim();
    return {
      ink: colour("--ink"),
      muted: colour("--muted"),
      line: colour("--line"),
      digits: Array.from({ length: 10 }, (_, digit) => colour(`--digit-${digit}`)),
    };
  }

  #paintDrawing(context) {
    const place = this.#drawnPlace;
    if (!place) return;
    const frame = this.#frame;
    const [x, y] = frame.at(place);
    const { long, short, angle } = ellipse(this.#covariance());
    context.beginPath();
    context.ellipse(x, y, long * frame.scale, short * frame.scale, -angle, 0, 2 * Math.PI);
    context.moveTo(x + RING, y);
    context.arc(x, y, RING, 0, 2 * Math.PI);
    this.#stroke(context, "--ink", 2);
  }

  #covariance() {
    const { covariance, sigma } = this.#state.look;
    const [a, b] = this.#axes;
    if (covariance) return within(covariance, this.#size, a, b);
    return [sigma[a] ** 2, 0, sigma[b] ** 2];
  }

  #paintCross(context) {
    const [x, y] = this.#frame.at(this.#frame.clamped(this.#place));
    context.beginPath();
    context.moveTo(x - 9, y);
    context.lineTo(x + 9, y);
    context.moveTo(x, y - 9);
    context.lineTo(x, y + 9);
    this.#stroke(context, "--accent", 3);
  }

  /** A line that can be seen over the marks: the card's colour around it. */
  #stroke(context, name, width) {
    const style = getComputedStyle(this.#root);
    for (const [colour, wide] of [
      ["--card", width + 3],
      [name, width],
    ]) {
      context.strokeStyle = style.getPropertyValue(colour).trim();
      context.lineWidth = wide;
      context.stroke();
    }
  }

  #paintDecoded() {
    const { pictures } = this.#state;
    if (!pictures) return;
    const context = this.#find("plane-decoded").getContext("2d");
    const shades = new ImageData(SIDE, SIDE);
    for (let i = 0; i < PIXELS; i++) {
      const shade = 255 * (1 - pictures[i]);
      shades.data.set([shade, shade, shade, 255], 4 * i);
    }
    context.putImageData(shades, 0, 0);
  }

  #say() {
    const [x, y] = this.#place;
    const [a, b] = this.#axes;
    const place = `z${a + 1} ${latent(x)}, z${b + 1} ${latent(y)}`;
    text(this.#find("plane-place"), place);
    const label = `Latent plane of z${a + 1} across and z${b + 1} upwards, with ${this.#state.digits.length} test images. The cross is at ${place}. Arrow keys move it.`;
    if (this.#canvas.getAttribute("aria-label") !== label) this.#canvas.setAttribute("aria-label", label);
    if (this.#byKey) this.#act.say(place);
    this.#byKey = false;
  }

  // Moving the cross.

  #listen() {
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !this.#square) return;
      this.#dragging = true;
      canvas.setPointerCapture(event.pointerId);
      this.#moveToPointer(event);
    });
    canvas.addEventListener("pointermove", (event) => this.#dragging && this.#moveToPointer(event));
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, () => {
        this.#dragging = false;
      });
    canvas.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || !this.#square || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const step = event.shiftKey ? 5 * STEP : STEP;
      const place = this.#place.map((value, k) => value + step * arrow[k]);
      this.#byKey = true;
      this.#move(place);
    });
  }

  #moveToPointer({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    this.#move(this.#frame.from([clientX - box.left - MARGIN, clientY - box.top]));
  }

  #move(place) {
    this.#act.moveTo(this.#axes, this.#frame.clamped(place));
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
