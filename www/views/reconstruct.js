// What the model makes of the drawing: the framed input, two reconstructions, their difference, and the terms in nats.

import { nats } from "../messages/format.js";
import { posteriors } from "../training/loss-descriptions.js";
import { diverging, grey, paint } from "./pixels.js";
import { onFrame } from "./frame.js";

const MEASURES_KEPT = 1000;

export class ReconstructView {
  #root;
  #look = null;
  #spoilt = false;
  #posterior = "diagonal";
  #time = null;
  #draw = onFrame(() => this.#paint());

  constructor(root) {
    this.#root = root;
  }

  /**
   * `look`: the viewer's answer, or null for an empty drawing; `spoilt`: whether it saw the drawing spoilt; `posterior`: the
   * kind that the model has; `time`: of the pointer event this answers, if it does.
   */
  update({ look = this.#look, spoilt = this.#spoilt, posterior = this.#posterior, time = null }) {
    this.#look = look;
    this.#spoilt = spoilt;
    this.#posterior = posterior;
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
      ["mean", look?.at_mean],
      ["sample", look?.at_sample],
    ]) {
      for (const term of ["reconstruction", "kl", "total"]) {
        this.#root.querySelector(`[data-term="${term}"][data-at="${at}"]`).textContent = nats(terms?.[term]);
      }
    }
    this.#words();
    if (look) this.#measure();
  }

  #words() {
    const { mean, sample, random } = posteriors[this.#posterior];
    this.#root.querySelector("#resample").disabled = !this.#look || !random;
    this.#text("mean-formula", mean);
    this.#text("sample-formula", sample);
    this.#text("seen", this.#spoilt ? "28 × 28, spoilt" : "28 × 28");
    this.#text(
      "terms-caption",
      this.#spoilt
        ? "The spoilt drawing, in nats: scored against what the model saw, as is the difference"
        : "This drawing, in nats",
    );
  }

  #text(id, words) {
    const element = this.#root.querySelector(`#${id}`);
    if (element.textContent !== words) element.textContent = words;
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
