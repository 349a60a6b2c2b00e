// How a run of so many steps is set up, and what is seen of the test images.

import assert from "node:assert/strict";
import { test } from "node:test";
import { imagesFile, labelsFile } from "../../www/data-sets/idx.js";
import { renumbered } from "../../www/workshop/drawn-set.js";
import { batchFor, epochsFor, firstPictures } from "../../www/workshop/teaching.js";

test("a batch of a small set is several to a pass, and never larger than the one chosen", () => {
  assert.equal(batchFor(60_000, 128), 128);
  assert.equal(batchFor(220, 128), 32);
  assert.equal(batchFor(88, 128), 16);
  assert.equal(batchFor(3, 128), 16);
  assert.equal(batchFor(220, 8), 8);
});

test("so many steps are so many passes, rounded up, within the limits of the setting", () => {
  assert.equal(epochsFor(300, 32, 220), 50);
  assert.equal(epochsFor(1, 32, 60_000), 1);
  assert.equal(epochsFor(300, 16, 3), 300, "a batch larger than the set is one pass");
  assert.equal(epochsFor(5000, 16, 3), 1000);
});

test("the first test images come with their labels, or without any", () => {
  const pixels = new Uint8Array(3 * 784);
  pixels[784] = 255;
  const { images, labels } = firstPictures(imagesFile(pixels), labelsFile(Uint8Array.of(4, 2, 1)), 2);
  assert.deepEqual(labels, [4, 2]);
  assert.deepEqual([images.length, images[0][0], images[1][0], images[1].length], [2, 0, 1, 784]);
  assert.equal(firstPictures(imagesFile(pixels), null, 9).labels, null);
  assert.equal(firstPictures(imagesFile(pixels), null, 9).images.length, 3);
});

test("labels of one list of classes become those of another", () => {
  const file = renumbered(labelsFile(Uint8Array.of(0, 1, 1)), ["3", "star"], ["0", "1", "2", "3", "star"]);
  assert.deepEqual(file, labelsFile(Uint8Array.of(3, 4, 4)));
});
