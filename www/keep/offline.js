// The service worker, seen from the page: started where it may be, and removed.

import { SITE_CACHE } from "../files/site-cache.js";
import { Failure } from "../messages/failure.js";
import { isEmbedded, wordOf } from "../settings/address.js";
import { OFFLINE } from "../site-files.js";
import { isReplaced } from "../site-version.js";
import { ownScript, serviceWorker } from "../urls.js";

/** Starts the service worker; resolves once it has kept the page, rejects with the reason why it does not. */
export async function keepOffline() {
  const reason = await whyNot();
  if (reason) throw new Failure(reason);
  try {
    const registration = await navigator.serviceWorker.register(serviceWorker, { updateViaCache: "none" });
    registration.addEventListener("updatefound", () => watchUpdate(registration));
    await activated(registration);
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name.replace(/[?#].*/, ""));
    registration.active.postMessage({ script: ownScript, loaded });
  } catch (error) {
    throw error.kind ? error : new Failure("offline_refused", { reason: error.message }, { cause: error });
  }
}

/** Removes the service worker and what it has kept. */
export async function removeOffline() {
  try {
    const registration = await navigator.serviceWorker?.getRegistration(serviceWorker);
    if (registration?.scope === new URL(".", serviceWorker).href) await registration.unregister();
    await globalThis.caches?.delete(SITE_CACHE);
  } catch {
    // storage refused: nothing was kept
  }
}

async function whyNot() {
  const isOff = wordOf(location.search, "offline") === "off";
  if (isOff || !OFFLINE) {
    await removeOffline();
    return isOff ? "offline_off" : "offline_not_built";
  }
  if (window.top !== window || isEmbedded()) return "offline_frame";
  if (!window.isSecureContext) return "offline_insecure";
  if (!("serviceWorker" in navigator)) return "offline_unsupported";
  if (navigator.connection?.saveData) return "offline_save_data";
  return null;
}

/** Resolves once a service worker of this page is active. */
function activated(registration) {
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  return new Promise((resolve, reject) => {
    const settle = () => {
      if (worker.state === "activated") resolve();
      else if (worker.state === "redundant" && registration.active)
        resolve(); // an earlier one goes on
      else if (worker.state === "redundant") reject(new Failure("offline_incomplete"));
    };
    worker.addEventListener("statechange", settle);
    settle();
  });
}

/** A newer service worker comes with a newer page. */
function watchUpdate({ installing }) {
  installing?.addEventListener("statechange", () => installing.state === "activated" && isReplaced());
}
