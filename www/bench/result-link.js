// A shared result as a link: deflated, in the part of the address that is not sent to a server.

import { Failure } from "../messages/failure.js";
import { bytesOfText, textOfBytes } from "../share/base64url.js";
import { MOST_BYTES, readResult } from "./shared-result.js";

const LINK = "#result=";
/** More than any result has: a link is not a place for files. */
const MOST_CHARACTERS = 100_000;

/** The part of an address after its path that opens the page with this result. Throws a Failure where the browser cannot compress. */
export async function linkOf(result) {
  const stream = new Blob([JSON.stringify(result)]).stream().pipeThrough(deflate("CompressionStream"));
  return `${LINK}${textOfBytes(new Uint8Array(await new Response(stream).arrayBuffer()))}`;
}

/** The result in the `hash` of an address, or null where there is none. Throws a Failure where it is damaged. */
export async function resultOfLink(hash) {
  if (!hash.startsWith(LINK)) return null;
  const packed = hash.length <= MOST_CHARACTERS ? bytesOfText(hash.slice(LINK.length)) : null;
  if (!packed) throw new Failure("bench_not_a_result");
  const stream = new Blob([packed]).stream().pipeThrough(deflate("DecompressionStream")).pipeThrough(limit());
  const json = await new Response(stream).text().catch((cause) => {
    throw new Failure("bench_not_a_result", {}, { cause });
  });
  return readResult(json);
}

/** `Stream`: the name of one of the browser's two. */
function deflate(Stream) {
  try {
    return new globalThis[Stream]("deflate-raw");
  } catch (cause) {
    throw new Failure("bench_no_compression", {}, { cause }); // browsers of before 2023
  }
}

/** A few bytes can inflate to more than the memory holds. */
function limit() {
  let left = MOST_BYTES;
  return new TransformStream({
    transform(bytes, controller) {
      left -= bytes.length;
      if (left < 0) throw new RangeError("longer than any result");
      controller.enqueue(bytes);
    },
  });
}
