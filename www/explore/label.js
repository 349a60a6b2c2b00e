// The label that conditions a model, the index of a class: chosen, or inferred by the model's own classifier.

import { classesOf } from "../settings/class-names.js";

/** The label for the encoder, or null where the model's classifier infers it. `choice`: {label, inferred}; one that the model does not have becomes 0. */
export function labelFor(model, { label, inferred }) {
  if (model?.classifier && inferred) return null;
  return label < classesOf(model) ? label : 0;
}

/** The label that conditions decoding: the one chosen, or the drawing's most probable one where none was. */
export function decodedLabel({ label, labelChoice, inference }) {
  const classes = inference.value?.classes;
  return label.value ?? (classes ? mostProbable(classes) : labelChoice.value.label);
}

/** The label with the highest probability in `classes`, q(y|x) as [n]. */
export function mostProbable(classes) {
  return classes.indexOf(Math.max(...classes));
}
