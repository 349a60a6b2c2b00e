// What an address brings beside the settings, shown: at once what the page can start with, and the rest once its model is there.

import { labelAt } from "../explore/test-images.js";
import { text } from "../messages/text.js";
import { itemsOfSeen } from "../share/seen.js";
import { showEnds } from "./linked-ends.js";
import { takeViews } from "./views-kept.js";

/** The state starts with what was seen; a drawing of the last visit is one Undo away. */
export function startWithSeen(state, seen, digits) {
  const { centre, labelChoice, drawing } = state;
  takeViews(state, seen);
  if (seen.camera) state.mapCamera.value = seen.camera; // only now: the map takes it up when it is painted first
  const items = itemsOfSeen(seen, { digits }) ?? (seen.kept ? [] : null);
  if (items) {
    const { items: own, cleared } = drawing.value;
    drawing.value = { items, cleared: own.length > 0 ? [...cleared, own] : cleared, time: null };
    centre.value = seen.centre ?? true;
    labelChoice.value = { label: 0, inferred: true };
  } else if (seen.centre === false) centre.value = false;
  if (seen.label !== undefined) labelChoice.value = { label: seen.label, inferred: seen.infer === true };
  else if (seen.digit !== undefined)
    labelChoice.value = { label: labelAt(digits, seen.digit) ?? 0, inferred: true };
}

/** Shows the weights, the corruption and the code that were seen; what does not fit the model is said. */
export async function showSeen(
  { state, viewer, explore, shownModel, notices },
  { weights, corrupt, code, component, axes, ...ends },
) {
  if (weights && weights !== state.shown.value.source) await shownModel.choose(weights);
  if (corrupt && corrupt !== state.corruption.value)
    await explore.setCorruption(corrupt, null, state.seeds.value.corruption);
  const { length, codes } = state.shown.value.description.code;
  const refused = await showEnds({ state, viewer }, ends);
  if (code && fits(code, { length, codes }))
    await explore.restoreCode({ values: code, origin: "edited", component: within(component, length) });
  else if (code) refused.push(text("share.code_of_other_model", { found: code.length, expected: length }));
  else if (component) explore.selectComponent(within(component, length));
  if (component > length) refused.push(text("share.no_component", { component, count: length }));
  const far = Array.isArray(axes) && axes.find((axis) => axis >= length);
  if (far) refused.push(text("share.no_component", { component: far + 1, count: length }));
  if (refused.length > 0) notices.show({ name: "link", text: refused.join(" "), kind: "info" });
}

function fits(code, { length, codes }) {
  const isIndex = (value) => Number.isInteger(value) && value >= 0 && value < codes;
  return code.length === length && (codes === 0 || code.every(isIndex));
}

/** The index of a component that an address counts from 1. */
function within(component = 1, length) {
  return component <= length ? component - 1 : 0;
}
