// Bytes as text that an address can carry (RFC 4648, section 5, without padding).

/** The text of these bytes. */
export function textOfBytes(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The bytes of such a text, or null. */
export function bytesOfText(text) {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return null; // of a length that no bytes have
  }
}

/** Float32 numbers as text, exactly. */
export function textOfFloats(values) {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [k, value] of values.entries()) view.setFloat32(4 * k, value, true);
  return textOfBytes(bytes);
}

/** The finite numbers of such a text, or null. */
export function floatsOfText(text) {
  const bytes = bytesOfText(text);
  if (!bytes || bytes.length === 0 || bytes.length % 4 !== 0) return null;
  const view = new DataView(bytes.buffer);
  const values = Float32Array.from({ length: bytes.length / 4 }, (_, k) => view.getFloat32(4 * k, true));
  return values.every(Number.isFinite) ? values : null;
}
