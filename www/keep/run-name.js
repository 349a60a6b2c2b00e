// What a run is called: by the name that a person gave it, or by its system, and its data set where that is not MNIST.

import { MNIST } from "../data-sets/shipped.js";
import { text } from "../messages/text.js";
import { title } from "../settings/systems.js";

export const LONGEST_NAME = 60; // characters

/** `run`: as in `keptRuns` of the state; `systems`: the presets. */
export function runName({ name, system, dataset }, systems) {
  if (name) return name;
  const preset = systems.find((each) => each.name === system);
  if (!preset) return system ?? "";
  const words = { title: title(preset), data: dataset?.name };
  return (dataset?.key ?? MNIST.key) === MNIST.key ? words.title : text("settings.sources.name.data", words);
}

/** What a person typed as a name: any text, on one line, of at most `LONGEST_NAME` characters. */
export function cleanName(typed) {
  const line = typed
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return [...line].slice(0, LONGEST_NAME).join("").trim();
}
