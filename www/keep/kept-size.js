// How much is kept. The browser's own estimate would count other pages of the same host.

/** The caches and storage entries of this page begin with this. */
const OURS = "latent-lab";

/** About how many bytes a plain value takes. */
export function sizeOf(value) {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return value.length;
  if (value === null || typeof value !== "object") return 8;
  return Object.values(value).reduce((sum, part) => sum + sizeOf(part), 0);
}

/** Bytes of the files in the page's caches, 0 where there are none. */
export async function cachedBytes() {
  let sum = 0;
  for (const name of await cacheNames()) {
    const cache = await caches.open(name);
    for (const response of await cache.matchAll()) sum += (await response.blob()).size;
  }
  return sum;
}

export async function deleteCaches() {
  for (const name of await cacheNames()) await caches.delete(name);
}

/** Deletes the page's entries of a Storage, or of none where it is null. */
export function clearStorage(store) {
  try {
    for (const key of Object.keys(store ?? {})) if (key.startsWith(OURS)) store.removeItem(key);
  } catch {
    // refused: it holds nothing of this page's
  }
}

async function cacheNames() {
  try {
    return (await caches.keys()).filter((name) => name.startsWith(OURS));
  } catch {
    return []; // no Cache API in an insecure context, or storage refused
  }
}
