// Loads a script of the site, and says why where that fails.

import { Failure } from "../messages/failure.js";
import { isReplaced } from "../site-version.js";
import { respond } from "./fetch-file.js";

/** The exports of the module at `address`; a failure names the `file`. A script that cannot be loaded is asked for again, as a file, to find out why. */
export async function loadScript(address, file) {
  try {
    return await import(address);
  } catch (cause) {
    const response = await respond(address, file, { cache: "reload" });
    const type = contentType(response);
    if (/javascript|ecmascript/.test(type)) throw cause;
    if (await isReplaced()) throw new Failure("new_version");
    if (type === "text/html") throw new Failure("download_web_page", { file }, { cause });
    throw new Failure("script_type", { file, type: type || "–" }, { cause });
  }
}

export function contentType({ headers }) {
  return (headers.get("content-type") ?? "").split(";")[0].trim();
}
