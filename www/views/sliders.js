// One slider for each latent component, most used first, with what the model believes about the drawing beneath it.

import { latent } from "../messages/format.js";
import { posteriors } from "../training/loss-descriptions.js";

/** A component with less mean KL than this carries no information worth a slider; it stays operable. */
export const UNUSED_NATS = 0.05;
const REACH = 4; // of a slider, in standard deviations of the prior; more where a mean lies further out

export class SlidersView {
  #list;
  #rows = []; // by component

  /** `bend(component, value)` and `choose(component)` hear what the person does. */
  constructor(list, { bend, choose }) {
    this.#list = list;
    list.addEventListener("input", ({ target }) => bend(component(target), Number(target.value)));
    list.addEventListener("focusin", ({ target }) => choose(component(target)));
  }

  set hidden(hidden) {
    this.#list.hidden = hidden;
  }

  /** Puts the most used components first, unless the person is at work on one. */
  order(usage) {
    if (usage?.length !== this.#rows.length || this.#list.contains(document.activeElement)) return;
    const order = [...usage.keys()].sort((a, b) => usage[b] - usage[a] || a - b);
    if (order.every((c, place) => this.#list.children[place] === this.#rows[c].row)) return;
    this.#list.append(...order.map((c) => this.#rows[c].row));
  }

  /** `code`: {length}, how many there are. */
  build({ length }) {
    if (length === this.#rows.length) return;
    this.#rows = Array.from({ length }, (_, c) => sliderRow(c));
    this.#list.replaceChildren(...this.#rows.map(({ row }) => row));
    this.#list.dataset.count = String(length);
  }

  /** `z`, `look` (null: nothing drawn), `usage`, `chosen`, `posterior` (its kind). */
  paint({ z, look, usage, chosen, posterior }) {
    const { ordered } = posteriors[posterior];
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
