// What is drawn along each path between two codes, on the page and as SVG: a number, and the same in words.

import { hasStandardPrior } from "../evaluation/plane-geometry.js";
import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";

/** The paths that have a number along them. */
export const KINDS = ["straight", "spherical"];

/** What is drawn: -log p(z) under a learned prior, else |z|, with the norm that codes of N(0, I) have; null for a codebook. */
export function numbersOf({ rows, model }) {
  const { straight, spherical } = rows;
  if (!straight.norms) return null;
  const learned = !hasStandardPrior(model) && straight.nlls !== null;
  const of = (row) => (learned ? row.nlls : row.norms);
  const lines = { straight: of(straight), ...(spherical?.spherical ? { spherical: of(spherical) } : {}) };
  const hasPrior = straight.nlls !== null;
  return {
    quantity: learned ? "nll" : "norm",
    lines,
    reference: !learned && hasPrior ? Math.sqrt(model.latent) : null,
  };
}

/** The lines in words. */
export function spoken(lines) {
  const parts = Object.entries(lines).map(([kind, line]) =>
    text(`paths.numbers.spoken.${kind}`, {
      first: decimal(line[0], 1),
      middle: decimal(line[(line.length - 1) / 2], 1),
      last: decimal(line.at(-1), 1),
    }),
  );
  return parts.join(" ");
}
