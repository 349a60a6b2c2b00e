// The state that the page starts with, as the address asks for it or as it was kept; a notice explains what was refused.

import { comparedFromQuery } from "../compare/comparison-choice.js";
import { restoreDrawing, startingAddress } from "../keep/kept-values.js";
import { settingsFromQuery, systemFromQuery, wordComplaints } from "../settings/address.js";
import { createState } from "../state.js";
import { viewFromQuery } from "./view-list.js";

/** `kept`: {drawing, settings} of the last visit, null each where there is none. */
export function startState(address, systems, notices, kept) {
  const search = startingAddress(address, kept.settings);
  const { system, complaints } = systemFromQuery(search, systems);
  const { values, complaints: more } = settingsFromQuery(search, system);
  const { view, complaints: ofView } = viewFromQuery(address);
  const { sources: compared, complaints: ofCompared } = comparedFromQuery(address, systems);
  const all = [...complaints, ...more, ...ofView, ...ofCompared, ...wordComplaints(address)];
  if (all.length > 0) notices.show({ name: "address", text: all.join(" "), kind: "info" });
  const state = createState({ system, values, view, compared });
  if (kept.drawing) restoreDrawing(state, kept.drawing);
  return state;
}
