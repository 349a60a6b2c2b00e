// Whose posteriors are shown: that of the model shown where it can be computed, else those of two pre-trained models.

import { isGaussian } from "../settings/schema.js";

/** Pre-trained models with two components: a diagonal and a full covariance. */
export const PAIR = ["z2", "full-z2"];

/** Stands for the model shown, whatever that is. */
export const SHOWN = "shown";

/** Why p(z | x) of this model is not computed: its posterior where that is no Gaussian, "components" or "likelihood"; null where it is. */
export function reasonAgainst({ posterior, latent, likelihood }) {
  if (!isGaussian({ posterior })) return posterior;
  if (latent !== 2) return "components";
  return likelihood === "bernoulli" ? null : "likelihood";
}

/** The columns: `shown` as in the state; `choice`: "shown", "pair" or null. */
export function sourcesToShow(shown, choice) {
  if (!shown) return [];
  if (choice === "pair" || PAIR.includes(shown.source) || reasonAgainst(shown.description.model)) return PAIR;
  return [SHOWN];
}
