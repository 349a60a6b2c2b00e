// Which two components of a latent space its map shows.

import { byUsage, isMeasured } from "./plane-geometry.js";

/** Mean KL in nats, or variance of the codes, below which a component shows nothing: another one is taken. */
const UNUSED = 0.01;

/** The choice of the principal components. */
export const PRINCIPAL = "principal";

/**
 * The components across and upwards, or [] for the principal components. `choice`: what a person chose, or null: then the two most
 * used; `held`: those of the last map of this run, kept as long as both are used; `usage` [Z] and `variances` [Z] as far as known.
 */
export function chosenAxes({ choice, held, usage, variances, size }) {
  if (choice === PRINCIPAL) return [];
  if (choice?.every((c) => c < size)) return choice;
  const weight = isMeasured(usage, size) ? usage : variances;
  if (held?.length === 2 && held.every((c) => c < size && (weight?.[c] ?? 1) >= UNUSED)) return held;
  return byUsage(usage, variances ?? new Float32Array(size), size).slice(0, 2);
}
