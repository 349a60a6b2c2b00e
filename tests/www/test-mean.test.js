import assert from "node:assert/strict";
import { test } from "node:test";
import { TestMean } from "../../www/training/test-mean.js";

const piece = { reconstruction: 80, kl: 20, total: 100, usage: [1, 2], perplexity: null, accuracy: null };

test("pieces are weighted by their images", () => {
  const inPieces = new TestMean();
  inPieces.add({ ...piece, images: 300, accuracy: 0.9 });
  inPieces.add({ ...piece, images: 100, accuracy: 0.5, total: 120 });
  const { images, total, accuracy } = inPieces.mean();
  assert.equal(images, 400);
  assert.equal(total, 105);
  assert.ok(Math.abs(accuracy - 0.8) < 1e-12);
});

test("a measure that a model does not have is null, not zero", () => {
  const inPieces = new TestMean();
  inPieces.add({ ...piece, images: 256 });
  inPieces.add({ ...piece, images: 256, perplexity: undefined });
  assert.equal(inPieces.mean().accuracy, null);
  assert.equal(inPieces.mean().perplexity, null);
  assert.equal(inPieces.mean().bottom_perplexity, null);
});
