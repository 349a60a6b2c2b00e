// The self-test of a GPU: by how much its first gradients may differ, and from how many seeds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { selfTest } from "../../www/training/self-test.js";

/** Tests a GPU whose first step differs by `differences[seed]` from the CPU's; resolves to the seeds that were compared. */
async function seedsCompared(posterior, seed, differences) {
  const seeds = [];
  const worker = () => {
    let created;
    return {
      async call(action, { options } = {}) {
        if (action === "create") created = options.train.seed;
        return action === "checkpoint" ? created : null;
      },
    };
  };
  const viewer = {
    async call(_, { a, b }) {
      assert.equal(a, b, "both begin with the same weights");
      seeds.push(a);
      return { name: "encoder.mean.weight", relative: differences[a] ?? 0 };
    },
  };
  const options = { model: { posterior }, train: { seed } };
  try {
    await selfTest({ client: worker(), reference: worker(), options, examples: {}, viewer });
    return seeds;
  } catch (error) {
    return [error.kind, ...seeds];
  }
}

test("one difference of a codebook is an accident of its seed, three are the GPU's", async () => {
  assert.deepEqual(await seedsCompared("codebook", 6, { 6: 0.3 }), [6, 5]);
  assert.deepEqual(await seedsCompared("two_codebooks", 0, { 0: 0.3, 1: 0.2 }), [0, 1, 2]);
  const broken = { 0: 0.9, 1: 0.9, 3: 0.9 };
  assert.deepEqual(await seedsCompared("codebook", 1, broken), ["self_test_differs", 1, 0, 3]);
});

test("other models agree from their own seed", async () => {
  assert.deepEqual(await seedsCompared("diagonal", 6, { 6: 0.02 }), ["self_test_differs", 6]);
  assert.deepEqual(await seedsCompared("diagonal", 6, { 6: 0.002 }), [6]);
});

test("a gradient that is not finite is no accident", async () => {
  assert.deepEqual(await seedsCompared("codebook", 6, { 6: Number.NaN }), ["self_test_not_finite", 6]);
});
