// The family of the systems, by what differs from the first one: computed from their settings, so that a new preset falls into its place.

import { hasText, text } from "../messages/text.js";
import { label, settings, valueText } from "./schema.js";
import { title, withSystem } from "./systems.js";
import { defaults, differing } from "./values.js";

/** In the order of the map. The root is the first system alone. */
export const BRANCHES = [
  "root",
  "posterior",
  "prior",
  "likelihood",
  "networks",
  "divergence",
  "adversarial",
  "no_kl",
  "label",
];

/** The most telling difference first: a system that differs in several parts is in the first of these branches. */
const PRECEDENCE = [
  "adversarial",
  "label",
  "posterior",
  "prior",
  "no_kl",
  "divergence",
  "likelihood",
  "networks",
];

/** Which branch a system {name, model, train} is in, and by which settings it differs from the `first` one: {branch, differing}. */
export function familyOf(system, first) {
  const values = withSystem(defaults(), system);
  const names = differing(values, first);
  if (system.name === first.name) return { branch: "root", differing: names };
  const branches = new Set(names.map((name) => settings[name].branch));
  if (values.posterior === "point") branches.delete("posterior"); // it tells only that there is no KL, or that another divergence is needed
  if (hasNoKl(values)) branches.add("no_kl");
  const branch = PRECEDENCE.find((each) => branches.has(each));
  return { branch: branch ?? "networks", differing: names };
}

/** Whether no divergence counts: none weighs anything, or a point is compared with the prior by the KL, which it does not have. */
function hasNoKl({ beta, posterior, divergence = "kl" }) {
  return beta === 0 || (posterior === "point" && divergence === "kl");
}

/**
 * The family as branches that have systems, in the order of the map: [{branch, title, systems}], a system being {name, title, source,
 * tags, words}: its differences in short, and all by which it is found.
 */
export function familyMap(systems) {
  const [first] = systems;
  const places = systems.map((system) => ({ system, ...familyOf(system, first) }));
  return BRANCHES.map((branch) => {
    const heading = text(`settings.map.branch.${branch}`);
    const own = places.filter((place) => place.branch === branch);
    return { branch, title: heading, systems: own.map((place) => entry(place, heading)) };
  }).filter((branch) => branch.systems.length > 0);
}

function entry({ system, differing }, heading) {
  const { name } = system;
  const values = { ...system.model, ...system.train };
  const own = { name, title: title(system), source: text(`presets.${name}.source`) };
  const tags = differing.map((each) => tag(each, values[each]));
  const inFull = differing.flatMap((each) => [each, label(each), valueText(each, values[each])]);
  const idea = text(`presets.${name}.idea`);
  const words = plain([...Object.values(own), idea, ...tags, ...inFull, heading].join(" "));
  return { ...own, tags, words };
}

/** A setting and its value in short: the value alone where that tells which setting it is. */
function tag(name, value) {
  const key = `settings.${name}.tag`;
  if (hasText(key)) return text(key, { value: valueText(name, value) });
  return text(`settings.${name}.short.${value}`);
}

/** The systems of a map that have all words of what was typed, the one that is named so first: `{found, best}`, names of systems. */
export function search(map, typed) {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  const all = map.flatMap(({ systems }) => systems);
  const found = all.filter(({ words }) => wanted.every((word) => words.includes(word)));
  const isNamedSo = ({ name, title: full }) =>
    [name, plain(full)].some((each) => each.startsWith(plain(typed).trim()));
  const best = found.find(isNamedSo) ?? found[0];
  return { found: found.map(({ name }) => name), best: best?.name ?? null };
}

/** Without case and accents, so that both ways of writing a name are found. */
function plain(words) {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
