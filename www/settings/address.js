// The address of the page: the system and settings that it asks for, and the address that restores them.

import { MNIST } from "../data-sets/shipped.js";
import { text } from "../messages/text.js";
import { label, names, settings } from "./schema.js";
import { startsOffered, title, withSystem } from "./systems.js";
import { clean, defaults, shorten } from "./values.js";

const SYSTEM = "system";
const DATA = "data";

/** Settings from an address like `?latent=8&lr=0.001`; a wrong value is refused, and that of `base` kept. */
export function fromQuery(search, base = defaults()) {
  const query = new URLSearchParams(search);
  const values = { ...base };
  const complaints = [];
  for (const name of names) {
    const { query: key } = settings[name];
    if (!query.has(key)) continue;
    if (new Set(query.getAll(key)).size > 1) {
      complaints.push(text("settings.address.repeated", { key, used: base[name] }));
      continue;
    }
    const asked = query.get(key);
    const cleaned = clean(name, asked, base[name]);
    const offered = name !== "from" || asked !== "file"; // an address cannot carry a file
    if (cleaned.sentence === null && offered) values[name] = cleaned.value;
    else
      complaints.push(
        text("settings.address.value", {
          key,
          asked: shorten(asked),
          label: label(name),
          used: base[name],
        }),
      );
  }
  return { values, complaints };
}

/** The address that restores these settings: without those equal to `base`, with all other parameters kept. */
export function toQuery(values, search = "", base = defaults()) {
  const query = new URLSearchParams(search);
  for (const name of names) {
    const { query: key } = settings[name];
    if (values[name] === base[name] || values[name] === "file") query.delete(key);
    else query.set(key, String(values[name]));
  }
  return searchOf(query);
}

/** Settings from an address over what the system sets; weights that the system does not have are refused too. */
export function settingsFromQuery(search, system) {
  const base = withSystem(defaults(), system);
  const { values, complaints } = fromQuery(search, base);
  if (values.from in startsOffered(system, false)) return { values, complaints };
  const complaint = text("settings.address.start", { title: title(system), asked: values.from });
  return { values: { ...values, from: base.from }, complaints: [...complaints, complaint] };
}

/** The system that an address asks for, and a sentence where it is unknown; the first system is the default. */
export function systemFromQuery(search, systems) {
  const query = new URLSearchParams(search);
  const name = query.get(SYSTEM);
  if (new Set(query.getAll(SYSTEM)).size > 1) {
    const values = { key: SYSTEM, used: title(systems[0]) };
    return { system: systems[0], complaints: [text("settings.address.repeated", values)] };
  }
  const system = systems.find((each) => each.name === name);
  if (system || name === null) return { system: system ?? systems[0], complaints: [] };
  const known = systems.map((each) => each.name).join(", ");
  const complaint = text("settings.address.system", { asked: shorten(name), known, used: title(systems[0]) });
  return { system: systems[0], complaints: [complaint] };
}

/** The address with the parameter that restores the system. */
export function addressOfSystem(search, system, systems) {
  return withWord(search, SYSTEM, system.name, systems[0].name);
}

/** The key of the data set that an address asks for, that of the first in the `list` of infos where it names none; and a sentence where it is not in the list, or null. */
export function dataFromQuery(search, list) {
  const asked = [...new Set(new URLSearchParams(search).getAll(DATA))];
  const [first] = list;
  const [key = first.key] = asked;
  if (asked.length > 1)
    return { key: first.key, complaint: text("settings.address.repeated", { key: DATA, used: first.name }) };
  if (list.some((each) => each.key === key)) return { key, complaint: null };
  const own = key.startsWith("own-");
  const known = list.map((each) => each.key).join(", ");
  const complaint = own
    ? text("settings.address.own_data", { used: first.name })
    : text("settings.address.data", { asked: shorten(key), known, used: first.name });
  return { key: first.key, complaint };
}

/** The address with the parameter that restores the data set. */
export function addressOfData(search, { key }) {
  return withWord(search, DATA, key, MNIST.key);
}

/** Whether an address decides data set, system or settings. */
export function bringsSettings(search) {
  const query = new URLSearchParams(search);
  return query.has(SYSTEM) || query.has(DATA) || names.some((name) => query.has(settings[name].query));
}

/** Parameters that take one of a few words, beside system, settings and view. */
const WORDS = {
  demo: ["on", "off"],
  software: ["measure"],
  offline: ["off"],
  threads: ["off"],
  embed: ["on"],
};

/** The word that the address has for `key` of these parameters, or null. */
export function wordOf(search, key) {
  return wordFromQuery(search, key, WORDS[key]).word;
}

/** Whether another page shows this one: nothing is kept then, and nothing is fetched in advance. */
export function isEmbedded() {
  return wordOf(globalThis.location?.search ?? "", "embed") === "on";
}

/** Whether the address is a link to what somebody else has seen, so that what is kept here is not mixed with it. */
export function leavesKept(search) {
  return new URLSearchParams(search).get("kept") === "off";
}

/** A sentence for each of these parameters that is refused. */
export function wordComplaints(search) {
  return Object.entries(WORDS).flatMap(([key, known]) => wordFromQuery(search, key, known).complaints);
}

/** `word`: the one of `known` that the address has for `key`, or null; `complaints`: a sentence where it has another, or several. */
export function wordFromQuery(search, key, known) {
  const asked = [...new Set(new URLSearchParams(search).getAll(key))];
  const [word = null] = asked;
  if (word === null || (asked.length === 1 && known.includes(word))) return { word, complaints: [] };
  const values = { key, asked: shorten(asked.join(", ")), known: known.join(", ") };
  return { word: null, complaints: [text("settings.address.word", values)] };
}

/** The address with `word` for `key`, and without it where it is the `base`. */
export function withWord(search, key, word, base) {
  const query = new URLSearchParams(search);
  if (word === base) query.delete(key);
  else query.set(key, word);
  return searchOf(query);
}

/** The parameters as an address has them: with a question mark, or nothing where there are none. */
export function searchOf(query) {
  const words = query.toString();
  return words ? `?${words}` : "";
}
