// Files that a person picks or drops.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDataFile, pickedFiles } from "../../www/data-sets/given-files.js";

const file = (name, bytes = [], path = "") =>
  Object.assign(new File([Uint8Array.from(bytes)], name), { webkitRelativePath: path });

test("files of a folder are called by their path, and what systems leave there is left out", () => {
  const list = [
    file("1.png", [], "shapes/a/1.png"),
    file(".DS_Store", [], "shapes/.DS_Store"),
    file("1.png", [], "shapes/__MACOSX/1.png"),
    file("train.csv"),
  ];
  assert.deepEqual(
    pickedFiles(list).map(({ name }) => name),
    ["shapes/a/1.png", "train.csv"],
  );
});

test("a data file is distinguished from weights by its content, or by its name", async () => {
  const data = [
    file("x", [0x1f, 0x8b, 8]),
    file("x", [0, 0, 8, 3]),
    file("x", [0, 0, 8, 1]),
    file("x.bin", [0x89, 0x50, 0x4e, 0x47]),
    file("letters.CSV"),
    file("mnist.npz", [0x50, 0x4b]),
    file("train-images-idx3-ubyte"),
  ];
  for (const each of data) assert.equal(await isDataFile(each), true, each.name);
  for (const each of [
    file("model.safetensors", [0x10, 2, 0, 0]),
    file("model.pt", [0x50, 0x4b]),
    file("empty"),
  ])
    assert.equal(await isDataFile(each), false, each.name);
});
