// The values of the settings: cleaned, compared with those of a run, made into configurations. Strings become numbers only here.

import { text } from "../messages/text.js";
import { closedForm, hasMeaning, label, names, settings, valueText } from "./schema.js";

export function defaults() {
  return Object.fromEntries(names.map((name) => [name, settings[name].default]));
}

/** What a person typed as a value within the limits, and a sentence where it was refused or corrected. */
export function clean(name, typed, previous = settings[name].default) {
  const { kind, choices, min, max } = settings[name];
  const refused = (reason, values) => ({
    value: previous,
    sentence: text(`settings.refused.${reason}`, {
      label: label(name),
      typed: shorten(typed),
      previous,
      ...values,
    }),
  });
  if (choices) {
    if (choices.includes(typed)) return { value: kind === "flag" ? typed === "true" : typed, sentence: null };
    return refused("choice", { choices: choices.join(", ") });
  }
  const number = parse(typed);
  if (number === null) return refused("number", {});
  const value = Math.min(max, Math.max(min, kind === "integer" ? Math.round(number) : number));
  if (value === number) return { value, sentence: null };
  const corrected = { label: label(name), value, min, max };
  if (number < min || number > max) return { value, sentence: text("settings.corrected.limits", corrected) };
  return { value, sentence: text("settings.corrected.whole", corrected) };
}

/** The settings that differ from those the running model was made with, and so wait for a restart. */
export function pending(values, running) {
  if (!running) return [];
  return names.filter(
    (name) =>
      settings[name].applies === "restart" &&
      values[name] !== running[name] &&
      !decidedByWeights(name, values),
  );
}

/** Weights to start from bring their model with them. */
export function decidedByWeights(name, values) {
  return settings[name].part === "model" && values.from !== "scratch";
}

/** As in src/model/config.rs. */
const DEFAULT_CLASSES = 10;

/** With the number of classes that a model of a labelled data set has; without it where that is the module's default. */
export function withClasses(values, { labelled, classes }) {
  const { classes: _, ...others } = values;
  return labelled && classes.length !== DEFAULT_CLASSES ? { ...others, classes: classes.length } : others;
}

export function modelConfig(values) {
  const config = configOf("model", values);
  return values.classes === undefined ? config : { ...config, classes: values.classes };
}

/**
 * The training settings for a model that was `made` with such values: those that need a restart stay as they were then. A setting without a meaning
 * for the model takes its default, so that a hidden field is never refused.
 */
export function trainConfig(values, made = values) {
  const running = withMade(values, made);
  const config = configOf("train", values);
  for (const name of Object.keys(config)) {
    config[name] = running[name];
    if (!hasMeaning(name, running)) config[name] = settings[name].default;
  }
  return config;
}

/** The device asked for: "auto", "gpu", "cpu", or "closed form", which is always computed on the CPU. */
export function wantedDevice(values) {
  return closedForm(values) ? "closed form" : values.device;
}

export function stepsPerEpoch(batch, images) {
  return Math.max(1, Math.floor(images / batch));
}

/** The names of the settings by which the values differ from a system {model, train}. */
export function differing(values, { model, train }) {
  const own = { ...model, ...train };
  return names
    .filter((name) => settings[name].branch && hasMeaning(name, values))
    .filter((name) => name in own && values[name] !== own[name]);
}

/** How the values differ from those of a system: "KL weight β: 4" for each difference. */
export function differences(values, system) {
  return differing(values, system).map((name) =>
    text("settings.difference", { label: label(name), value: valueText(name, values[name]) }),
  );
}

/** How the settings of a run differ from the `base` that its system starts with, except for what no loss depends on. */
export function changedFrom(values, base) {
  return names
    .filter((name) => !["from", "device", "epochs"].includes(name) && hasMeaning(name, values))
    .filter((name) => values[name] !== base[name])
    .map((name) => text("settings.difference", { label: label(name), value: valueText(name, values[name]) }));
}

/** How a run's settings differ from those of another: "KL weight β 1 → 4" for each difference that a loss depends on. */
export function changesBetween(before, after) {
  return names
    .filter((name) => !["device", "epochs"].includes(name) && hasMeaning(name, after))
    .filter((name) => before[name] !== after[name] || !hasMeaning(name, before))
    .map((name) => {
      const value = valueText(name, after[name]);
      if (!hasMeaning(name, before)) return text("settings.difference", { label: label(name), value });
      return text("settings.change", { label: label(name), before: valueText(name, before[name]), value });
    });
}

/** The settings that the losses of a run depend on, but for its seed, as a text to compare: runs with equal ones are seeds of the same. */
export function seedlessKey(values) {
  const ofCurves = names.filter((name) => name !== "seed" && name !== "device" && hasMeaning(name, values));
  const isFixed = (name) => name === "epochs" && !values.cool_down; // how long a run is, unless the rate decays towards its end
  return JSON.stringify(ofCurves.filter((name) => !isFixed(name)).map((name) => [name, values[name]]));
}

/** `values` with those that the model of a run was `made` with and that only a new model can change. */
export function withMade(values, made) {
  const own = names.filter(
    (name) => settings[name].applies === "restart" && settings[name].part && name in made,
  );
  return { ...values, ...Object.fromEntries(own.map((name) => [name, made[name]])) };
}

function configOf(part, values) {
  const own = names.filter((name) => settings[name].part === part);
  return Object.fromEntries(own.map((name) => [name, values[name]]));
}

function parse(typed) {
  const trimmed = String(typed).trim().replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return null;
  return Number(trimmed);
}

/** Text from outside, shortened so that a sentence can quote it. */
export function shorten(typed) {
  return typed.length > 20 ? `${typed.slice(0, 20)}…` : typed;
}
