// What settings there are. Rust decides limits, defaults and conditions (`installSchema`); order, controls and addresses are the page's.

import { count } from "../messages/language.js";
import { text } from "../messages/text.js";
import { FURTHER_SOURCES } from "./sources.js";

/**
 * In the order of the form. `query`: its name in the address. `distinguishes`: whether systems differ by it. `fold`: the
 * section of the form that it is in. `scale`: of a slider next to the number. `default`: where the page has its own.
 */
const CONTROLS = {
  beta: { query: "beta", distinguishes: true },
  learning_rate: { query: "lr", scale: "logarithmic" },
  latent: { query: "latent" },
  batch: { query: "batch" },
  from: { query: "from", fold: "run" },
  components: { query: "components", distinguishes: true },
  codes: { query: "codes", distinguishes: true },
  labels: { query: "labels", distinguishes: true },
  closed_form: { query: "closed_form", distinguishes: true },
  critic_weight: { query: "critic_weight", distinguishes: true, scale: "cubic" },
  hidden: { query: "hidden", fold: "parts" },
  seed: { query: "seed", default: 1, fold: "run" },
  device: { query: "device", fold: "run" },
  warm_up: { query: "warm_up", distinguishes: true, fold: "schedule" },
  samples: { query: "samples", distinguishes: true, fold: "objective" },
  corruption: { query: "corruption", distinguishes: true, fold: "objective" },
  binarise: { query: "binarise", distinguishes: true, fold: "objective" },
  epochs: { query: "epochs", fold: "schedule" },
  cool_down: { query: "cool_down", distinguishes: true, fold: "schedule" },
  body: { query: "body", distinguishes: true, fold: "parts" },
  posterior: { query: "posterior", distinguishes: true, fold: "parts" },
  prior: { query: "prior", distinguishes: true, fold: "parts" },
  likelihood: { query: "likelihood", distinguishes: true, fold: "parts" },
  labelled: { query: "labelled", distinguishes: true, fold: "parts" },
  classifier: { query: "classifier", distinguishes: true, fold: "parts" },
  critic: { query: "critic", distinguishes: true, fold: "parts" },
};

export const names = Object.keys(CONTROLS);

/**
 * By name: {kind, min, max, choices, default, part, applies, when} from Rust, with the entries of CONTROLS. `part`: "model" or "train", the
 * configuration that it belongs to. `applies`: "now" (from the next step) or "restart" (needs a new model).
 */
export const settings = {};

let conditions = {};

/** The schema as the module gives it: {settings, closed_form, has_density}; must be called before anything else here. */
export function installSchema(schema) {
  const iterated = schema.settings.batch.when;
  const ofThePage = {
    from: choice(["scratch", "z20", ...FURTHER_SOURCES, "file"], [{}]), // "z20": the system's own, whatever they are called
    device: choice(["auto", "gpu", "cpu"], iterated),
  };
  const all = { ...schema.settings, ...ofThePage };
  for (const name of names) settings[name] = { ...all[name], ...CONTROLS[name] };
  const unknown = Object.keys(all).filter((name) => !(name in CONTROLS));
  if (unknown.length > 0) throw new Error(`The form has no control for ${unknown.join(", ")}.`);
  for (const name of names) if (settings[name].kind === "flag") settings[name].choices = ["false", "true"];
  conditions = { closedForm: schema.closed_form, hasDensity: schema.has_density };
}

function choice(choices, when) {
  return { kind: "choice", choices, default: choices[0], applies: "restart", when };
}

/** Whether a setting has a meaning, given the other values; the form hides one that has none. */
export function hasMeaning(name, values) {
  return holds(settings[name].when, values);
}

/** Whether the best weights are computed without training: principal components. */
export function closedForm(values) {
  return holds(conditions.closedForm, values);
}

/** Whether a model is a linear autoencoder with squared error, as principal components are. */
export function isLinear({ body, posterior, likelihood }) {
  return body === "linear" && posterior === "point" && likelihood === "unit_gaussian";
}

/** Whether the posterior has a density, so that log p(x) can be estimated by importance sampling. */
export function hasDensity(values) {
  return holds(conditions.hasDensity, values);
}

/** Whether codes are indices of vectors in a codebook, or in two. */
export function hasCodebook({ posterior }) {
  return posterior === "codebook" || posterior === "two_codebooks";
}

/** A condition is a list of alternatives, {setting: allowed values} each. */
function holds(condition, values) {
  return condition.some((each) =>
    Object.entries(each).every(([name, allowed]) => allowed.includes(values[name])),
  );
}

export function label(name) {
  return text(`settings.${name}.label`);
}

/** The value of a setting as a person reads it. */
export function valueText(name, value) {
  if (settings[name].choices) return text(`settings.${name}.choices.${value}`);
  return Number.isInteger(value) ? count(value) : String(value);
}
