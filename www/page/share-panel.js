// Wires the links of the menu: one to what is seen now, and the code that shows it in another page.

import { text } from "../messages/text.js";
import { LONGEST_LINK } from "../share/link.js";
import { connect } from "../views/connect.js";
import { ShareView } from "../views/share.js";

/** `link(more)`: makes the link, as in links.js. */
export function openSharePanel({ state, link, announcer }) {
  const view = new ShareView(document.getElementById("share"), {
    link: () => link(),
    save: () => document.getElementById("archive-save").click(),
    embed: () => embedCode(link({ embed: "on" })),
    say: (words) => announcer.say(words),
  });
  connect(view, () => ({
    ofOwnData: state.dataset.value.origin !== "shipped",
    ofRun:
      state.shown.value?.source === "training" || state.compared.value.some((it) => it.startsWith("run-")),
    longest: LONGEST_LINK,
  }));
}

function embedCode(address) {
  const title = text("share.embed_title");
  const escaped = address.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe src="${escaped}" title="${title}" width="720" height="560" style="border:0" loading="lazy"></iframe>`;
}
