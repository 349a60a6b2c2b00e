// The pre-trained weights of each system, on each data set.

import { MNIST } from "../data-sets/shipped.js";
import { hasFile, weightsName } from "../urls.js";

/**
 * On MNIST, by system that has several: its weights by name, those for its own settings first, each with the setting by which they differ. All
 * other systems have one file, which is named after them.
 */
const VARIANTS = {
  vae: { z20: { latent: 20 }, z2: { latent: 2 } },
  ae: { ae: { latent: 20 }, "ae-z2": { latent: 2 } },
  full: { full: { latent: 20 }, "full-z2": { latent: 2 } },
  beta: { beta: { beta: 4 }, "beta-0.1": { beta: 0.1 }, "beta-20": { beta: 20 } },
};

/** On other data sets, by key: the systems that have weights for their own settings, "fashion-vae" and so on; a file that is not there is not offered. */
const OTHER_DATA = {
  fashion: ["vae", "ae"],
  sprites: ["vae", "ae", "beta", "tcvae"],
  animals: ["vae", "ae"],
};

const hasWeights = (source) => hasFile(`models/${weightsName(source)}`);

/** The names of a system's weights on a data set, those for its own settings first. */
export function sourcesOf({ name }, data = MNIST.key) {
  if (data === MNIST.key) return VARIANTS[name] ? Object.keys(VARIANTS[name]) : [name];
  const source = `${data}-${name}`;
  return OTHER_DATA[data]?.includes(name) && hasWeights(source) ? [source] : [];
}

/** Whether the site has weights of a system on a data set. */
export function hasPretrained(system, data) {
  return sourcesOf(system, data).some(hasWeights);
}

/** The names of a system's weights on any data set. */
export function allSourcesOf(system) {
  return [MNIST.key, ...Object.keys(OTHER_DATA)].flatMap((data) => sourcesOf(system, data));
}

/** The key of the data set that these weights were trained on. */
export function dataOf(source) {
  const isOf = ([data, names]) => names.some((name) => source === `${data}-${name}`);
  return Object.entries(OTHER_DATA).find(isOf)?.[0] ?? MNIST.key;
}

/** The names of the weights that a system can start from on a data set: its own there, or those on MNIST. */
export function startsOf(system, data) {
  const own = sourcesOf(system, data);
  return own.length > 0 ? own : sourcesOf(system);
}

/** The setting by which a system's weights differ from its others, as {name: value}; empty where it has no others. */
export function variantOf(source, { name }) {
  return VARIANTS[name]?.[source] ?? {};
}

/** The names of all weights that are not for their system's own settings. */
export const FURTHER_SOURCES = Object.values(VARIANTS).flatMap((own) => Object.keys(own).slice(1));

/** The file of the classifier that scores samples of a data set, or null where there is none. */
export function judgeOf(data) {
  const file = data === MNIST.key ? "judge.safetensors" : `${data}-judge.safetensors`;
  const isShipped = data === MNIST.key || Boolean(OTHER_DATA[data]);
  return isShipped && hasFile(`models/${file}`) ? file : null;
}
