// The latent code: its sliders, which are switches for categorical variables, or codebook indices, the image decoded from it, and a strip of images with other values.

import { PIXELS, SIDE } from "../explore/images.js";
import { componentName, editorOf } from "../explore/latent-code.js";
import { posteriors, priorOf, slidersKey, USED_NATS, usedIn } from "../explore/posterior-descriptions.js";
import { text } from "../messages/text.js";
import { CodesView } from "./codes.js";
import { setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";
import { measureSince } from "./measure-since.js";
import { cell, grey, paint, paintGrid, span } from "./pixels.js";
import { SlidersView } from "./sliders.js";

const STRIP_GAP = 2; // pixels

export class LatentsView {
  #root;
  #editors;
  #props = null;
  #painted = null; // the decoded images on the canvases
  #draw;

  /** `actions`: edit(component, value, time), select(component), followDrawing(), samplePrior(), redraw(level), sort(), count() the codes. */
  constructor(root, actions) {
    this.#root = root;
    this.#draw = onFrame(() => this.#paint(), root);
    this.#editors = {
      sliders: new SlidersView(this.#find("sliders"), actions),
      codes: new CodesView(this.#find("codes"), actions),
    };
    this.#find("latent-reset").addEventListener("click", () => actions.followDrawing());
    this.#find("latent-sample").addEventListener("click", () => actions.samplePrior());
    this.#find("sort-components").addEventListener("click", () => actions.sort());
    this.#find("strip").addEventListener("click", (event) => this.#clickStrip(event, actions));
  }

  /**
   * `description` of the model {model, code: {length, codes, kind}}, or null before the first; `values`: the code; `origin`: where it
   * comes from, as in the state; `component`: the selected one; `inference` on the drawing, or null; `usage` [Z], or null;
   * `order`: components as the sliders are to be ordered; `asGrid`: whether a grid takes their place; `codebook`, `codeUsage` as in the state, and whether it is `counting`; `decoded`: {pictures, strip, time}, or null.
   */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #clickStrip({ clientX }, actions) {
    const strip = this.#props?.decoded?.strip;
    if (!strip?.length) return;
    const box = this.#find("strip").getBoundingClientRect();
    const k = Math.floor(((clientX - box.left) / box.width) * strip.length);
    actions.edit(this.#props.component, strip[Math.min(strip.length - 1, k)]);
  }

  #paint() {
    const { description, decoded } = this.#props;
    if (!description) return;
    const { code, model } = description;
    const editor = editorOf(code);
    const { asGrid } = this.#props;
    const { codes, sliders } = this.#editors;
    codes.hidden = editor !== "codes";
    sliders.hidden = editor === "codes" || (asGrid && editor === "sliders");
    (editor === "codes" ? codes : sliders).update({
      ...this.#props,
      code,
      ordered: posteriors[model.posterior].ordered,
    });
    if (decoded && decoded !== this.#painted) this.#paintDecoded(decoded);
    this.#painted = decoded;
    this.#texts(editor, model);
    this.#orderText(model);
    if (decoded?.strip.length !== 0) this.#stripTexts(editor, code); // none while it was out of sight: its pictures follow
  }

  #texts(editor, model) {
    const key = text(`explore.sliders_key.${slidersKey(model)}`, { used: USED_NATS });
    const state = this.#originText(editor);
    this.#find("latent-reset").dataset.idle = String(this.#props.origin === "drawing");
    setText(this.#find("sliders-key"), key);
    setText(this.#find("latent-sample"), text(`explore.sample_prior.${priorOf(model)}`));
    setText(this.#find("latent-state"), state);
    setText(this.#find("decoded-from"), text(`explore.decoded.${editor}.title`));
    setAttribute(this.#find("decoded"), "aria-label", text(`explore.decoded.${editor}.image`, { state }));
  }

  /** Whether the sliders, which do not move under someone's hand, are in the order of the usage that they show; and how many are used. */
  #orderText(model) {
    const { usage } = this.#props;
    const { ordered } = posteriors[model.posterior];
    const isSorted = !usage || inOrder(usage, this.#editors.sliders.order);
    this.#find("sort-components").hidden = !ordered || isSorted;
    const values = { count: usage?.length ?? 0, used: usedIn(usage ?? []) };
    setText(
      this.#find("order-state"),
      ordered ? text(`explore.order.${isSorted ? "sorted" : "older"}`, values) : "",
    );
  }

  #originText(editor) {
    const { origin, inference } = this.#props;
    if (origin === "drawing" && !inference) return text(`explore.decoded.${editor}.empty`);
    return text(`explore.origin.${origin}`);
  }

  #stripTexts(editor, code) {
    const { component, decoded } = this.#props;
    const strip = decoded?.strip ?? [];
    const place = componentName(code, component);
    const values = { place, count: strip.length, first: strip[0] ?? "", last: strip.at(-1) ?? "" };
    setText(this.#find("strip-title"), text(`explore.strip.${editor}.title`, values));
    setText(this.#find("strip-first"), text(`explore.strip.${editor}.first`, values));
    setText(this.#find("strip-last"), text(`explore.strip.${editor}.last`, values));
    setAttribute(this.#find("strip"), "aria-label", text(`explore.strip.${editor}.image`, values));
  }

  #paintDecoded({ pictures, strip, time }) {
    paint(this.#find("decoded"), grey(pictures.subarray(0, PIXELS)));
    if (strip.length > 0) this.#paintStrip(pictures.subarray(PIXELS), strip);
    if (time !== null) measureSince("decoded", time);
  }

  #paintStrip(pictures, strip) {
    const canvas = this.#find("strip");
    const width = span(strip.length, STRIP_GAP);
    if (canvas.width !== width) canvas.width = width;
    canvas.style.setProperty("--count", strip.length);
    paintGrid(canvas, pictures, strip.length, STRIP_GAP);
    this.#markValue(canvas, strip);
  }

  /** Underlines the strip's image whose value is nearest to the code's. */
  #markValue(canvas, strip) {
    const value = this.#props.values[this.#props.component];
    const distance = (k) => Math.abs(strip[k] - value);
    const nearest = strip.reduce((best, _, k) => (distance(k) < distance(best) ? k : best), 0);
    canvas.getContext("2d").fillRect(cell(nearest, strip.length, STRIP_GAP).x, SIDE - 1, SIDE, 1);
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

/** Whether no component in `order` is used less than one that comes after it. */
function inOrder(usage, order) {
  return order.every((c, place) => place === 0 || usage[order[place - 1]] >= usage[c]);
}
