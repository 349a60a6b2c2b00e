// The command that repeats a run natively, and comments on what it leaves out.

import { text } from "../messages/text.js";
import { closedForm, label, valueText } from "../settings/schema.js";
import { changesOf, firstSettings } from "../settings/settings-record.js";
import { startingSource } from "../settings/systems.js";
import { modelConfig, stepsPerEpoch, trainConfig } from "../settings/values.js";

/** The option of the command line that a setting has: every one has its own, which a native test holds against the schema. */
export function optionOf(name) {
  return `--${name.replaceAll("_", "-")}`;
}

/**
 * `latent-lab train` with the options that differ from the `preset` {name, model, train}, after a comment on each thing that it does not
 * repeat. `values`: all settings of the run; `from`: the weights that it began with; `record`: as in settings-record.js, or null; `step`: how
 * many steps the run has.
 */
export function runCommand({ preset, values, from, record, step }) {
  const first = { ...trainConfig(values), ...(record ? firstSettings(record) : {}) };
  const own = { ...modelConfig(values), ...first, epochs: epochsFor(step, values, first) };
  const base = { ...preset.model, ...preset.train };
  const options = Object.keys(base)
    .filter((name) => name in own && own[name] !== base[name])
    .map((name) => `${optionOf(name)} ${own[name]}`);
  const comments = missing({ preset, values, from, record, step, first }).map((words) => `# ${words}`);
  return [...comments, ["latent-lab train", `--preset ${preset.name}`, ...options].join(" ")].join("\n");
}

/** As many as the steps fill; where the rate decays, all that were planned, because the schedule depends on them. */
function epochsFor(step, values, first) {
  if (closedForm(values)) return 1;
  if (first.cool_down > 0) return first.epochs;
  return Math.max(1, Math.ceil(step / stepsPerEpoch(first.batch)));
}

/** The file that a run began with, of the page's own or one that was loaded. */
function weightsName(from, preset) {
  return from === "file" ? valueText("from", from) : `${startingSource(from, preset)}.safetensors`;
}

/** What the command does not repeat, a sentence each. */
function missing({ preset, values, from, record, step, first }) {
  const changes = record ? changesOf(record) : [];
  const unknown = step > 0 && (record === null || record.since > 0) && !closedForm(values);
  return [
    ...(from === "scratch" ? [] : [text("training.command.from", { weights: weightsName(from, preset) })]),
    ...(unknown ? [text("training.command.unknown", { step: record?.since ?? step })] : []),
    ...(record?.branches ?? []).map((step) => text("training.command.branched", { step })),
    ...changes.map(({ step, name, from, to }) =>
      text("training.command.changed", {
        label: label(name),
        step,
        before: valueText(name, from),
        after: valueText(name, to),
        first: valueText(name, first[name]),
      }),
    ),
  ];
}
