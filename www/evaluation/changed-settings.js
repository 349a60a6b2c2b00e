// What was changed while a measured model was trained: its table states one value of each setting, and has to say where that held only later.

import { text } from "../messages/text.js";
import { label, valueText } from "../settings/schema.js";
import { changesOf } from "../settings/settings-record.js";

/** Of a model whose settings were never changed. */
export const UNCHANGED = { changes: [], since: 0 };

/**
 * {changes, since} of the weights at `step` of a run, by its `record` as in settings/settings-record.js: the changes before them, and the step from which
 * on its settings are known.
 */
export function changedBefore(record, step) {
  if (!record) return { changes: [], since: step };
  return { changes: changesOf(record).filter((change) => change.step < step), since: record.since };
}

/** In words; `changed` is null where a file does not say, and "" where nothing was. */
export function changedText(changed) {
  if (!changed) return text("evaluation.not_applicable");
  const { changes, since } = changed;
  const unknown = since > 0 ? [text("evaluation.changed.unknown", { step: since })] : [];
  const known = changes.map(({ step, name, from, to }) =>
    text("evaluation.changed.change", {
      label: label(name),
      from: valueText(name, from),
      to: valueText(name, to),
      step,
    }),
  );
  return [...unknown, ...known].join("; ");
}
