// The settings that the weights shown were trained with.

import { settingsAt } from "./settings-record.js";
import { allSourcesOf, variantOf } from "./sources.js";
import { withSystem } from "./systems.js";
import { defaults, withMade } from "./values.js";

/** Of the weights that the page shows. */
export function settingsOfShown({ shown, made, values, run }, systems) {
  const { source, description, snapshot } = shown.value;
  const { record } = run.value;
  const then = snapshot && record ? { ...values.value, ...settingsAt(record, snapshot.step) } : values.value;
  return settingsShown({ source, latent: description.model.latent, made: made.value, values: then }, systems);
}

/**
 * `source` of the weights shown, with `latent` components; `made`: the settings that the run began with, and `values` of the form, some of
 * which a run takes as it goes. Of a file, which does not say, null.
 */
export function settingsShown({ source, latent, made, values }, systems) {
  if (source === "training") {
    return made && { ...withMade(values, made), batch: made.batch };
  }
  const system = systems.find((each) => allSourcesOf(each).includes(source));
  if (!system) return null;
  return { ...withSystem(defaults(), system), ...variantOf(source, system), seed: system.train.seed, latent };
}
