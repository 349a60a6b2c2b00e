// Fetches one whole file of the site, and makes sure that it is that file.

import { Failure } from "../messages/failure.js";
import { isReplaced } from "../site-version.js";
import { digestOf, hasDigest, isWebPage } from "./content-digest.js";

/** The bytes at `address`; a failure names the `file`. `cache` as in `fetch`: a wrong file from a cache is fetched again past it. */
export async function fetchFile(address, file, { cache = "default" } = {}) {
  const fetched = async (options) => {
    return wholeBody(await respond(address, file, options), file);
  };
  const bytes = await fetched({ cache });
  const digest = digestOf(address);
  if (await hasDigest(bytes, digest)) return bytes;
  const again = await fetched({ cache: "reload" });
  if (await hasDigest(again, digest)) return again;
  throw await wrongFile(again, file);
}

/** The response, whose body is still to come; a failure names the `file`. */
export async function respond(address, file, options) {
  const response = await fetch(address, options).catch((cause) => {
    throw new Failure("download_no_answer", { file }, { cause });
  });
  if (response.ok) return response;
  if (await isReplaced()) throw new Failure("new_version");
  throw new Failure("download_status", { file, status: response.status });
}

/** The bytes of a response; `arrived(bytes)` is called with the number that has arrived so far. A failure names the `file`. */
export async function wholeBody(response, file, arrived = () => {}) {
  const parts = [];
  let length = 0;
  try {
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
      arrived(length);
    }
  } catch (cause) {
    throw new Failure("download_broke_off", { file, bytes: length }, { cause });
  }
  return joined(parts, length);
}

function joined(parts, length) {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The failure that says what `bytes` are instead of the `file`. */
export async function wrongFile(bytes, file) {
  if (await isReplaced()) return new Failure("new_version");
  return new Failure(isWebPage(bytes) ? "download_web_page" : "download_other_content", { file });
}
