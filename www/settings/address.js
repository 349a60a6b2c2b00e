// The address of the page: which system and settings it asks for, and the one that brings them back.

import { text } from "../messages/text.js";
import { label, names, settings } from "./schema.js";
import { chosen, startsOffered, title } from "./systems.js";
import { clean, defaults, shorten } from "./values.js";

const SYSTEM = "system";

/** Settings from an address like `?latent=8&lr=0.001`; a wrong value is refused and that of `base` used. */
export function fromQuery(search, base = defaults()) {
  const query = new URLSearchParams(search);
  const values = { ...base };
  const complaints = [];
  for (const name of names) {
    const { query: key } = settings[name];
    if (!query.has(key)) continue;
    const asked = query.get(key);
    const cleaned = clean(name, asked, base[name]);
    const offered = name !== "from" || asked !== "file"; // a file cannot come by address
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

/** The address that brings these settings back; what `base` says already is left out, and what is not ours is kept. */
export function toQuery(values, search = "", base = defaults()) {
  const query = new URLSearchParams(search);
  for (const name of names) {
    const { query: key } = settings[name];
    if (values[name] === base[name] || values[name] === "file") query.delete(key);
    else query.set(key, String(values[name]));
  }
  return searchOf(query);
}

/** Settings from an address over what the system sets; what the system cannot be started from is refused too. */
export function settingsFromQuery(search, system) {
  const base = chosen(defaults(), system);
  const { values, complaints } = fromQuery(search, base);
  if (values.from in startsOffered(system, false)) return { values, complaints };
  const complaint = text("settings.address.start", { title: title(system), asked: values.from });
  return { values: { ...values, from: base.from }, complaints: [...complaints, complaint] };
}

/** The system that an address asks for, and a sentence where there is no such; the first is the default. */
export function systemFromQuery(search, systems) {
  const name = new URLSearchParams(search).get(SYSTEM);
  const system = systems.find((each) => each.name === name);
  if (system || name === null) return { system: system ?? systems[0], complaints: [] };
  const known = systems.map((each) => each.name).join(", ");
  const complaint = text("settings.address.system", { asked: shorten(name), known, used: title(systems[0]) });
  return { system: systems[0], complaints: [complaint] };
}

/** The address that brings the system back. */
export function withSystem(search, system, systems) {
  const query = new URLSearchParams(search);
  if (system === systems[0]) query.delete(SYSTEM);
  else query.set(SYSTEM, system.name);
  return searchOf(query);
}

function searchOf(query) {
  const words = query.toString();
  return words ? `?${words}` : "";
}
