import assert from "node:assert/strict";
import { test } from "node:test";
import { Tally } from "../../www/training/test-mean.js";

const piece = { reconstruction: 80, kl: 20, total: 100, usage: [1, 2], perplexity: null, accuracy: null };

test("pieces count by their images", () => {
  const tally = new Tally();
  tally.add({ ...piece, images: 300, accuracy: 0.9 });
  tally.add({ ...piece, images: 100, accuracy: 0.5, total: 120 });
  const { images, total, accuracy } = tally.mean();
  assert.equal(images, 400);
  assert.equal(total, 105);
  assert.ok(Math.abs(accuracy - 0.8) < 1e-12);
});

test("what a model does not have stays nothing instead of zero", () => {
  const tally = new Tally();
  tally.add({ ...piece, images: 256 });
  tally.add({ ...piece, images: 256, perplexity: undefined });
  assert.equal(tally.mean().accuracy, null);
  assert.equal(tally.mean().perplexity, null);
});
