// Whether the site was replaced by a newer version since this page was loaded, so that files of the page's own version may be gone.

import { NAMES } from "./site-files.js";
import { ownScript } from "./urls.js";

/** Sent to the window when that is found out. */
export const REPLACED = "latent-lab-replaced";

/** Resolves to whether the server's page no longer names this script. Without an answer, or where it is not our page, to false. */
export async function isReplaced() {
  if (!globalThis.document || Object.keys(NAMES).length === 0) return false; // no page, or plain names, which stay
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const html = await answer.text();
    const scripts = [...html.matchAll(/<script type="module" src="([\w.-]+)"/g)].map(([, name]) => name);
    const replaced = answer.ok && scripts.length > 0 && !scripts.includes(ownScript);
    if (replaced) window.dispatchEvent(new Event(REPLACED));
    return replaced;
  } catch {
    return false;
  }
}
