// What models are called in the names of pictures that are saved.

import { runOf } from "../compare/comparison-choice.js";
import { runName } from "../keep/run-name.js";
import { modelName } from "../settings/systems.js";

/** The model shown. */
export function nameOfShown({ shown, file, made }, systems) {
  const { source } = shown.value;
  return modelName({ source, file: file.value?.name, made: made.value }, systems);
}

/** The model with this source, which may be a run's. */
export function nameOfCompared(source, { keptRuns, file, made }, systems) {
  const id = runOf(source);
  if (id === null) return modelName({ source, file: file.value?.name }, systems);
  const run = keptRuns.value.find((each) => each.id === id);
  return run ? runName(run, systems) : modelName({ source: "training", made: made.value ?? {} }, systems);
}
