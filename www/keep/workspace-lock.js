// One tab at a time keeps its work: a Web Lock says which. The browser releases it when the tab is closed or reloaded.

import { Failure } from "../messages/failure.js";
import { awakeFor } from "../worker/awake-timer.js";

const NAME = "latent-lab-workspace";
/** A page that is being left gives its lock up within this time; another tab does not. */
const HANDOVER_MS = 1000;

/**
 * Resolves to {owns, turn}: whether this tab owns the workspace, and a promise for the moment at which it does. Fails where the browser
 * has no locks.
 */
export async function lockWorkspace({ locks = lockManager(), patience = HANDOVER_MS } = {}) {
  if (!locks) throw new Failure("keep_no_locks");
  const turn = new Promise((resolve, reject) => {
    const held = () => {
      resolve(true);
      return new Promise(() => {}); // until the page is gone
    };
    locks.request(NAME, held).catch((error) => {
      reject(new Failure("keep_refused", { reason: error.message }, { cause: error }));
    });
  });
  return { owns: await Promise.race([turn, awakeFor(patience, false)]), turn };
}

function lockManager() {
  try {
    return globalThis.navigator?.locks ?? null;
  } catch {
    return null;
  }
}
