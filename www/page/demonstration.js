// Draws a recorded digit on the pad at the first visit, a point at a time, unless there is a drawing or an address with settings.

import { effect } from "@preact/signals-core";
import { LASTS_MS, recordedItems } from "../explore/recorded-digit.js";
import { bringsSettings, wordOf } from "../settings/address.js";

/** Whether the recorded digit is to be drawn; `demo=on` and `demo=off` in the address decide. `kept`: what the last visit has left. */
export function wantsDemonstration(search, kept) {
  const word = wordOf(search, "demo");
  return word ? word === "on" : !bringsSettings(search) && !kept.drawing;
}

/** Draws it, a point at a time; at once where motion is to be reduced. Any press or key completes it at once; a drawing replaces it. */
export function demonstrate({ state, explore }) {
  const isTouched = state.drawing.value.items.length > 0 || state.codeOrigin.value !== "drawing";
  if (isTouched) return; // before the page was ready
  const { dataset } = document.documentElement;
  let frame = null;
  let begun = null;
  const stop = (outcome) => {
    cancelAnimationFrame(frame);
    for (const event of ["pointerdown", "keydown"]) document.removeEventListener(event, finish, true);
    dataset.demonstration = outcome;
  };
  const finish = ({ target } = {}) => {
    stop("drawn");
    if (target?.id !== "pad") explore.demonstrate(recordedItems(LASTS_MS));
  };
  const draw = (now) => {
    begun ??= now;
    const elapsed = Math.max(0, now - begun);
    if (elapsed >= LASTS_MS) return finish();
    explore.demonstrate(recordedItems(elapsed));
    frame = requestAnimationFrame(draw);
  };
  for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, finish, true);
  const isReduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (isReduced || document.hidden) finish();
  else {
    dataset.demonstration = "drawing";
    draw(performance.now());
  }
  effect(() => {
    if (!state.demonstration.value && dataset.demonstration !== "drawing") dataset.demonstration = "gone";
  });
}
