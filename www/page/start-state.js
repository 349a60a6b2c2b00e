// The state that the page starts with, as the address asks for it or as it was kept; a notice explains what was refused.

import { comparedFromQuery } from "../compare/comparison-choice.js";
import { restoreDrawing, startingAddress } from "../keep/kept-values.js";
import { firstEnds } from "../paths/path-end.js";
import { settingsFromQuery, systemFromQuery, wordComplaints } from "../settings/address.js";
import { seenFromAddress, textsFromAddress } from "../share/seen.js";
import { createState } from "../state.js";
import { hiddenParts } from "./hidden-parts.js";
import { startWithSeen } from "./shared-view.js";
import { viewFromQuery } from "./view-list.js";
import { viewsOfKept } from "./views-kept.js";

/** `{search, hash}` of the address; `kept`: {drawing, settings, views} of the last visit, null each where there is none; `digits`: some test images, as in explore/test-images.js; `dataset`: the signal of the data set. Returns {state, seen}, `seen` as in share/seen.js. */
export function startState({ search: address, hash }, { systems, digits, dataset }, notices, kept) {
  const search = startingAddress(address, kept.settings);
  const { system, complaints } = systemFromQuery(search, systems);
  const { values, complaints: more } = settingsFromQuery(search, system);
  const { view, complaints: ofView } = viewFromQuery(address);
  const { sources: compared, complaints: ofCompared } = comparedFromQuery(address, systems);
  const context = { system, systems, dataset: dataset.value, digits };
  const { seen, complaints: ofSeen } = seenFromAddress({ search: address, hash }, context);
  const before = kept.views && viewsOfKept(kept.views, context);
  const { complaints: ofHidden } = hiddenParts(address);
  const ofPage = [...ofView, ...ofCompared, ...ofSeen, ...ofHidden, ...wordComplaints(address)];
  const all = [...complaints, ...more, ...ofPage];
  if (all.length > 0) notices.show({ name: "address", text: all.join(" "), kind: "info" });
  const asked = new URLSearchParams(address).has("compare") ? compared : (before?.compared ?? compared);
  const state = createState({ system, values, dataset, view, compared: asked });
  state.ends.value = firstEnds(digits); // also of the paths in the comparison, whose room may come first
  if (kept.drawing) restoreDrawing(state, kept.drawing);
  if (kept.shelf) state.shelf.value = kept.shelf;
  startWithSeen(state, { ...before?.seen, ...seen }, digits);
  state.linked.value = textsFromAddress({ search: address, hash }, seen);
  return { state, seen };
}
