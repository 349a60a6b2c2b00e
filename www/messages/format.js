// Numbers as a person reads them.

import { LANGUAGE } from "./text.js";

const integers = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });

/** Nats per image: one decimal, as the literature prints them. */
export function nats(value) {
  return Number.isFinite(value) ? value.toFixed(1) : "–";
}

/** A latent value: two decimals and a real minus sign. */
export function latent(value) {
  return Number.isFinite(value) ? value.toFixed(2).replace("-", "−") : "–";
}

export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Whole numbers, grouped as the language does. */
export function count(value) {
  return integers.format(value);
}

/** Milliseconds with two significant digits, never more than the clock gives. */
export function milliseconds(value) {
  if (!Number.isFinite(value)) return "–";
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1);
}

/** A share of one, as a whole percentage; what is not quite all or nothing is not called so. */
export function percent(share) {
  const rounded = Math.round(100 * share);
  if (rounded === 100 && share < 1) return "over 99 %";
  if (rounded === 0 && share > 0) return "under 1 %";
  return `${rounded} %`;
}

/** A time in seconds, to a tenth. */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
