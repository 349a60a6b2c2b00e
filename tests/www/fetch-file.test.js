// Files of the site, fetched: the bytes that arrive, and those that do not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchFile } from "../../www/files/fetch-file.js";

/** A response whose body is these pieces, and then ends or breaks off. */
function response(pieces, { breaks = false } = {}) {
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(Uint8Array.from(piece));
      if (!breaks) controller.close();
    },
    pull: (controller) => controller.error(new TypeError("terminated")),
  });
  return new Response(body);
}

test("a file arrives whole, however it is cut", async ({ mock }) => {
  mock.method(globalThis, "fetch", async () => response([[1, 2], [], [3]]));
  assert.deepEqual(await fetchFile("https://host/file", "file"), Uint8Array.of(1, 2, 3));
});

test("a download that breaks off names the file", async ({ mock }) => {
  mock.method(globalThis, "fetch", async () => response([], { breaks: true }));
  const failure = { kind: "download_broke_off", values: { file: "file", bytes: 0 } };
  await assert.rejects(fetchFile("https://host/file", "file"), failure);
});
