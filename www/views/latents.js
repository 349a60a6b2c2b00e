// The code of the drawing, to be bent: its board of sliders or of codes, the picture decoded from it, and a strip of others to try.

import { kindOf } from "../explore/latent-code.js";
import { keyTo, priorOf } from "../training/loss-descriptions.js";
import { cell, grey, paint, paintGrid, SIDE, span } from "./pixels.js";
import { CodesView } from "./codes.js";
import { onFrame } from "./frame.js";
import { SlidersView } from "./sliders.js";

const STRIP_GAP = 2;
/** By how the code left the drawing. */
const STATES = {
  true: "Bent away from the drawing.",
  sample: "A random draw from the prior.",
  digit: "Kept as they were, so that the digit alone changes.",
};

export class LatentsView {
  #root;
  #boards;
  #kind = kindOf({ codes: 0 });
  #state = {
    z: new Float32Array(0),
    code: { length: 0, codes: 0 },
    look: null,
    usage: null,
    chosen: 0,
    pictures: null,
    strip: new Float32Array(0),
    model: { posterior: "diagonal", prior: "standard" },
  };
  #painted = {};
  #draw = onFrame(() => this.#paint());

  /** `bend(component, value)` and `choose(component)` hear what the person does. */
  constructor(root, hands) {
    this.#root = root;
    this.#boards = {
      sliders: new SlidersView(root.querySelector("#sliders"), hands),
      codes: new CodesView(root.querySelector("#codes"), hands),
    };
    root.querySelector("#strip").addEventListener("click", (event) => {
      const { strip, chosen } = this.#state;
      const box = event.currentTarget.getBoundingClientRect();
      const k = Math.floor(((event.clientX - box.left) / box.width) * strip.length);
      if (strip.length > 0) hands.bend(chosen, strip[Math.min(strip.length - 1, k)]);
    });
  }

  /**
   * Any of code ({length, codes}), z, look (null: nothing drawn), usage, chosen, pictures (the decoded one, then those of the
   * `strip` of values), bent, and the model's configuration.
   */
  update(change) {
    Object.assign(this.#state, change);
    const { code, z } = this.#state;
    if (change.code) this.#kind = kindOf(code);
    if (z.length !== code.length) return; // until both are of one model
    for (const [name, board] of Object.entries(this.#boards)) board.hidden = name !== this.#kind.board;
    this.#board.build(code);
    this.#draw();
  }

  /** Puts the most used components first, where that means something. */
  order() {
    this.#board.order(this.#state.usage);
  }

  get #board() {
    return this.#boards[this.#kind.board];
  }

  #paint() {
    const { z, code, look, chosen, pictures, strip, bent, model } = this.#state;
    if (z.length !== code.length) return;
    this.#text("sliders-key", keyTo(model));
    this.#text("latent-sample", `Sample from ${priorOf(model).from}`);
    this.#board.paint({ ...this.#state, posterior: model.posterior });
    if (pictures && pictures !== this.#painted.pictures) this.#paintPictures(pictures);
    this.#painted.pictures = pictures;
    const place = this.#kind.place(chosen);
    const [first, last] = strip.length > 0 ? this.#kind.ends(strip) : ["", ""];
    this.#text("strip-title", this.#kind.title(place));
    this.#text("strip-first", first);
    this.#text("strip-last", last);
    this.#label("strip", this.#kind.spoken(place, strip));
    const state = STATES[bent] ?? (look ? "Following your drawing." : this.#kind.blank);
    this.#text("latent-state", state);
    this.#text("decoded-from", `Decoded from the ${this.#kind.board}`);
    this.#label("decoded", `Picture decoded from the ${this.#kind.board}. ${state}`);
  }

  #paintPictures(pictures) {
    const count = this.#state.strip.length;
    paint(this.#find("decoded"), grey(pictures.subarray(0, SIDE * SIDE)));
    const strip = this.#find("strip");
    const width = span(count, STRIP_GAP);
    if (strip.width !== width) strip.width = width;
    strip.style.setProperty("--count", count);
    paintGrid(strip, pictures.subarray(SIDE * SIDE), count, STRIP_GAP);
    this.#markPlace(strip);
  }

  /** Underlines the picture of the strip that is nearest to the value of now. */
  #markPlace(canvas) {
    const { z, chosen, strip } = this.#state;
    const far = (k) => Math.abs(strip[k] - z[chosen]);
    const nearest = strip.reduce((best, _, k) => (far(k) < far(best) ? k : best), 0);
    canvas.getContext("2d").fillRect(cell(nearest, strip.length, STRIP_GAP).x, SIDE - 1, SIDE, 1);
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }

  #text(id, words) {
    const element = this.#find(id);
    if (element.textContent !== words) element.textContent = words;
  }

  #label(id, words) {
    const element = this.#find(id);
    if (element.getAttribute("aria-label") !== words) element.setAttribute("aria-label", words);
  }
}
