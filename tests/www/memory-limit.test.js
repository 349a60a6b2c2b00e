import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLimit } from "../../www/worker/memory-limit.js";

test("half of a small device's memory may be used, and never more than WebAssembly addresses", () => {
  assert.equal(memoryLimit({ deviceMemory: 2 }), 2 ** 30);
  assert.equal(memoryLimit({ deviceMemory: 0.5 }), 2 ** 28);
  for (const navigator of [{ deviceMemory: 8 }, { deviceMemory: 64 }, {}, { deviceMemory: 0 }]) {
    assert.ok(memoryLimit(navigator) > 3e9 && memoryLimit(navigator) < 2 ** 32);
  }
});
