// What a run is called: by the name that a person gave it, or by its system.

import { title } from "../settings/systems.js";

export const LONGEST_NAME = 60; // characters

/** `run`: as in `keptRuns` of the state; `systems`: the presets. */
export function runName({ name, system }, systems) {
  if (name) return name;
  const preset = systems.find((each) => each.name === system);
  return preset ? title(preset) : (system ?? "");
}

/** What a person typed as a name: any text, on one line, of at most `LONGEST_NAME` characters. */
export function cleanName(typed) {
  const line = typed
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return [...line].slice(0, LONGEST_NAME).join("").trim();
}
