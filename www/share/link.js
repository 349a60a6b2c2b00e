// The link to what is seen now.

import { addressOfCompared } from "../compare/comparison-choice.js";
import { searchOf, toQuery } from "../settings/address.js";
import { withSystem } from "../settings/systems.js";
import { defaults } from "../settings/values.js";
import { textsOfSeen } from "./seen.js";

/** Characters; messages and servers cut longer addresses. */
export const LONGEST_LINK = 8000;

/**
 * The address {search, hash} that brings back what is seen now. It names its system and weights even where they are the usual ones, so that
 * what is kept at the other end does not mix with it. `view`: as the address has it, or null.
 */
export function linkOf(state, context, view) {
  const { query, fragment } = textsOfSeen(state, context);
  const { system, values, compared, drawing, demonstration } = state;
  const base = withSystem(defaults(), system.value);
  const search = new URLSearchParams(toQuery(values.value, addressOfCompared("", compared.value), base));
  search.set("system", system.value.name);
  if (view) search.set("view", view);
  for (const [key, words] of Object.entries(query)) search.set(key, words);
  if (demonstration.value) search.set("demo", "on");
  else if (drawing.value.items.length === 0) search.set("demo", "off");
  const hash = searchOf(new URLSearchParams(fragment)).replace("?", "#");
  return { search: searchOf(search), hash };
}
