// What the settings mean for the current run, and for the one that "play" or a restart would begin.

import { closedForm } from "../settings/schema.js";
import { withMade } from "../settings/values.js";

/** Epochs that "play" adds to a finished run. */
export const MORE_EPOCHS = 5;

/** The settings that hold for the run: what needs a new model as it was made, the others as they are now. Without a run, those of the form. */
export function settingsOfRun({ made }, values) {
  return made ? withMade(values, made) : values;
}

/** Whether the run was fitted in closed form and is complete, so that it cannot continue. */
export function isFitted(run, values) {
  return run.status === "finished" && closedForm(settingsOfRun(run, values));
}

/**
 * `playFits`: whether "play" fits in closed form; `restartFits`: whether a restart would as well. `ofOtherSystem`: whether the run
 * is of another system than the one chosen, so that "play" begins a new one.
 */
export function closedForms(run, values, ofOtherSystem) {
  const next = ofOtherSystem || isFitted(run, values) ? values : settingsOfRun(run, values);
  const playFits = closedForm(next);
  return { playFits, restartFits: playFits && closedForm(values) };
}
