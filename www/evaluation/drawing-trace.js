// How the mean of the drawing's posterior moved over the snapshots of a run.

import { effect, untracked } from "@preact/signals-core";
import { isOfSameRun, snapshotOf } from "./snapshots.js";

/** Beyond this many means every second one is left out. */
const MOST = 400;

/** Keeps `state.drawingTrace`: it begins again with another drawing, another input or another run. */
export function traceDrawing(state) {
  let before = null;
  effect(() => {
    const inference = state.inference.value;
    untracked(() => {
      const shown = state.shown.value;
      if (!inference || shown === null) {
        before = null;
        state.drawingTrace.value = [];
        return;
      }
      const { drawing, centre, corruption, label } = state;
      const input = [drawing, centre, corruption, label].map(({ value }) => value);
      const snapshot = snapshotOf(shown);
      const goesOn =
        before !== null &&
        isOfSameRun(before.snapshot, snapshot) &&
        input.every((value, k) => value === before.input[k]);
      if (goesOn && shown.snapshot) return; // its mean is on the way already
      before = shown.snapshot ? null : { input, snapshot };
      state.drawingTrace.value = goesOn
        ? [...thinned(state.drawingTrace.value), inference.mean]
        : [inference.mean];
    });
  });
}

function thinned(means) {
  return means.length < MOST ? means : means.filter((_, k) => k % 2 === 0);
}
