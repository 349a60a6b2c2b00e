// Numbers with their units, as a person reads them.

import { decimal, LANGUAGE } from "./language.js";
import { text } from "./text.js";

/** Nats per image: one decimal, as the literature prints them. */
export function nats(value) {
  return Number.isFinite(value) ? decimal(value, 1) : "–";
}

/** The same where there is little room: in whole nats from a thousand on. */
export function shortNats(value) {
  return Math.abs(value) >= 1000 && Number.isFinite(value) ? decimal(value, 0) : nats(value);
}

/** A latent value: two decimals. */
export function latent(value) {
  return Number.isFinite(value) ? decimal(value, 2) : "–";
}

export function megabytes(bytes) {
  return text("numbers.megabytes", { value: (bytes / 1e6).toFixed(1) });
}

/** Milliseconds with two significant digits, never more than the clock gives. */
export function milliseconds(value) {
  if (!Number.isFinite(value)) return "–";
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1);
}

/** A share of one, as a whole percentage; a share below one is never written as 100 %, nor one above zero as 0 %. */
export function percent(share) {
  const rounded = Math.round(100 * share);
  if (rounded === 100 && share < 1) return text("numbers.over_percent", { value: 99 });
  if (rounded === 0 && share > 0) return text("numbers.under_percent", { value: 1 });
  return text("numbers.percent", { value: rounded });
}

/** A time in seconds, to a tenth. */
export function seconds(milliseconds) {
  return text("numbers.seconds", { value: (milliseconds / 1000).toFixed(1) });
}

const times = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: "short" });
const days = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium" });

const moments = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });

/** Day and time of a moment in ms since 1970. */
export function moment(time) {
  return moments.format(time);
}

/** A moment in ms since 1970, in few words: the time of today, or another day. */
export function recently(time, now) {
  return days.format(time) === days.format(now) ? times.format(time) : days.format(time);
}

const longDays = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long" });

/** The day of a moment in ms since 1970, in full. */
export function longDay(time) {
  return longDays.format(time);
}

/** The day as a file's name has it: 2026-11-26, where the person is. */
export function today(now = new Date()) {
  const [month, day] = [now.getMonth() + 1, now.getDate()].map((number) => String(number).padStart(2, "0"));
  return `${now.getFullYear()}-${month}-${day}`;
}
