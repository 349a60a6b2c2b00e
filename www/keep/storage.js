// The browser's small storages. Where site data are blocked, even reading `window.localStorage` throws. In another page they are not used.

import { isEmbedded } from "../settings/address.js";

/** The Storage that lasts as long as the tab, or null where there is none. */
export function sessionStore() {
  return storage("sessionStorage");
}

/** The Storage that lasts beyond the visit, or null where there is none. */
export function localStore() {
  return storage("localStorage");
}

/** The entry, or null where it or the storage is missing. */
export function recall(store, key) {
  try {
    return store?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** The entry as the value that it is JSON of; null where it is missing, or another script wrote it. */
export function recallValue(store, key) {
  try {
    return JSON.parse(recall(store, key));
  } catch {
    return null;
  }
}

/** Sets the entry; returns false where the storage is missing, full or refused. */
export function remember(store, key, value) {
  try {
    store.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** Asks the browser not to delete what is kept when space is short; a browser may ask the person. A refusal changes nothing else. */
export async function askToPersist() {
  try {
    await globalThis.navigator.storage.persist();
  } catch {
    // missing or refused
  }
}

function storage(name) {
  if (isEmbedded()) return null;
  try {
    return globalThis[name] ?? null;
  } catch {
    return null;
  }
}
