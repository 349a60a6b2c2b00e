// The silhouettes of the PyPI package `animal-mnist`: 10,000 images in a gzipped pickle of a NumPy array, 1,000 of each class in turn. A pickle is a
// program, so it is never run: its bytes are found by the only opcode in it that carries as many.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { imagesFile, labelsFile, PIXELS } from "../www/data-sets/idx.js";

const CLASSES = 10;
const EACH = 1000;
const TEST_EACH = 200;
const SEED = 1;
/** BINBYTES: bytes behind their number, a little-endian word (pickletools.py of Python). */
const BINBYTES = 0x42;

/**
 * The four raw files of the package's `folder`: all images in the order that a seeded shuffle gives, the first 200 of each class as test images. The
 * package has no split of its own.
 */
export async function animals(folder) {
  const pickle = await promisify(gunzip)(await readFile(join(folder, "animal_data_version_3.gz")));
  const pixels = bytesOf(pickle, CLASSES * EACH * PIXELS);
  const [train, test] = split();
  return [train, test].flatMap((indices) => {
    const chosen = new Uint8Array(indices.length * PIXELS);
    for (const [k, index] of indices.entries())
      chosen.set(pixels.subarray(index * PIXELS, (index + 1) * PIXELS), k * PIXELS);
    return [imagesFile(chosen), labelsFile(Uint8Array.from(indices, classOf))];
  });
}

/** The `length` bytes that a pickle carries. */
export function bytesOf(pickle, length) {
  const head = Buffer.alloc(5);
  head[0] = BINBYTES;
  head.writeUInt32LE(length, 1);
  const at = pickle.indexOf(head);
  const bytes = at < 0 ? null : pickle.subarray(at + head.length, at + head.length + length);
  if (bytes?.length !== length) throw new Error(`the pickle has no ${length} bytes`);
  return bytes;
}

const classOf = (index) => Math.floor(index / EACH);

function split() {
  const taken = Array(CLASSES).fill(0);
  const isTest = (index) => taken[classOf(index)]++ < TEST_EACH;
  const [train, test] = [[], []];
  for (const index of shuffled(CLASSES * EACH, randomNumbers(SEED)))
    (isTest(index) ? test : train).push(index);
  return [train, test];
}

/** 0..count in the order of Fisher and Yates; `random()` in 0..1. */
function shuffled(count, random) {
  const order = [...Array(count).keys()];
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** mulberry32, a generator with 32 bits of state (Tommy Ettinger, public domain): the same numbers on every machine. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
