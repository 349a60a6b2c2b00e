// Says when the site was replaced by a newer version, and reloads without losing anything.

import { text } from "../messages/text.js";
import { REPLACED } from "../site-version.js";
import { awakeFor } from "../worker/awake-timer.js";

/** A worker that does not answer must not keep the page from being reloaded. */
const PATIENCE_MS = 5000;

export function watchNewVersion({ session, keep, notices }) {
  window.addEventListener(REPLACED, () => {
    const actions = { [text("page.reload")]: () => reloadKept({ session, keep }) };
    notices.show({ name: "version", text: text("errors.new_version"), kind: "info", actions });
  });
}

/** Training is paused, and what changed is written, before the page is reloaded. */
async function reloadKept({ session, keep }) {
  const kept = session.pause().then(() => keep.flush());
  const late = awakeFor(PATIENCE_MS);
  await Promise.race([kept.catch(() => {}), late]);
  location.reload();
}
