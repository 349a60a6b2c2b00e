// The settings that the weights shown were trained with.

import { sourcesOf, variantOf } from "./sources.js";
import { withSystem } from "./systems.js";
import { defaults, withMade } from "./values.js";

/**
 * `source` of the weights shown, with `latent` components; `made`: the settings that the run began with, and `values` of the form, some of
 * which a run takes as it goes. Of a file, which does not say, null.
 */
export function settingsShown({ source, latent, made, values }, systems) {
  if (source === "training") {
    return made && { ...withMade(values, made), batch: made.batch };
  }
  const system = systems.find((each) => sourcesOf(each).includes(source));
  if (!system) return null;
  return { ...withSystem(defaults(), system), ...variantOf(source, system), seed: system.train.seed, latent };
}
