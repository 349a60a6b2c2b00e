// Fetches one whole file of the site.

import { Failure } from "../messages/failure.js";

/** The bytes at `address`; a failure names the `file`. `cache` as in `fetch`. */
export async function fetchFile(address, file, { cache = "default" } = {}) {
  return new Uint8Array(await (await respond(address, file, { cache })).arrayBuffer());
}

/** The response, whose body is still to come; a failure names the `file`. */
export async function respond(address, file, options) {
  const response = await fetch(address, options).catch((cause) => {
    throw new Failure("download_no_answer", { file }, { cause });
  });
  if (!response.ok) throw new Failure("download_status", { file, status: response.status });
  return response;
}
