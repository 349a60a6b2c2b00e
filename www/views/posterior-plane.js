// The heat map of one posterior, with a cross that pointer and keys move; a picture is decoded where it is.

import { Frame, heldSquare } from "../evaluation/plane-geometry.js";
import { latest } from "../worker/latest.js";
import { onFrame } from "./frame.js";
import { PosteriorCanvas } from "./posterior-canvas.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const STEP = 0.05; // of an arrow key, as a share of the reach
const LARGE = 5; // steps with Shift
const EDGE = 1.06; // the square shown is this much larger than what is to be seen

export class PosteriorPlane {
  #element;
  #canvas;
  #actions;
  #props = { view: null };
  #square = null;
  #source = "";
  #hover = null; // a place under the pointer, or null
  #byKey = false;
  #pictured = ""; // of what the last picture was asked
  #draw;

  /** `actions`: `decode(z)` resolves to a picture or null; `move(place)` puts the cross there, null back at q's mean; `look(square)` that is seen, null for what a new page would show; `show({place, picture, byKey, hovers})` tells where the picture is from. */
  constructor(element, actions) {
    this.#element = element;
    this.#actions = actions;
    this.#draw = onFrame(() => this.#paint(), element);
    this.#canvas = new PosteriorCanvas(element, this.#draw);
    element.setAttribute("role", "application"); // the arrow keys are ours
    this.#listen();
  }

  /** `view` as in `state.posteriors`, or null; `cross`: a place chosen, or null for q's mean; `frame`: a square to begin with, or null; `source` of the model, `version` of its weights. */
  update(props) {
    if (props.source !== this.#source) this.#square = this.#hover = null;
    this.#source = props.source;
    this.#props = props;
    this.#draw();
  }

  /** The place of the cross, or null without a posterior. */
  get cross() {
    return this.#props.cross ?? this.#props.view?.approximation.mean ?? null;
  }

  #listen() {
    const element = this.#element;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#canvas.invalidate();
      this.#draw();
    });
    element.addEventListener("pointermove", (event) => {
      if (!this.#props.view || event.pointerType === "touch") return;
      if (event.buttons === 1) this.#moveTo(this.#placeOf(event));
      else this.#hoverAt(this.#placeOf(event));
    });
    element.addEventListener("click", (event) => {
      if (this.#props.view) this.#moveTo(this.#placeOf(event));
    });
    for (const event of ["focus", "blur"]) element.addEventListener(event, this.#draw);
    element.addEventListener("pointerleave", () => this.#hoverAt(null));
    element.addEventListener("keydown", (event) => this.#press(event));
  }

  #press(event) {
    if (!this.#props.view || event.ctrlKey || event.altKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = (event.shiftKey ? LARGE : 1) * STEP * this.#square.reach;
      this.#moveTo(
        this.cross.map((value, k) => value + step * arrow[k]),
        true,
      );
    } else if (event.key === "0") this.#moveTo(null, true);
    else return;
    event.preventDefault();
  }

  #placeOf(event) {
    return this.#frame.clamped(this.#frame.from(this.#canvas.pointAt(event)));
  }

  get #frame() {
    return new Frame(this.#square, this.#canvas.side);
  }

  /** To a place, or back to q's mean. */
  #moveTo(place, byKey = false) {
    this.#hover = null;
    this.#byKey = byKey;
    this.#actions.move(place && this.#frame.clamped(place));
    this.#draw();
  }

  #hoverAt(place) {
    if (this.#hover === place) return;
    this.#hover = place;
    this.#draw();
  }

  #paint() {
    const { view } = this.#props;
    if (!this.#canvas.fit()) return;
    const { dataset } = this.#element;
    dataset.side = String(view?.side ?? 0);
    if (!view) {
      this.#canvas.clear();
      this.#pictured = "";
      return this.#actions.show(null);
    }
    const { centre, reach } = view.shown;
    const wanted = { centre, reach: EDGE * reach };
    const held = this.#square ?? this.#props.frame;
    const seen = held ? heldSquare(held, wanted) : wanted;
    if (seen !== this.#square) this.#actions.look(seen === wanted ? null : seen);
    this.#square = seen;
    const cross = this.#props.cross || document.activeElement === this.#element ? this.cross : null; // q's mean has a mark of its own
    this.#canvas.paint({ view, square: this.#square, cross });
    Object.assign(dataset, {
      square: [...this.#square.centre, this.#square.reach].join(" "),
      cross: this.cross.join(" "),
    });
    this.#decode();
  }

  /** The picture under the pointer or, without one, at the cross; not again as long as neither it nor the weights change. */
  #decode() {
    const place = this.#hover ?? this.cross;
    const asked = `${place.join()} ${this.#props.version}`;
    if (asked === this.#pictured) return;
    this.#pictured = asked;
    this.#picture(place, { hovers: this.#hover !== null, byKey: this.#byKey });
    this.#byKey = false;
  }

  #picture = latest(async (place, how) => {
    const picture = await this.#actions.decode(place);
    if (this.#props.view) this.#actions.show({ place, picture, ...how });
  });
}
