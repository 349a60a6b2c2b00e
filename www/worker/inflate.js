// Deflate streams, unpacked by the browser.

import { Failure } from "../messages/failure.js";

/** The `size` bytes of a deflate stream (RFC 1951), never more of it; a failure names the `entry` of the archive that it is. */
export async function inflate(packed, size, entry) {
  const contents = new Uint8Array(size);
  let at = 0;
  const reader = new Blob([packed]).stream().pipeThrough(decompressor()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (at + value.length > size) throw new TypeError("longer than the archive says");
      contents.set(value, at);
      at += value.length;
    }
  } catch (cause) {
    reader.cancel().catch(() => {}); // it has failed already
    throw new Failure("archive_checksum", { entry }, { cause });
  }
  if (at < size) throw new Failure("archive_checksum", { entry });
  return contents;
}

function decompressor() {
  try {
    return new DecompressionStream("deflate-raw");
  } catch (cause) {
    throw new Failure("archive_not_unpacked", {}, { cause }); // browsers of before 2023
  }
}
