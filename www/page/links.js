// The link to what is seen now: for the menu, for the page that shows this one, and what of it the address bar keeps.

import { effect } from "@preact/signals-core";
import { linkOf, stillSeen } from "../share/link.js";
import { tellEmbedder } from "./embedding.js";

/** `digits`: the twenty test digits. Returns a function that makes the link, with `more` parameters. */
export function openLinks({ state, digits }) {
  const context = () => ({ system: state.system.value, digits });
  const address = (more = {}) => {
    const { search, hash } = linkOf(state, context(), state.view.value);
    const query = new URLSearchParams(search);
    for (const [key, words] of Object.entries(more)) query.set(key, words);
    return new URL(`?${query}${hash}`, location.href).href;
  };
  effect(() => dropStale(state, context));
  tellEmbedder(state, () => address({ embed: "on" }));
  return address;
}

/** What a link has brought and is not seen any more leaves the address. */
function dropStale(state, context) {
  const linked = state.linked.value;
  const count = ({ query, fragment }) => Object.keys(query).length + Object.keys(fragment).length;
  if (count(linked) === 0) return; // and nothing is watched
  const kept = stillSeen(linked, state, context());
  if (count(kept) < count(linked)) state.linked.value = kept;
}
