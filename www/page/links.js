// The link to what is seen now: for the menu, for the page that shows this one, and what of it the address bar keeps.

import { effect } from "@preact/signals-core";
import { linkOf, stillSeen } from "../share/link.js";
import { textsOfSeen } from "../share/seen.js";
import { tellEmbedder } from "./embedding.js";

/** `systems`: the presets; `digits`: some test images, as in explore/test-images.js. Returns a function that makes the link, with `more` parameters. */
export function openLinks({ state, systems, digits }) {
  const context = () => ({
    system: state.system.value,
    systems,
    dataset: state.dataset.value,
    digits,
  });
  const address = (more = {}) => {
    const { search, hash } = linkOf(state, context(), state.view.value);
    const query = new URLSearchParams(search);
    for (const [key, words] of Object.entries(more)) query.set(key, words);
    return new URL(`?${query}${hash}`, location.href).href;
  };
  const stale = staleDropper(state, context);
  effect(() => stale());
  tellEmbedder(state, () => address({ embed: "on" }));
  return address;
}

/** A function with which what a link has brought and is not seen any more leaves the address; so does, once anything was changed, that what is kept is left out. */
function staleDropper(state, context) {
  const count = ({ query, fragment }) => Object.keys(query).length + Object.keys(fragment).length;
  let first = null;
  return () => {
    const linked = state.linked.value;
    if (count(linked) === 0) return; // and nothing is watched
    const now = JSON.stringify(textsOfSeen(state, context()));
    first ??= now;
    const { query, fragment } = stillSeen(linked, state, context());
    const { kept: _, ...others } = query;
    const left = { query: now === first ? query : others, fragment };
    if (count(left) < count(linked)) state.linked.value = left;
  };
}
