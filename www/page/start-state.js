// The state that the page starts with: what the address asks for or was kept, and a notice about what it cannot have.

import { restoreDrawing, startingAddress } from "../keep/kept-values.js";
import { settingsFromQuery, systemFromQuery } from "../settings/address.js";
import { createState } from "../state.js";

/** `kept`: {drawing, settings} of the last visit, null each where there is none. */
export function startState(address, systems, notices, kept) {
  const search = startingAddress(address, kept.settings);
  const { system, complaints } = systemFromQuery(search, systems);
  const { values, complaints: more } = settingsFromQuery(search, system);
  const all = [...complaints, ...more];
  if (all.length > 0) notices.show({ name: "address", text: all.join(" "), kind: "info" });
  const state = createState({ system, values });
  if (kept.drawing) restoreDrawing(state, kept.drawing);
  return state;
}
