// A slider for each latent component, most used first, with the drawing's posterior below it; in steps of one for categorical variables.

import { USED_NATS } from "../explore/posterior-descriptions.js";
import { latent } from "../messages/format.js";
import { text } from "../messages/text.js";
import { create, setAttribute, setText } from "./dom.js";

const REACH = 4; // of a slider, in standard deviations of the prior; more where a mean is further out
const STEP = 0.1;
const NARROWEST_BAND = 0.008; // share of the track

export class SlidersView {
  #list;
  #rows = []; // by component
  #order = null; // the order that was applied, or refused because a slider had the focus
  #places = []; // the components as their rows stand

  /** `actions`: edit(component, value, time), select(component). */
  constructor(list, { edit, select }) {
    this.#list = list;
    list.addEventListener("input", ({ target, timeStamp }) =>
      edit(componentOf(target), Number(target.value), timeStamp),
    );
    list.addEventListener("focusin", ({ target }) => select(componentOf(target)));
  }

  /** The components as their sliders stand now. */
  get order() {
    return this.#places;
  }

  set hidden(hidden) {
    this.#list.hidden = hidden;
  }

  /**
   * `code`: {codes}, values of each component where it is an index, else 0; `values` [Z]; `inference` on the drawing, or null; `usage` [Z], or null; `order` of the components; the selected
   * `component`; `ordered`: whether the usage means something.
   */
  update({ code: { codes }, values, inference, usage, order, component, ordered }) {
    if (values.length !== this.#rows.length) this.#build(values.length);
    if (order !== this.#order) this.#reorder(order);
    const scale = codes > 0 ? indices(codes) : realNumbers(inference);
    const { low, high } = scale;
    for (let c = 0; c < values.length; c++) {
      const { mean, sigma } = inference ?? {};
      const nats = ordered ? usage?.[c] : undefined;
      this.#update(
        this.#rows[c],
        [values[c], mean?.[c], sigma?.[c], nats, c === component, low, high],
        scale,
      );
    }
  }

  /** Paints a row where it changes: each asks its slider for the focus and its value, for which a browser brings the layout up to date. */
  #update(row, props, scale) {
    if (props.every((prop, k) => prop === row.props[k])) return;
    row.props = props;
    const [value, mean, sigma, nats, selected] = props;
    const posterior = mean === undefined ? null : { mean, sigma };
    paintRow(row, { value, posterior, nats, selected, scale });
  }

  #build(length) {
    this.#rows = Array.from({ length }, (_, c) => sliderRow(c));
    this.#places = [...this.#rows.keys()];
    this.#list.replaceChildren(...this.#rows.map(({ row }) => row));
    this.#list.dataset.count = String(length);
  }

  /** Rows do not move while a slider has the focus. */
  #reorder(order) {
    if (order.length !== this.#rows.length) return;
    this.#order = order;
    if (this.#list.contains(document.activeElement)) return;
    if (order.every((c, place) => c === this.#places[place])) return;
    this.#places = order;
    this.#list.append(...order.map((c) => this.#rows[c].row));
  }
}

/** The values of a slider: `low` to `high` in steps of `step`; `name` of a value; `isIndex`: whether there is nothing between two of them. */
function realNumbers(inference) {
  const furthest = inference?.mean.reduce((most, mean) => Math.max(most, Math.abs(mean)), 0) ?? 0;
  const reach = Math.max(REACH, Math.ceil(furthest));
  return { low: -reach, high: reach, step: STEP, name: latent, isIndex: false };
}

function indices(count) {
  return { low: 0, high: count - 1, step: 1, name: String, isIndex: true };
}

function componentOf({ id }) {
  return Number(id.slice(1)) - 1;
}

function sliderRow(c) {
  const id = `z${c + 1}`;
  const textContent = text("explore.component", { number: c + 1 });
  const name = create("label", { htmlFor: id, textContent });
  const input = create("input", { type: "range", id, min: -REACH, max: REACH, step: STEP, value: 0 });
  const value = create("output", { htmlFor: id });
  value.setAttribute("aria-live", "off");
  const band = create("i", { className: "band" });
  const track = create("span", { className: "track" }, input, band);
  const posterior = create("span", { className: "posterior" });
  const usage = create("span", { className: "usage" });
  const row = create("div", { className: "latent" }, name, track, value, posterior, usage);
  row.dataset.component = String(c + 1);
  return { row, input, value, band, posterior, usage, props: [] };
}

/** `posterior`: {mean, sigma} of the drawing, or null; `nats`: the component's mean KL, where that means something. */
function paintRow(elements, { value, posterior, nats, selected, scale }) {
  const { row, input } = elements;
  const unused = nats !== undefined && nats <= USED_NATS;
  const { low, high, step } = scale;
  row.dataset.switch = String(scale.isIndex);
  row.style.setProperty("--steps", high - low);
  if (Number(input.max) !== high || Number(input.min) !== low)
    Object.assign(input, { step, min: low, max: high });
  const moved = Math.abs(Number(input.value) - value) > step / 2 + 0.001;
  if (document.activeElement !== input || moved) input.value = String(value);
  setText(elements.value, scale.name(value));
  setText(elements.posterior, posterior ? posteriorText(posterior, scale) : "");
  setText(elements.usage, unused ? text("explore.slider.unused") : (nats?.toFixed(1) ?? ""));
  setAttribute(input, "aria-valuetext", spokenText(value, posterior, unused, scale));
  row.dataset.unused = String(unused);
  row.classList.toggle("chosen", selected);
  paintBand(elements.band, posterior, scale);
}

function posteriorText({ mean, sigma }, { isIndex }) {
  if (isIndex) return text("explore.slider.category", { value: mean });
  const values = { mean: latent(mean), sigma: latent(sigma) };
  return sigma > 0 ? text("explore.slider.posterior", values) : text("explore.slider.point", values);
}

function spokenText(value, posterior, unused, { name, isIndex }) {
  const parts = [name(value)];
  if (posterior && isIndex) parts.push(text("explore.slider.point_spoken", { mean: posterior.mean }));
  else if (posterior) {
    const values = { mean: latent(posterior.mean), sigma: latent(posterior.sigma) };
    const key = posterior.sigma > 0 ? "posterior_spoken" : "point_spoken";
    parts.push(text(`explore.slider.${key}`, values));
  }
  if (unused) parts.push(text("explore.slider.unused"));
  return parts.join("; ");
}

/** The mean and two standard deviations to either side, as a bar on the track. */
function paintBand(band, posterior, scale) {
  band.hidden = !posterior;
  if (!posterior) return;
  const { mean, sigma } = posterior;
  const from = share(mean - 2 * sigma, scale);
  const to = share(mean + 2 * sigma, scale);
  band.style.setProperty("--from", from.toFixed(4));
  band.style.setProperty("--to", Math.max(to, from + NARROWEST_BAND).toFixed(4));
}

function share(value, { low, high }) {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
