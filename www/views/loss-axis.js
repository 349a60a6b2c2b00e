// The axis on which the losses of several models lie, and how a loss is written there: on the page and as SVG.

import { count, decimal } from "../messages/language.js";
import { text } from "../messages/text.js";

const LEAST = 220; // nats, the end of the axis: above the mean image
/** Nats between two ticks. */
export const TICK = 50;

/** Where the axis ends, nats. */
export function endOf(models) {
  const known = models.map(({ losses }) => losses?.total.mean).filter(Number.isFinite);
  return TICK * Math.ceil(Math.max(LEAST, ...known) / TICK);
}

/** A mean with its standard error; a point has no KL, and so no error. */
export function withError({ mean, standard_error }) {
  if (mean === 0 && standard_error === 0) return count(0);
  return text("compare.estimate", { mean: decimal(mean, 2), error: decimal(standard_error, 2) });
}
