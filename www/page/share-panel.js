// Wires the menu of links: one to what is seen now, and the code that shows it in another page.

import { effect } from "@preact/signals-core";
import { text } from "../messages/text.js";
import { LONGEST_LINK, linkOf, stillSeen } from "../share/link.js";
import { connect } from "../views/connect.js";
import { ShareView } from "../views/share.js";
import { tellEmbedder } from "./embedding.js";

/** `digits`: the twenty test digits. */
export function openSharePanel({ state, digits, announcer }) {
  const context = () => ({ system: state.system.value, digits });
  const address = (more = {}) => {
    const { search, hash } = linkOf(state, context(), state.view.value);
    const query = new URLSearchParams(search);
    for (const [key, words] of Object.entries(more)) query.set(key, words);
    return new URL(`?${query}${hash}`, location.href).href;
  };
  const view = new ShareView(document.getElementById("share"), {
    link: () => address(),
    embed: () => embedCode(address({ embed: "on" })),
    say: (words) => announcer.say(words),
  });
  connect(view, () => ({
    ofRun:
      state.shown.value?.source === "training" || state.compared.value.some((it) => it.startsWith("run-")),
    longest: LONGEST_LINK,
  }));
  effect(() => dropStale(state, context));
  tellEmbedder(state, () => address({ embed: "on" }));
}

/** What a link has brought and is not seen any more leaves the address. */
function dropStale(state, context) {
  const linked = state.linked.value;
  const count = ({ query, fragment }) => Object.keys(query).length + Object.keys(fragment).length;
  if (count(linked) === 0) return; // and nothing is watched
  const kept = stillSeen(linked, state, context());
  if (count(kept) < count(linked)) state.linked.value = kept;
}

function embedCode(address) {
  const title = text("share.embed_title");
  const escaped = address.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe src="${escaped}" title="${title}" width="720" height="560" style="border:0" loading="lazy"></iframe>`;
}
