// The systems, as the module's presets define them: what a system sets, and where its weights are.

import { MNIST, SHIPPED } from "../data-sets/shipped.js";
import { text } from "../messages/text.js";
import { valueText } from "./schema.js";
import { allSourcesOf, dataOf, sourcesOf, startsOf, variantOf } from "./sources.js";
import { differences } from "./values.js";

export function title({ name }) {
  return text(`presets.${name}.title`);
}

/** Pre-trained weights as a person reads them in a list: by what they differ in. */
function sourceText(source, system) {
  const [[setting, value] = []] = Object.entries(variantOf(source, system));
  return setting ? text(`settings.sources.${setting}`, { value }) : text("settings.sources.own");
}

/** The pre-trained weights to choose from, as [source, words]: the system's on the data set, and the one `shown` where that is another's. */
export function sourcesOffered(system, shown, systems, data = MNIST.key) {
  const own = sourcesOf(system, data).map((source) => [source, sourceText(source, system)]);
  const other = systems
    .filter((each) => allSourcesOf(each).includes(shown))
    .map(() => [shown, text("settings.sources.of_system", { title: modelName({ source: shown }, systems) })]);
  return own.some(([source]) => source === shown) ? own : [...own, ...other];
}

/** What training on a data set can start from, as {name: words}. */
export function startsOffered(system, file, data = MNIST.key) {
  const [first, ...more] = startsOf(system, data);
  const words = (source) =>
    dataOf(source) === data
      ? sourceText(source, system)
      : text("settings.sources.on_data", {
          weights: sourceText(source, system),
          data: dataName(dataOf(source)),
        });
  const pretrained = { z20: words(first) };
  for (const source of more) pretrained[source] = words(source);
  const given = file ? { file: valueText("from", "file") } : {};
  return { scratch: valueText("from", "scratch"), ...pretrained, ...given };
}

/** Which weights a "Start from" means: "z20" stands for the system's own, whatever they are called. */
export function startingSource(from, system, data = MNIST.key) {
  return from === "z20" ? startsOf(system, data)[0] : from;
}

/** The `values` with all that a system sets: everything but the device and the seed. The number of classes is the data set's. */
export function withSystem(values, { model: { classes: __, ...model }, train }) {
  const { seed: _, ...rest } = train;
  const from = values.from === "scratch" || values.from === "file" ? "scratch" : "z20";
  return { ...values, ...model, ...rest, from };
}

/** The name of the model shown; a run is named after the system nearest to its settings (`made`), with the differences. */
export function modelName({ source, file, made }, systems) {
  if (source === "file") return file ?? valueText("from", "file");
  if (source === "training") return nameOfRun(made, systems);
  const system = systems.find((each) => allSourcesOf(each).includes(source));
  if (!system) return source;
  const data = dataOf(source);
  if (data !== MNIST.key)
    return text("settings.sources.name.data", { title: title(system), data: dataName(data) });
  const [[setting, value] = []] = Object.entries(variantOf(source, system));
  if (!setting) return title(system);
  return text(`settings.sources.name.${setting}`, { title: title(system), value });
}

/** A shipped data set as a person reads it. */
export function dataName(key) {
  return SHIPPED.find((each) => each.key === key)?.name ?? key;
}

function nameOfRun(made, systems) {
  const compared = systems.map((system) => ({ system, changes: differences(made, system) }));
  const nearest = compared.reduce((a, b) => (b.changes.length < a.changes.length ? b : a));
  const name = text("settings.run_name", { title: title(nearest.system), latent: made.latent });
  return [name, ...nearest.changes].join("; ");
}
