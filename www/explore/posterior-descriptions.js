// How the kinds of posterior and prior affect the sliders and their texts.

import { hasCodebook, isLinear } from "../settings/schema.js";

/** A component is used if its mean KL exceeds this, in nats. The slider of an unused one still works. */
export const USED_NATS = 0.01;

/** How many components are used. `usage`: mean KL of each, [Z]. */
export function usedIn(usage) {
  return usage.filter((nats) => nats > USED_NATS).length;
}

/**
 * By posterior. `random`: whether two samples of it differ; `ordered`: whether its mean KL says how much a component is used.
 * The catalogue has the formulas of z by the same kinds.
 */
export const posteriors = {
  point: { random: false, ordered: false },
  diagonal: { random: true, ordered: true },
  full: { random: true, ordered: true },
  flow: { random: true, ordered: true },
  categorical: { random: true, ordered: true },
  two_layers: { random: true, ordered: true },
  codebook: { random: false, ordered: false },
  two_codebooks: { random: false, ordered: false },
};

/** How to read the sliders of a model: a key of the catalogue. */
export function slidersKey(model) {
  return isLinear(model) ? "linear" : model.posterior;
}

/** What codes of a model are sampled from: a key of the catalogue. Indices have priors of their own. */
export function priorOf({ posterior, prior }) {
  if (hasCodebook({ posterior })) return "codebook";
  return posterior === "categorical" ? posterior : prior;
}
