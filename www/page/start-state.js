// The state that the page starts with, as the address asks for it; a notice explains what was refused.

import { settingsFromQuery, systemFromQuery } from "../settings/address.js";
import { createState } from "../state.js";

export function stateFromAddress(search, systems, notices) {
  const { system, complaints } = systemFromQuery(search, systems);
  const { values, complaints: more } = settingsFromQuery(search, system);
  const all = [...complaints, ...more];
  if (all.length > 0) notices.show({ name: "address", text: all.join(" "), kind: "info" });
  return createState({ system, values });
}
