// The link to what is seen now.

import { addressOfCompared } from "../compare/comparison-choice.js";
import { addressOfData, searchOf, toQuery } from "../settings/address.js";
import { withSystem } from "../settings/systems.js";
import { defaults } from "../settings/values.js";
import { NAMES, textsOfSeen } from "./seen.js";

/** Characters: programs that pass an address on may cut a longer one. */
export const LONGEST_LINK = 8000;

/**
 * The address {search, hash} that brings back what is seen now. It names its system and weights even where they are the usual ones, so that
 * what is kept at the other end does not mix with it. `view`: as the address has it, or null.
 */
export function linkOf(state, context, view) {
  const { query, fragment } = textsOfSeen(state, context);
  const { system, values, dataset, compared, drawing, demonstration } = state;
  const base = withSystem(defaults(), system.value);
  const search = new URLSearchParams(
    toQuery(values.value, addressOfCompared(addressOfData("", dataset.value), compared.value), base),
  );
  search.set("system", system.value.name);
  if (view) search.set("view", view);
  for (const [key, words] of Object.entries(query)) search.set(key, words);
  if (demonstration.value) search.set("demo", "on");
  else if (drawing.value.items.length === 0) search.set("demo", "off");
  return { search: searchOf(search), hash: fragmentOf(fragment) };
}

/** Of the texts that an address has, those by which it still brings back what is seen: {query, fragment}. */
export function stillSeen(linked, state, context) {
  const now = textsOfSeen(state, context);
  const same = (part) =>
    Object.fromEntries(Object.entries(linked[part]).filter(([key, words]) => now[part][key] === words));
  return { query: same("query"), fragment: same("fragment") };
}

/** The address `search` with the parameters of what is seen replaced by these, and the fragment. */
export function addressOfLinked(search, { query, fragment }) {
  const parameters = new URLSearchParams(search);
  for (const key of NAMES) parameters.delete(key);
  for (const [key, words] of Object.entries(query)) parameters.set(key, words);
  return { search: searchOf(parameters), hash: fragmentOf(fragment) };
}

function fragmentOf(fragment) {
  return searchOf(new URLSearchParams(fragment)).replace("?", "#");
}
