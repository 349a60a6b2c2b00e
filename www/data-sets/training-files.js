// What a trainer gets of a data set: {name, classes, sha256, train_images, train_labels, test_images, test_labels}, raw IDX bytes, labels null where there are none.

import { examplesOf } from "./idx.js";

/** `info`: as the state's `dataset`; `raw`: its files, as in own-files.js. */
export function trainingFiles(
  { name, classes, sha256 },
  { trainImages, trainLabels, testImages, testLabels },
) {
  return {
    name,
    classes,
    sha256: sha256 ?? undefined,
    train_images: trainImages,
    train_labels: trainLabels,
    test_images: testImages,
    test_labels: testLabels,
  };
}

/** The same set with every file changed. */
export function withFiles(data, change) {
  const changed = ([key, value]) => [key, value instanceof Uint8Array ? change(value) : value];
  return Object.fromEntries(Object.entries(data).map(changed));
}

/** A few of the test images, the same ones to train on and to test with: what devices are compared with. */
export function exampleFiles(data) {
  const [images, labels] = examplesOf(data.test_images, data.test_labels, data.classes.length);
  const own = data.test_labels ? labels : null;
  return { ...data, train_images: images, train_labels: own, test_images: images, test_labels: own };
}

/** What is handed over to a worker with the files of `data`: those above, or test images as in data-sets.js. */
export function buffersOf(data) {
  return Object.values(data)
    .filter((value) => value instanceof Uint8Array)
    .map(({ buffer }) => buffer);
}
