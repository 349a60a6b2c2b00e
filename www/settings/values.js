// The values of the settings: cleaned, carried by the address, compared with those of a run. Strings become numbers here and nowhere else.

import { closedForm, hasMeaning, names, settings } from "./schema.js";

export { names, settings };

export function defaults() {
  return Object.fromEntries(names.map((name) => [name, settings[name].value]));
}

/** What a person typed, as a value within the limits, and a sentence where it was not taken as it stood. */
export function clean(name, text, previous = settings[name].value) {
  const { label, kind, choices, min, max } = settings[name];
  if (choices) {
    if (choices.includes(text)) return { value: kind === "flag" ? text === "true" : text, sentence: null };
    return {
      value: previous,
      sentence: `${label}: "${shorten(text)}" is not one of ${choices.join(", ")}; kept at ${previous}.`,
    };
  }
  const number = parse(text);
  if (number === null) {
    return {
      value: previous,
      sentence: `${label}: "${shorten(text)}" is not a number; kept at ${previous}.`,
    };
  }
  const value = Math.min(max, Math.max(min, kind === "integer" ? Math.round(number) : number));
  if (value === number) return { value, sentence: null };
  if (number < min || number > max)
    return { value, sentence: `${label} is limited to ${min}–${max}; set to ${value}.` };
  return { value, sentence: `${label} is a whole number; set to ${value}.` };
}

/** Settings from an address like `?latent=8&lr=0.001`; a wrong value is refused and that of `base` used. */
export function fromQuery(search, base = defaults()) {
  const query = new URLSearchParams(search);
  const values = { ...base };
  const complaints = [];
  for (const name of names) {
    const { query: key, label } = settings[name];
    if (!query.has(key)) continue;
    const text = query.get(key);
    const cleaned = clean(name, text, base[name]);
    const offered = name !== "from" || text !== "file"; // a file cannot come by address
    if (cleaned.sentence === null && offered) values[name] = cleaned.value;
    else
      complaints.push(
        `The address asks for ${key}=${shorten(text)}, which ${label} cannot be; ${base[name]} is used.`,
      );
  }
  return { values, complaints };
}

/** The address that brings these settings back; what `base` says already is left out, and what is not ours is kept. */
export function toQuery(values, search = "", base = defaults()) {
  const query = new URLSearchParams(search);
  for (const name of names) {
    const { query: key } = settings[name];
    if (values[name] === base[name] || values[name] === "file") query.delete(key);
    else query.set(key, String(values[name]));
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

/** The settings that differ from those the running model was made with, and so wait for a restart. */
export function pending(values, running) {
  if (!running) return [];
  return names.filter(
    (name) =>
      settings[name].applies === "restart" &&
      values[name] !== running[name] &&
      !decidedByWeights(name, values),
  );
}

/** Weights to start from bring their model with them. */
export function decidedByWeights(name, values) {
  return settings[name].config === "model" && values.from !== "scratch";
}

export function modelConfig(values) {
  return configOf("model", values);
}

/**
 * What trains a model that was `made` with such values: what needs a restart stays as it was then. A setting without a meaning
 * for the model counts as its default, so that what is not shown is not refused either.
 */
export function trainConfig(values, made = values) {
  const running = { ...values, ...modelConfig(made) };
  const config = configOf("train", values);
  for (const name of Object.keys(config)) {
    const { applies, value } = settings[name];
    if (applies === "restart") config[name] = made[name];
    if (!hasMeaning(name, running)) config[name] = value;
  }
  return config;
}

/** Where a model is computed: "auto", "gpu" or "cpu" as wished, or "closed form", for which there is but one place. */
export function place(values) {
  return closedForm(values) ? "closed form" : values.device;
}

export function stepsPerEpoch(batch, images = 60000) {
  return Math.max(1, Math.floor(images / batch));
}

/** Position 0..1 of a slider for a quantity, and back to two digits. `decades`: it spans several; `cubes`: several, and zero. */
export const slides = {
  decades: {
    words: "logarithmic",
    position: (value, { min, max }) => Math.log(value / min) / Math.log(max / min),
    value: (position, { min, max }) => Number((min * (max / min) ** position).toPrecision(2)),
  },
  cubes: {
    words: "finer towards zero",
    position: (value, { min, max }) => Math.cbrt((value - min) / (max - min)),
    value: (position, { min, max }) => Number((min + (max - min) * position ** 3).toPrecision(2)),
  },
};

function configOf(config, values) {
  const own = names.filter((name) => settings[name].config === config);
  return Object.fromEntries(own.map((name) => [name, values[name]]));
}

function parse(text) {
  const trimmed = String(text).trim().replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return null;
  return Number(trimmed);
}

export function shorten(text) {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
