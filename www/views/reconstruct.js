// The reconstruction panel: the model's input, two reconstructions, a sample of a Gaussian p(x|z), their difference from the input, and the
// loss terms in nats.

import { posteriors } from "../explore/posterior-descriptions.js";
import { shortNats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { setAttribute, setText, setValue } from "./dom.js";
import { onFrame } from "./frame.js";
import { measureSince } from "./measure-since.js";
import { diverging, grey, paint } from "./pixels.js";

const TERMS = ["reconstruction", "kl", "total"];

export class ReconstructView {
  #root;
  #inference = null;
  #corrupted = false;
  #posterior = "diagonal";
  #time = null; // of the event that the inference answers, until its pictures are painted
  #draw = onFrame(() => this.#paint());

  /** `actions`: resample(time), corrupt(kind, time). */
  constructor(root, actions) {
    this.#root = root;
    this.#find("resample").addEventListener("click", ({ timeStamp }) => actions.resample(timeStamp));
    this.#find("corruption").addEventListener("change", ({ target, timeStamp }) =>
      actions.corrupt(target.value, timeStamp),
    );
  }

  /**
   * `inference`: on the drawing, with the `time` of the event that caused it, or null for an empty pad; `corruption` of the
   * input, or "none"; `posterior`: its kind.
   */
  update({ inference, corruption, posterior }) {
    if (inference !== this.#inference) this.#time = inference?.time ?? null;
    this.#inference = inference;
    this.#corrupted = corruption !== "none";
    this.#posterior = posterior;
    setValue(this.#find("corruption"), corruption);
    this.#draw();
  }

  #paint() {
    const inference = this.#inference;
    const mean = inference?.at_mean;
    this.#picture("framed", "input", inference && grey(inference.framed));
    this.#picture("at-mean", "at_mean", mean && grey(mean.picture));
    this.#picture("at-sample", "at_sample", inference && grey(inference.at_sample.picture));
    const pixels = inference?.pixel_sample; // only of a Gaussian likelihood
    this.#find("pixel-figure").hidden = !pixels;
    this.#picture("pixel-sample", "pixel_sample", pixels && grey(pixels));
    this.#picture("difference", "difference", mean && diverging(mean.picture, inference.framed));
    this.#terms("mean", mean);
    this.#terms("sample", inference?.at_sample);
    this.#texts();
    if (inference) this.#measure();
  }

  #terms(at, terms) {
    for (const term of TERMS)
      setText(this.#root.querySelector(`[data-term="${term}"][data-at="${at}"]`), shortNats(terms?.[term]));
  }

  #texts() {
    const kind = this.#posterior;
    this.#find("resample").disabled =
      !this.#inference || !(posteriors[kind].random || this.#inference.pixel_sample);
    setText(this.#find("mean-formula"), text(`explore.posterior.${kind}.mean`));
    setText(this.#find("sample-formula"), text(`explore.posterior.${kind}.sample`));
    const size = this.#corrupted ? text("explore.input.corrupted") : text("explore.panel.input_size");
    const caption = this.#corrupted ? text("explore.terms_corrupted") : text("explore.panel.terms");
    setText(this.#find("input-size"), size);
    setText(this.#find("terms-caption"), caption);
  }

  #picture(id, name, rgba) {
    const canvas = this.#find(id);
    paint(canvas, rgba);
    setAttribute(
      canvas,
      "aria-label",
      rgba ? text(`explore.picture.${name}`) : text(`explore.panel.${name}_empty`),
    );
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }

  /** From the pointer event to its painted reconstruction, once for each inference; the benchmark reads these entries. */
  #measure() {
    if (this.#time === null) return;
    if (performance.getEntriesByName("first-reconstruction").length === 0)
      performance.mark("first-reconstruction");
    measureSince("reconstruction", this.#time);
    this.#time = null;
  }
}
