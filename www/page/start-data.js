// The data set that the page starts with: the one that the address asks for, or that of the last visit; a notice says why another was taken.

import { startingAddress } from "../keep/kept-values.js";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { dataFromQuery } from "../settings/address.js";

/** `opened`: what is kept; `address`: the query of the page's. */
export async function startData({ dataSets, opened, notices }, address) {
  await dataSets.open(opened.workspace);
  const search = startingAddress(address, opened.entries.settings);
  const { key, complaint } = dataFromQuery(search, dataSets.list.peek());
  if (complaint) notices.show({ name: "data", text: complaint, kind: "info" });
  await dataSets
    .choose(key)
    .catch((error) => notices.show({ name: "data", text: refusal(dataSets, key, error) }));
}

/** Why the set of this key is not the present one. */
export function refusal(dataSets, key, error) {
  const { name = key } = dataSets.info(key) ?? {};
  const present = dataSets.dataset.peek().name;
  return text("data.not_chosen", { name, present, reason: sentence(error) });
}
