// Large data sets of real images, as a person brings them: as IDX files, through the view Data.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { IMAGES_HEADER, imagesFile, LABELS_HEADER, labelsFile, PIXELS } from "../../www/data-sets/idx.js";
import { showView, until } from "./page.mjs";

const DATA = fileURLToPath(new URL("../../www/data/", import.meta.url));
const FOLDERS = ["", "fashion/"];
const CLASSES = 10; // of each
/** Images to train on: the others are for testing. */
export const TO_TRAIN_ON = 1000;

/** {images [n * 784], labels [n]} of `part` "train" or "t10k" of the set in this folder of www/data. */
async function readPart(folder, part) {
  const read = async (kind, header) => {
    const file = await promisify(gunzip)(await readFile(`${DATA}${folder}${part}-${kind}-ubyte.gz`));
    return file.subarray(header);
  };
  return {
    images: await read("images-idx3", IMAGES_HEADER),
    labels: await read("labels-idx1", LABELS_HEADER),
  };
}

/** MNIST and Fashion-MNIST in turns, `count` images in all, at most 140,000: {train, test}. */
export async function digitsAndClothes(count) {
  const [images, labels] = [new Uint8Array(count * PIXELS), new Uint8Array(count)];
  for (const [k, folder] of FOLDERS.entries()) {
    let to = k;
    for (const part of ["train", "t10k"]) {
      const set = await readPart(folder, part);
      for (let from = 0; from < set.labels.length && to < count; from++, to += FOLDERS.length) {
        images.set(set.images.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS);
        labels[to] = k * CLASSES + set.labels[from];
      }
    }
  }
  const some = (from, to) => ({
    images: images.subarray(from * PIXELS, to * PIXELS),
    labels: labels.subarray(from, to),
  });
  return { train: some(0, TO_TRAIN_ON), test: some(TO_TRAIN_ON, count) };
}

/** MNIST's 10,000 test images to train on, and its 60,000 training images to test with: {train, test}. */
export async function exchangedDigits() {
  return { train: await readPart("", "t10k"), test: await readPart("", "train") };
}

/** Brings a data set to the page, as above, and makes it the present one. */
export async function bringImages(page, { train, test }) {
  const folder = await mkdtemp(join(tmpdir(), "latent-lab-"));
  const files = {
    "train-images-idx3-ubyte": imagesFile(train.images),
    "train-labels-idx1-ubyte": labelsFile(train.labels),
    "t10k-images-idx3-ubyte": imagesFile(test.images),
    "t10k-labels-idx1-ubyte": labelsFile(test.labels),
  };
  const paths = Object.keys(files).map((name) => join(folder, name));
  const count = (train.labels.length + test.labels.length).toLocaleString("en");
  try {
    await Promise.all(Object.values(files).map((bytes, k) => writeFile(paths[k], bytes)));
    await showView(page, "data");
    await page.locator('#data-parts [value="files"]').click();
    await page.locator("#files-input").setInputFiles(paths);
    await until(
      page,
      "the files are read",
      () => page.locator("#files-state").innerText(),
      (words) => words.startsWith(`${count} images in`),
    );
    await page.locator("#files-use").click();
    await page.locator("#data-own").waitFor();
  } finally {
    await rm(folder, { recursive: true });
  }
}
