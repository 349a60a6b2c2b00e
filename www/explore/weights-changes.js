// What was converted in a weights file of another program, and what of it is not used, as sentences.

import { text } from "../messages/text.js";

const MOST_NAMES = 6; // of a file with an optimiser's state hundreds are not used

/**
 * `converted`: [{kind, ..values}], `unused`: names of tensors; both as the viewer's worker translates a file. Empty where the file
 * was one of ours.
 */
export function describeChanges({ converted, unused }) {
  const sentences = converted.map(({ kind, ...values }) => text(`explore.model.converted.${kind}`, values));
  const names = unused.slice(0, MOST_NAMES).join(", ");
  const more = unused.length - MOST_NAMES;
  if (more > 0) sentences.push(text("explore.model.not_used_more", { names, more }));
  else if (names) sentences.push(text("explore.model.not_used", { names }));
  return sentences.join(" ");
}
