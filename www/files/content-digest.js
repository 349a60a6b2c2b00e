// Whether bytes are the file whose address they came from: names in the site carry the first digits of the SHA-256 of the content.

const DIGEST = /-([0-9a-f]{12})(?:\.\w+)*$/;

/** The digits in an address, or null where its name has none. */
export function digestOf(address) {
  return DIGEST.exec(new URL(address).pathname)?.[1] ?? null;
}

/** Whether the SHA-256 of `bytes` begins with `digest`. Without one, or in an insecure context, which cannot hash: whether they are no web page. */
export async function hasDigest(bytes, digest) {
  if (digest === null || !globalThis.crypto?.subtle) return !isWebPage(bytes);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const digits = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.startsWith(digest);
}

/** Whether the bytes begin as an HTML page does. */
export function isWebPage(bytes) {
  return /^\s*<(!doctype|html|head|body|!--|\?xml)/i.test(new TextDecoder().decode(bytes.subarray(0, 100)));
}
