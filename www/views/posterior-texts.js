// The texts of the posterior view.

import { latent } from "../messages/format.js";
import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";

/** Nats with three decimals: a gap may be a few hundredths. */
export function fineNats(value) {
  if (!Number.isFinite(value)) return "–";
  return decimal(Math.abs(value) < 0.0005 ? 0 : value, 3);
}

/** By how much a number changes on a coarser lattice. */
export function errorText(error) {
  return error < 0.0005
    ? text("posterior.error_small")
    : text("posterior.error", { error: decimal(error, 3) });
}

/** A place [z1, z2]. */
export function codeText([x, y]) {
  return text("posterior.place", { x: latent(x), y: latent(y) });
}

/** The text alternative of the heat map, with all that it says in numbers. */
export function planeLabel({ name, view, cross }) {
  if (!view) return text("posterior.plane_empty", { name });
  const { numbers, moments, approximation } = view;
  return text("posterior.plane", {
    name,
    evidence: fineNats(numbers.log_evidence.value),
    elbo: fineNats(numbers.elbo.value),
    gap: fineNats(numbers.gap.value),
    mean: codeText(moments.mean),
    approximate: codeText(approximation.mean),
    cross: codeText(cross),
  });
}

/** What is being computed, or on what lattice the numbers were. */
export function latticeText({ view, working, drawn }) {
  if (!drawn) return text("posterior.nothing_drawn");
  if (!view) return text("posterior.computing");
  const { side } = view;
  return text(working ? "posterior.refining" : "posterior.lattice", { side });
}
