// The label that conditions a model: chosen, or inferred by the model's own classifier.

/** The label for the encoder: a digit, or null where the model's classifier infers it. `choice`: {digit, inferred}. */
export function labelFor(model, { digit, inferred }) {
  return model?.classifier && inferred ? null : digit;
}

/** The digit that conditions decoding: the label, or the drawing's most probable digit where none was chosen. */
export function decodedLabel({ label, labelChoice, inference }) {
  const classes = inference.value?.classes;
  return label.value ?? (classes ? mostProbable(classes) : labelChoice.value.digit);
}

/** The digit with the highest probability in `classes`, q(y|x) as [10]. */
export function mostProbable(classes) {
  return classes.indexOf(Math.max(...classes));
}
