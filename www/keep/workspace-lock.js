// One tab at a time keeps its drawing and settings, and trains a run: a Web Lock says which. The browser releases it when the tab is closed or reloaded.

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

/** The run that this tab has open. */
export class RunClaim {
  #locks;
  #id = null;
  #release = () => {};

  constructor(locks = lockManager()) {
    this.#locks = locks;
  }

  /** Claims the run, in the place of the one before; resolves to false where another tab has claimed it. */
  async take(id) {
    if (id === this.#id || !this.#locks) return true;
    this.#release();
    this.#id = id;
    const granted = new Promise((resolve, reject) => {
      const held = (lock) => {
        resolve(lock !== null);
        return lock && new Promise((release) => (this.#release = release));
      };
      this.#locks.request(`${NAME}-${id}`, { ifAvailable: true }, held).catch(reject);
    });
    return granted.catch(() => true); // without locks there is no other tab that keeps runs
  }

  /** Whether another tab has claimed the run. */
  async isElsewhere(id) {
    if (id === this.#id || !this.#locks) return false;
    try {
      return await this.#locks.request(`${NAME}-${id}`, { ifAvailable: true }, (lock) => lock === null);
    } catch {
      return false;
    }
  }
}

function lockManager() {
  try {
    return globalThis.navigator?.locks ?? null;
  } catch {
    return null;
  }
}
