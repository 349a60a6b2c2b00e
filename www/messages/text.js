// The words of the page, from the catalogue of one language: `text("training.step", { step: 12 })`.

import catalogue from "./en.json" with { type: "json" };
import { count, LANGUAGE } from "./language.js";

const plurals = new Intl.PluralRules(LANGUAGE);

/**
 * The message of `key` ("room.name") with its `{placeholders}` filled from `values`. Whole numbers are grouped as the language
 * does; other values are inserted as they are, so numbers with decimals must be formatted before. A message with plural forms is an object by
 * category ("one", "other") and takes its form from `values.count`.
 */
export function text(key, values = {}) {
  const message = find(key);
  const form = typeof message === "string" ? message : message?.[plurals.select(values.count)];
  if (typeof form !== "string") throw new Error(`The catalogue has no message "${key}".`);
  return form.replace(/\{(\w+)\}/g, (_, name) => written(name, values, key));
}

/** Whether the catalogue has a message of this key. */
export function hasText(key) {
  const message = find(key);
  return typeof message === "string" || typeof message?.other === "string";
}

/** Adds the words of a room that was loaded later: the build leaves them out of the page's own script. */
export function addWords(words) {
  merge(catalogue, words);
}

function merge(into, words) {
  for (const [name, part] of Object.entries(words)) {
    if (typeof part === "string" || !into[name]) into[name] = part;
    else merge(into[name], part);
  }
}

function find(key) {
  return key.split(".").reduce((part, name) => part?.[name], catalogue);
}

function written(name, values, key) {
  if (!Object.hasOwn(values, name)) throw new Error(`The message "${key}" needs a value "${name}".`);
  const value = values[name];
  return Number.isInteger(value) ? count(value) : String(value);
}
