// One slider for each latent component, most used first, with what the model believes about the drawing beneath it.

import { latent } from "../format.js";
import { posteriors, priors } from "../parts.js";
import { cell, grey, paint, paintGrid, SIDE, span } from "../pixels.js";
import { onFrame } from "./frame.js";

/** A component with less mean KL than this carries no information worth a slider; it stays operable. */
export const UNUSED_NATS = 0.05;
const REACH = 4; // of a slider, in standard deviations of the prior; more where a mean lies further out
export const STRIP = Float32Array.from({ length: 11 }, (_, k) => -3 + 0.6 * k);
const STRIP_GAP = 2;
/** By how the sliders left the drawing. */
const STATES = {
  true: "Bent away from the drawing.",
  sample: "A random draw from the prior.",
  digit: "Kept as they were, so that the digit alone changes.",
};

export class LatentsView {
  #root;
  #list;
  #rows = []; // by component
  #state = {
    z: new Float32Array(0),
    look: null,
    usage: null,
    chosen: 0,
    pictures: null,
    posterior: "diagonal",
    prior: "standard",
  };
  #painted = {};
  #draw = onFrame(() => this.#paint());

  /** `bend(component, value)` and `choose(component)` hear what the person does. */
  constructor(root, { bend, choose }) {
    this.#root = root;
    this.#list = root.querySelector("#sliders");
    this.#list.addEventListener("input", ({ target }) => bend(component(target), Number(target.value)));
    this.#list.addEventListener("focusin", ({ target }) => choose(component(target)));
    root.querySelector("#strip").addEventListener("click", (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      const k = Math.min(
        STRIP.length - 1,
        Math.floor(((event.clientX - box.left) / box.width) * STRIP.length),
      );
      bend(this.#state.chosen, STRIP[k]);
    });
  }

  /** Any of z, look (null: nothing drawn), usage, chosen, pictures (the decoded one, then the strip), bent, posterior and prior (their kinds). */
  update(change) {
    Object.assign(this.#state, change);
    if (this.#rows.length !== this.#state.z.length) this.#build(this.#state.z.length);
    this.#draw();
  }

  /** Puts the most used components first, unless the person is at work on one. */
  order() {
    const { usage } = this.#state;
    if (!usage || usage.length !== this.#rows.length || this.#list.contains(document.activeElement)) return;
    const order = [...usage.keys()].sort((a, b) => usage[b] - usage[a] || a - b);
    if (order.every((c, place) => this.#list.children[place] === this.#rows[c].row)) return;
    this.#list.append(...order.map((c) => this.#rows[c].row));
  }

  #build(count) {
    this.#rows = Array.from({ length: count }, (_, c) => sliderRow(c));
    this.#list.replaceChildren(...this.#rows.map(({ row }) => row));
    this.#list.dataset.count = String(count);
  }

  #paint() {
    const { z, look, usage, chosen, pictures, bent, posterior, prior } = this.#state;
    const { ordered, key } = posteriors[posterior];
    text(this.#root.querySelector("#sliders-key"), key);
    text(this.#root.querySelector("#latent-sample"), `Sample from ${priors[prior].from}`);
    const furthest = look ? look.mean.reduce((most, mean) => Math.max(most, Math.abs(mean)), 0) : 0;
    const reach = Math.max(REACH, Math.ceil(furthest));
    for (let c = 0; c < z.length; c++) {
      const belief =
        look && look.mean.length === z.length ? { mean: look.mean[c], sigma: look.sigma[c] } : null;
      paintRow(this.#rows[c], {
        value: z[c],
        belief,
        usage: ordered ? usage?.[c] : undefined,
        chosen: c === chosen,
        reach,
      });
    }
    if (pictures && pictures !== this.#painted.pictures) this.#paintPictures(pictures);
    this.#painted.pictures = pictures;
    const name = `z${chosen + 1}`;
    text(this.#root.querySelector("#strip-title"), `along ${name}, the rest as set`);
    label(
      this.#root.querySelector("#strip"),
      `Eleven pictures along ${name} from minus 3 to plus 3, the other components as set`,
    );
    const state = STATES[bent] ?? (look ? "Following your drawing." : "At zero, the middle of the prior.");
    text(this.#root.querySelector("#latent-state"), state);
    label(this.#root.querySelector("#decoded"), `Picture decoded from the sliders. ${state}`);
  }

  #paintPictures(pictures) {
    paint(this.#root.querySelector("#decoded"), grey(pictures.subarray(0, SIDE * SIDE)));
    const strip = this.#root.querySelector("#strip");
    const width = span(STRIP.length, STRIP_GAP);
    if (strip.width !== width) strip.width = width;
    paintGrid(strip, pictures.subarray(SIDE * SIDE), STRIP.length, STRIP_GAP);
    this.#markPlace(strip);
  }

  /** Underlines the picture of the strip that is nearest to where the slider stands. */
  #markPlace(strip) {
    const value = this.#state.z[this.#state.chosen];
    const nearest = STRIP.reduce(
      (best, at, k) => (Math.abs(at - value) < Math.abs(STRIP[best] - value) ? k : best),
      0,
    );
    strip.getContext("2d").fillRect(cell(nearest, STRIP.length, STRIP_GAP).x, SIDE - 1, SIDE, 1);
  }
}

function component({ id }) {
  return Number(id.slice(1)) - 1;
}

function sliderRow(c) {
  const row = document.createElement("div");
  row.className = "latent";
  row.dataset.component = String(c + 1);
  const name = Object.assign(document.createElement("label"), {
    htmlFor: `z${c + 1}`,
    textContent: `z${c + 1}`,
  });
  const input = Object.assign(document.createElement("input"), {
    type: "range",
    id: `z${c + 1}`,
    min: -REACH,
    max: REACH,
    step: 0.1,
    value: 0,
  });
  const value = Object.assign(document.createElement("output"), { htmlFor: `z${c + 1}` });
  value.setAttribute("aria-live", "off");
  const track = Object.assign(document.createElement("span"), { className: "track" });
  const band = Object.assign(document.createElement("i"), { className: "band" });
  track.append(input, band);
  const belief = Object.assign(document.createElement("span"), { className: "belief" });
  const usage = Object.assign(document.createElement("span"), { className: "usage" });
  row.append(name, track, value, belief, usage);
  return { row, input, value, band, belief, usage };
}

function paintRow(
  { row, input, value, band, belief: beliefText, usage: usageText },
  { value: z, belief, usage, chosen, reach },
) {
  if (Number(input.max) !== reach) Object.assign(input, { min: -reach, max: reach });
  if (document.activeElement !== input || Math.abs(Number(input.value) - z) > 0.051) input.value = String(z);
  const plusMinus = belief?.sigma > 0 ? ` ± ${latent(belief.sigma)}` : "";
  const believes = belief ? `μ ${latent(belief.mean)}${plusMinus}` : "";
  const unused = usage !== undefined && usage < UNUSED_NATS;
  text(value, latent(z));
  text(beliefText, believes);
  text(usageText, usage === undefined ? "" : unused ? "unused" : usage.toFixed(1));
  const spoken = `${latent(z)}${belief ? `; the drawing gives ${latent(belief.mean)}${belief.sigma > 0 ? ` plus or minus ${latent(belief.sigma)}` : ""}` : ""}${unused ? "; unused" : ""}`;
  if (input.getAttribute("aria-valuetext") !== spoken) input.setAttribute("aria-valuetext", spoken);
  row.dataset.unused = String(unused);
  row.classList.toggle("chosen", chosen);
  band.hidden = !belief;
  if (belief) {
    const from = share(belief.mean - 2 * belief.sigma, reach);
    const to = share(belief.mean + 2 * belief.sigma, reach);
    band.style.setProperty("--from", from.toFixed(4));
    band.style.setProperty("--to", Math.max(to, from + 0.008).toFixed(4));
  }
}

function share(value, reach) {
  return Math.min(1, Math.max(0, (value + reach) / (2 * reach)));
}

function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function label(element, words) {
  if (element.getAttribute("aria-label") !== words) element.setAttribute("aria-label", words);
}
