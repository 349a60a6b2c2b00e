// The systems of the field, as the module's presets describe them: what one sets, where its weights are, how its loss reads.

import { besides } from "../training/loss-descriptions.js";
import { hasMeaning, names, settings, words } from "./schema.js";
import { defaults, fromQuery, shorten } from "./values.js";

const KEY = "system";
const DIVERGENCE_PARTS = ["posterior", "prior", "classifier", "labelled", "samples"]; // the most telling first
/** Pre-trained weights that are not simply named after their system. */
const SOURCES = {
  vae: { z20: "Pre-trained, Z = 20", z2: "Pre-trained, Z = 2" },
};

/** The pre-trained weights of a system as [name, words] pairs, the one for its own settings first. */
export function sourcesOf({ name, title }) {
  return Object.entries(SOURCES[name] ?? { [name]: `Pre-trained: ${title}` });
}

/** The pre-trained weights to choose from: the system's, and the one `shown` where that is another's. */
export function sourcesOffered(system, shown, systems) {
  const own = sourcesOf(system);
  const other = systems.flatMap(sourcesOf).filter(([source]) => source === shown);
  return own.some(([source]) => source === shown) ? own : [...own, ...other];
}

/** What training can start from, as {name: words}. */
export function startsOffered(system, file) {
  const [[, first], ...more] = sourcesOf(system);
  const pretrained = { z20: first, ...Object.fromEntries(more) };
  return { scratch: words("scratch"), ...pretrained, ...(file ? { file: words("file") } : {}) };
}

/** Which weights a "Start from" means: its first choice of a system is that system's own, whatever their name. */
export function startingSource(from, system) {
  return from === "z20" ? sourcesOf(system)[0][0] : from;
}

/** What a system sets over the `values` of now: all but where and with which seed one trains. */
export function chosen(values, { model, train }) {
  const { seed: _, ...rest } = train;
  const from = values.from === "scratch" || values.from === "file" ? "scratch" : "z20";
  return { ...values, ...model, ...rest, from };
}

/** Settings from an address over what the system sets; what the system cannot be started from is refused too. */
export function settingsFromQuery(search, system) {
  const base = chosen(defaults(), system);
  const { values, complaints } = fromQuery(search, base);
  const startable = values.from in startsOffered(system, false);
  if (startable) return { values, complaints };
  const sentence = `${system.title} has no weights "${values.from}" to start from; it starts ${words(base.from)}.`;
  return { values: { ...values, from: base.from }, complaints: [...complaints, sentence] };
}

/** The system that an address asks for, and a sentence where there is no such; the first is the default. */
export function systemFromQuery(search, systems) {
  const name = new URLSearchParams(search).get(KEY);
  const system = systems.find((each) => each.name === name);
  if (system || name === null) return { system: system ?? systems[0], complaints: [] };
  const known = systems.map((each) => each.name).join(", ");
  return {
    system: systems[0],
    complaints: [
      `The address asks for ${KEY}=${shorten(name)}, which is none of ${known}; ${systems[0].title} is used.`,
    ],
  };
}

/** The address that brings the system back. */
export function withSystem(search, system, systems) {
  const query = new URLSearchParams(search);
  if (system === systems[0]) query.delete(KEY);
  else query.set(KEY, system.name);
  const text = query.toString();
  return text ? `?${text}` : "";
}

/**
 * The loss that the values now stand for, in the presets' own words, as `{text, changed, term, joint}` pieces; `changed`: it
 * reads otherwise for the first system; `joint`: what stands before it.
 */
export function formula(values, systems) {
  const [first] = systems;
  const reconstruction = systems.find(({ model }) => model.likelihood === values.likelihood).reconstruction;
  const { divergence, train } = nearest(values, systems);
  const reweighted = values.beta !== first.train.beta;
  const pieces = [
    {
      term: "reconstruction",
      joint: "",
      text: reconstruction,
      changed: reconstruction !== first.reconstruction,
    },
    { term: "beta", joint: " + ", text: reweighted ? `${values.beta}` : "β", changed: reweighted },
    { term: "divergence", joint: " · ", text: divergence, changed: divergence !== first.divergence },
  ];
  if (hasMeaning("samples", values) && values.samples !== train.samples)
    pieces.push({ term: "samples", joint: ", ", text: `shared by ${values.samples} draws`, changed: true });
  for (const { text } of besides(values))
    pieces.push({ term: "beside", joint: " + ", text: text(values), changed: true });
  return pieces;
}

/** The system whose divergence is that of the values, by as many of the parts that it depends on as there is one for. */
function nearest(values, systems) {
  for (let count = DIVERGENCE_PARTS.length; count > 0; count--) {
    const parts = DIVERGENCE_PARTS.slice(0, count);
    const found = systems.find((system) => {
      const own = { ...system.model, ...system.train };
      return parts.every((part) => own[part] === values[part]);
    });
    if (found) return found;
  }
  return systems[0];
}

/** In what the values differ from the first system, as sentences' parts: "Weight β of the KL: 4". */
export function differences(values, systems) {
  const plain = { ...systems[0].model, ...systems[0].train };
  return names
    .filter((name) => settings[name].tells && hasMeaning(name, values) && values[name] !== plain[name])
    .map((name) => `${settings[name].label}: ${words(values[name])}`);
}

/** Whose weights are shown, in words: of a run by the system nearest to its settings (`made`), and what it changed. */
export function modelName({ source, file, made }, systems) {
  if (source === "file") return file ?? words("file");
  if (source === "training") return nameOfRun(made, systems);
  const system = systems.find((each) => sourcesOf(each).some(([one]) => one === source));
  const own = system ? sourcesOf(system) : [];
  const [, text] = own.find(([one]) => one === source) ?? [source, source];
  return own.length > 1 ? `${system.title}, ${text.replace(/^Pre-trained, /, "")}` : (system?.title ?? text);
}

function nameOfRun(made, systems) {
  const changes = ({ model, train }) => {
    const own = { ...model, ...train };
    const telling = (name) => settings[name].tells && hasMeaning(name, made) && name in own;
    return names.filter((name) => telling(name) && made[name] !== own[name]);
  };
  const [nearestOne] = [...systems].sort((a, b) => changes(a).length - changes(b).length);
  const changed = changes(nearestOne).map((name) => `${settings[name].label}: ${words(made[name])}`);
  return [`${nearestOne.title}, Z = ${made.latent}`, ...changed].join("; ");
}
