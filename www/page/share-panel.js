// Wires the menu of links: one to what is seen now, and the code that shows it in another page.

import { effect } from "@preact/signals-core";
import { text } from "../messages/text.js";
import { LONGEST_LINK, linkOf, stillSeen } from "../share/link.js";
import { textsOfSeen } from "../share/seen.js";
import { connect } from "../views/connect.js";
import { ShareView } from "../views/share.js";
import { tellEmbedder } from "./embedding.js";

/** `systems`: the presets; `digits`: the twenty test digits. */
export function openSharePanel({ state, systems, digits, announcer }) {
  const context = () => ({ system: state.system.value, systems, digits });
  const address = (more = {}) => {
    const { search, hash } = linkOf(state, context(), state.view.value);
    const query = new URLSearchParams(search);
    for (const [key, words] of Object.entries(more)) query.set(key, words);
    return new URL(`?${query}${hash}`, location.href).href;
  };
  const view = new ShareView(document.getElementById("share"), {
    link: () => address(),
    save: () => document.getElementById("archive-save").click(),
    embed: () => embedCode(address({ embed: "on" })),
    say: (words) => announcer.say(words),
  });
  connect(view, () => ({
    ofRun:
      state.shown.value?.source === "training" || state.compared.value.some((it) => it.startsWith("run-")),
    longest: LONGEST_LINK,
  }));
  const stale = staleDropper(state, context);
  effect(() => stale());
  tellEmbedder(state, () => address({ embed: "on" }));
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

function embedCode(address) {
  const title = text("share.embed_title");
  const escaped = address.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe src="${escaped}" title="${title}" width="720" height="560" style="border:0" loading="lazy"></iframe>`;
}
