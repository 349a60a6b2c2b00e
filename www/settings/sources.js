// The pre-trained weights of each system.

/**
 * By system that has several: its weights by name, those for its own settings first, each with the setting by which they differ. All
 * other systems have one file, which is named after them.
 */
const VARIANTS = {
  vae: { z20: { latent: 20 }, z2: { latent: 2 } },
  ae: { ae: { latent: 20 }, "ae-z2": { latent: 2 } },
  full: { full: { latent: 20 }, "full-z2": { latent: 2 } },
  beta: { beta: { beta: 4 }, "beta-0.1": { beta: 0.1 }, "beta-20": { beta: 20 } },
};

/** The names of a system's weights, those for its own settings first. */
export function sourcesOf({ name }) {
  return VARIANTS[name] ? Object.keys(VARIANTS[name]) : [name];
}

/** The setting by which a system's weights differ from its others, as {name: value}; empty where it has no others. */
export function variantOf(source, { name }) {
  return VARIANTS[name]?.[source] ?? {};
}

/** The names of all weights that are not for their system's own settings. */
export const FURTHER_SOURCES = Object.values(VARIANTS).flatMap((own) => Object.keys(own).slice(1));
