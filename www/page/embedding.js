// What another page that shows this one hears of it: docs/embedding.md describes the messages.

import { effect } from "@preact/signals-core";
import { isEmbedded } from "../settings/address.js";

const VERSION = 1;
const SPACING_MS = 250; // between two messages

/** `address()` reads the signals of what is seen and returns the link to it. */
export function tellEmbedder(state, address) {
  if (!isEmbedded() || window.parent === window) return;
  let timer = null;
  let sent = "";
  const tell = () => {
    timer = null;
    const message = { view: state.view.peek(), address: address() };
    const words = JSON.stringify(message);
    if (words === sent) return;
    const event = sent === "" ? "ready" : "change";
    sent = words;
    window.parent.postMessage({ source: "latent-lab", version: VERSION, event, ...message }, "*");
  };
  effect(() => {
    state.view.value;
    address();
    if (timer === null) timer = setTimeout(tell, SPACING_MS);
  });
}
