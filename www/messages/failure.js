// What went wrong, as data: a kind and values, which the catalogue turns into a sentence. Rust's errors have the same shape.

import { hasText, text } from "./text.js";

/** A failure with a sentence `errors.<kind>` in the catalogue; `values` fill its placeholders. */
export class Failure extends Error {
  name = "Failure";

  constructor(kind, values = {}, options = {}) {
    super(`${kind} ${JSON.stringify(values)}`, options);
    this.kind = kind;
    this.values = values;
  }
}

/** The error as a full sentence; one that has none in the catalogue is quoted. */
export function sentence(error) {
  if (error?.kind && hasText(`errors.${error.kind}`))
    return text(`errors.${error.kind}`, named(error.values));
  const message = error?.message || String(error);
  return text("errors.unexpected", { message: message.replace(/\.$/, "") });
}

/** Values that are keys of the catalogue, as words: settings by their label, quantities by their name. */
function named(values) {
  const words = { ...values };
  if (values.setting) words.setting = text(`settings.${values.setting}.label`);
  if (values.quantity) words.quantity = text(`quantities.${values.quantity}`);
  return words;
}
