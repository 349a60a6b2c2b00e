// Deflate streams, unpacked to the size that an archive says and no further.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { inflate } from "../../www/worker/inflate.js";

const runs = { numRuns: Number(process.env.CASES ?? 100) };
const damaged = { kind: "archive_checksum", values: { entry: "a.csv" } };

test("what was deflated comes back", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 5000 }),
      fc.integer({ min: 0, max: 9 }),
      async (bytes, level) => {
        const packed = deflateRawSync(bytes, { level });
        assert.deepEqual(await inflate(packed, bytes.length, "a.csv"), bytes);
      },
    ),
    runs,
  );
});

test("more or fewer bytes than the archive says and a stream cut short are refused", async () => {
  const packed = deflateRawSync(Buffer.alloc(10_000, 7));
  for (const size of [0, 9_999, 10_001]) await assert.rejects(inflate(packed, size, "a.csv"), damaged);
  await assert.rejects(inflate(packed.subarray(0, -3), 10_000, "a.csv"), damaged);
  await assert.rejects(inflate(Buffer.from("no stream"), 10_000, "a.csv"), damaged);
});

test("a bomb is given up after as many bytes as it says that it has", async () => {
  const bomb = deflateRawSync(Buffer.alloc(50_000_000));
  await assert.rejects(inflate(bomb, 100, "a.csv"), damaged);
});

test("a browser that has no such streams says so", async (context) => {
  const { DecompressionStream: own } = globalThis;
  globalThis.DecompressionStream = class {
    constructor() {
      throw new TypeError("Unsupported compression format");
    }
  };
  context.after(() => {
    globalThis.DecompressionStream = own;
  });
  await assert.rejects(inflate(Buffer.from([3, 0]), 0, "a.csv"), { kind: "archive_not_unpacked" });
});
