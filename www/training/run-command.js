// The command that repeats a run natively, and comments on what it leaves out.

import { MNIST } from "../data-sets/shipped.js";
import { text } from "../messages/text.js";
import { closedForm, label, valueText } from "../settings/schema.js";
import { changesOf, firstSettings } from "../settings/settings-record.js";
import { startingSource } from "../settings/systems.js";
import { modelConfig, stepsPerEpoch, trainConfig } from "../settings/values.js";

const OWN = "own-";

/** The option of the command line that a setting has: every one has its own, which a native test holds against the schema. */
export function optionOf(name) {
  return `--${name.replaceAll("_", "-")}`;
}

/**
 * `latent-lab train` with the options that differ from the `preset` {name, model, train}, after a comment on each thing that it does not
 * repeat. `values`: all settings of the run; `from`: the weights that it began with; `record`: as in settings-record.js, or null; `step`: how
 * many steps the run has; `dataset`: {key, name, train} of its data set.
 */
export function runCommand({ preset, values, from, record, step, dataset = MNIST }) {
  const first = { ...trainConfig(values), ...(record ? firstSettings(record) : {}) };
  const own = { ...modelConfig(values), ...first, epochs: epochsFor(step, values, first, dataset.train) };
  const base = { ...preset.model, ...preset.train };
  const options = Object.keys(base)
    .filter((name) => name !== "classes" && name in own && own[name] !== base[name]) // the classes come with the data set
    .map((name) => `${optionOf(name)} ${own[name]}`);
  const comments = missing({ preset, values, from, record, step, first, dataset }).map(
    (words) => `# ${words}`,
  );
  const data = dataset.key === MNIST.key ? [] : [`--data ${dataFolder(dataset)}`];
  return [...comments, ["latent-lab train", `--preset ${preset.name}`, ...data, ...options].join(" ")].join(
    "\n",
  );
}

/** A shipped set by its name, and the folder that one of a person has to be exported to. */
function dataFolder({ key }) {
  return key.startsWith(OWN) ? "FOLDER" : key;
}

/** As many as the steps fill; where the rate decays, all that were planned, because the schedule depends on them. */
function epochsFor(step, values, first, images) {
  if (closedForm(values)) return 1;
  if (first.cool_down > 0) return first.epochs;
  return Math.max(1, Math.ceil(step / stepsPerEpoch(first.batch, images)));
}

/** The file that a run began with, of the page's own or one that was loaded. */
function weightsName(from, preset, data) {
  return from === "file" ? valueText("from", from) : `${startingSource(from, preset, data)}.safetensors`;
}

/** What the command does not repeat, a sentence each. */
function missing({ preset, values, from, record, step, first, dataset }) {
  const changes = record ? changesOf(record) : [];
  const unknown = step > 0 && (record === null || record.since > 0) && !closedForm(values);
  return [
    ...(dataset.key.startsWith(OWN) ? [text("training.command.data", { name: dataset.name })] : []),
    ...(from === "scratch"
      ? []
      : [text("training.command.from", { weights: weightsName(from, preset, dataset.key) })]),
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
