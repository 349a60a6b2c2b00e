// What settings there are. Rust decides limits, defaults and conditions (`installSchema`); order, controls and addresses are the page's.

import { count } from "../messages/language.js";
import { text } from "../messages/text.js";
import { FURTHER_SOURCES } from "./sources.js";

/**
 * In the order of the form. `query`: its name in the address. `branch`: in which branch of the family a system is that differs by
 * it, as in family.js; systems do not differ by a setting without one. `fold`: the section of the form that it is in. `scale`: of
 * a slider next to the number. `default`: where the page has its own.
 */
const CONTROLS = {
  beta: { query: "beta", branch: "divergence" },
  learning_rate: { query: "lr", scale: "logarithmic" },
  latent: { query: "latent" },
  batch: { query: "batch" },
  from: { query: "from", fold: "run" },
  components: { query: "components", branch: "prior" },
  codes: { query: "codes", branch: "posterior" },
  labels: { query: "labels", branch: "label" },
  flow_steps: { query: "flow_steps", branch: "posterior" },
  categories: { query: "categories", branch: "posterior" },
  mi_weight: { query: "mi_weight", branch: "divergence" },
  tc_weight: { query: "tc_weight", branch: "divergence" },
  dimension_weight: { query: "dimension_weight", branch: "divergence" },
  left_out: { query: "left_out", branch: "label" },
  closed_form: { query: "closed_form", branch: "networks" },
  critic_weight: { query: "critic_weight", branch: "adversarial", scale: "cubic" },
  hidden: { query: "hidden", fold: "parts" },
  seed: { query: "seed", default: 1, fold: "run" },
  device: { query: "device", fold: "run" },
  warm_up: { query: "warm_up", branch: "divergence", fold: "schedule" },
  divergence: { query: "divergence", branch: "divergence", fold: "objective" },
  free_bits: { query: "free_bits", branch: "divergence", fold: "objective" },
  capacity: { query: "capacity", branch: "divergence", fold: "objective" },
  samples: { query: "samples", branch: "divergence", fold: "objective" },
  straight_through: { query: "straight_through", branch: "posterior" },
  corruption: { query: "corruption", branch: "networks", fold: "objective" },
  binarise: { query: "binarise", branch: "networks", fold: "objective" },
  epochs: { query: "epochs", fold: "schedule" },
  cycles: { query: "cycles", branch: "divergence", fold: "schedule" },
  temperature: { query: "temperature", branch: "posterior" },
  temperature_end: { query: "temperature_end", branch: "posterior" },
  cool_down: { query: "cool_down", branch: "divergence", fold: "schedule" },
  body: { query: "body", branch: "networks", fold: "parts" },
  posterior: { query: "posterior", branch: "posterior", fold: "parts" },
  prior: { query: "prior", branch: "prior", fold: "parts" },
  likelihood: { query: "likelihood", branch: "likelihood", fold: "parts" },
  labelled: { query: "labelled", branch: "label", fold: "parts" },
  attributes: { query: "attributes", branch: "label" },
  classifier: { query: "classifier", branch: "label", fold: "parts" },
  critic: { query: "critic", branch: "adversarial", fold: "parts" },
};

export const names = Object.keys(CONTROLS);

/**
 * By name: {kind, min, max, choices, default, part, applies, when} from Rust, with the entries of CONTROLS. `part`: "model" or "train", the
 * configuration that it belongs to. `applies`: "now" (from the next step) or "restart" (needs a new model).
 */
export const settings = {};

let conditions = {};

/** The schema as the module gives it: {settings, closed_form, has_density, gaussian}; must be called before anything else here. */
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
  conditions = {
    closedForm: schema.closed_form,
    hasDensity: schema.has_density,
    gaussian: schema.gaussian,
  };
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

/** Whether the posterior is a Gaussian, so that it has a covariance and can be compared with the true posterior. */
export function isGaussian(values) {
  return holds(conditions.gaussian, values);
}

/** Whether codes are indices of vectors in a codebook, or in two. */
export function hasCodebook({ posterior }) {
  return posterior === "codebook" || posterior === "two_codebooks";
}

/** Whether codes are indices, into codebooks or of the values of categorical variables. */
export function hasIndices({ posterior }) {
  return hasCodebook({ posterior }) || posterior === "categorical";
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
