// Names of the site's files that carry a hash of their content, so that a cache may keep them for ever, and a script of one build never
// meets a module of another.

import { createHash } from "node:crypto";
import { posix } from "node:path";

const DIGITS = 12; // of 64: enough to tell builds apart and to find damage; an attacker who changes a file changes its name too

/** Stands for "-" and the digits in the names by which scripts of one bundle name each other; as long, so that source maps stay right. */
export const MARK = `-${"_".repeat(DIGITS)}`;

/** The first digits of the SHA-256 of `bytes`. */
export function digest(bytes) {
  return createHash("sha256").update(bytes).digest("hex").slice(0, DIGITS);
}

/** `models/vae.safetensors` with `digits` before its suffix. */
export function withDigits(path, digits) {
  const { dir, name, ext } = posix.parse(path);
  return posix.join(dir, `${name}-${digits}${ext}`);
}

/**
 * Files that name each other, `[path, bytes]` each, of one folder: all get the digits of them all. Returns `[path, new path, bytes]`, with
 * the new names in the scripts.
 */
export function hashedTogether(files) {
  const digits = digest(Buffer.concat(files.map(([, bytes]) => bytes)));
  const names = Object.fromEntries(files.map(([path]) => [path, withDigits(path, digits)]));
  const renamed = (path, bytes) =>
    path.endsWith(".js") ? Buffer.from(withNames(bytes.toString(), names, posix.dirname(path))) : bytes;
  return files.map(([path, bytes]) => [path, names[path], renamed(path, bytes)]);
}

/** `text` with every address in double quotes that is in `names` replaced; addresses are relative to `folder`, with or without "./" and a query. */
export function withNames(text, names, folder = "") {
  return text.replace(/"(\.\/)?([\w./-]+)(\?[\w=&]+)?"/g, (quoted, dot = "", address, query = "") => {
    const name = names[posix.join(folder, address)];
    return name ? `"${dot}${posix.relative(folder, name)}${query}"` : quoted;
  });
}
