// What the model makes of the drawing: the framed input, two reconstructions, their difference, and the terms in nats.

import { nats } from "../format.js";
import { diverging, grey, paint } from "../pixels.js";
import { onFrame } from "./frame.js";

const MEASURES_KEPT = 1000;

export class ReconstructView {
  #root;
  #look = null;
  #time = null;
  #draw = onFrame(() => this.#paint());

  constructor(root) {
    this.#root = root;
  }

  /** `look`: the viewer's answer, or null for an empty drawing; `time`: of the pointer event it answers, if it does. */
  update({ look, time = null }) {
    this.#look = look;
    this.#time = time;
    this.#draw();
  }

  #paint() {
    const look = this.#look;
    this.#picture("framed", "What the model sees", look && grey(look.framed));
    this.#picture("at-mean", "Reconstruction at the mean", look && grey(look.at_mean.picture));
    this.#picture("at-sample", "Reconstruction at a sample", look && grey(look.at_sample.picture));
    this.#picture(
      "difference",
      "Difference, mean minus input",
      look && diverging(look.at_mean.picture, look.framed),
    );
    for (const [at, terms] of [
      ["mean", look && { ...look.at_mean, kl: look.kl }],
      ["sample", look && { ...look.at_sample, kl: look.kl }],
    ]) {
      for (const term of ["reconstruction", "kl", "total"]) {
        this.#root.querySelector(`[data-term="${term}"][data-at="${at}"]`).textContent = nats(terms?.[term]);
      }
    }
    this.#root.querySelector("#resample").disabled = !look;
    if (look) this.#measure();
  }

  #picture(id, title, rgba) {
    const canvas = this.#root.querySelector(`#${id}`);
    paint(canvas, rgba);
    const state = rgba ? "of your drawing" : "nothing yet";
    const label = `${title}: ${state}`;
    if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  }

  #measure() {
    if (this.#time === null) return;
    if (performance.getEntriesByName("first-reconstruction").length === 0)
      performance.mark("first-reconstruction");
    if (performance.getEntriesByName("reconstruction").length >= MEASURES_KEPT)
      performance.clearMeasures("reconstruction");
    performance.measure("reconstruction", { start: this.#time, end: performance.now() });
    this.#time = null;
  }
}
