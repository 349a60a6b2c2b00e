// The settings of a model as a list to print: only those that have an effect.

import { hasMeaning, label, names, settings, valueText } from "./schema.js";

/** [name, value] in words. `trained`: whether the settings of its training are known, and not those of the model alone. */
export function modelSettings(values, trained) {
  const all = names.filter((name) => name in values && !["from", "device"].includes(name));
  const known = all.filter((name) => trained || settings[name].part === "model");
  return known
    .filter((name) => hasMeaning(name, values))
    .map((name) => [label(name), valueText(name, values[name])]);
}
