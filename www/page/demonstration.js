// The first second explains itself: a recorded digit is drawn on the pad, unless someone has something of their own there.

import { effect } from "@preact/signals-core";
import { LASTS_MS, recordedItems } from "../explore/recorded-digit.js";
import { text } from "../messages/text.js";
import { names, settings } from "../settings/schema.js";
import { shorten } from "../settings/values.js";

/** In the address: "off" asks for an empty pad, "on" for the recorded digit whatever else the address brings. */
const DEMO = "demo";
const VALUES = ["on", "off"];

/** Whether the recorded digit is to be drawn. `kept`: what the last visit has left. */
export function wantsDemonstration(search, kept) {
  const query = new URLSearchParams(search);
  if (VALUES.includes(query.get(DEMO))) return query.get(DEMO) === "on";
  const bringsState = ["system", ...names.map((name) => settings[name].query)].some((key) => query.has(key));
  return !bringsState && !kept.drawing;
}

/** A sentence for each value of the address that is refused. */
export function demonstrationComplaints(search) {
  const asked = new URLSearchParams(search).get(DEMO);
  if (asked === null || VALUES.includes(asked)) return [];
  return [text("page.address.demo", { asked: shorten(asked), known: VALUES.join(", ") })];
}

/** Draws it, a point at a time; at once where motion is to be reduced. It ends where anything else on the page is used, and goes when someone draws. */
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
