// Data sets that are made here: of the drawings of the shelf, and of a set mixed with another one.

import { IMAGES_HEADER, imagesFile, LABELS_HEADER, labelsFile, PIXELS } from "../data-sets/idx.js";
import { shelfImages } from "../data-sets/shelf.js";

/** Of the drawings; of every class at least one, where it has several. */
const TEST_SHARE = 0.2;
/** Training images of a mixed set: as many as a lesson of 150 steps with batches of 128 takes. */
const MIXED = 20_000;
const SEED = 0; // the same drawings are the same set

/**
 * A set of the drawings of a shelf, in the form of DataImport.finish. Copies of a drawing, {copies, shift, rotation, scale}, are only added to the
 * training images: the test images are as they were drawn. `client`: an ImportClient.
 */
export async function drawnSet(client, shelf, name, copying) {
  const { images, labels, classes } = shelfImages(shelf);
  const files = { images: imagesFile(images), labels: labels && labelsFile(labels) };
  const parts = await client.splitOff({ ...files, share: TEST_SHARE, seed: SEED });
  const { train_images, train_labels } = parts;
  const train = { images: train_images, labels: train_labels };
  const more = copying.copies > 0 ? await client.augment({ ...train, ...copying, seed: SEED }) : train;
  return client.assemble({ ...parts, name, classes, train_images: more.images, train_labels: more.labels });
}

/**
 * The training images of `own` mixed with the first of `other`, as `share` of all; the test images are those of `own`. Both: {name, classes, trainImages,
 * trainLabels, ..} as raw IDX files.
 */
export async function mixedSet(client, own, other, share, name) {
  const trainOf = ({ trainImages, trainLabels, classes }) => ({
    images: trainImages,
    labels: trainLabels,
    classes,
  });
  const some = firstOf(trainOf(other), Math.round(MIXED * (1 - share)));
  const train = await client.mix({ own: trainOf(own), other: some, share, seed: SEED });
  return client.assemble({
    name,
    classes: train.classes,
    train_images: train.images,
    train_labels: train.labels,
    test_images: own.testImages,
    test_labels: train.labels && own.testLabels && renumbered(own.testLabels, own.classes, train.classes),
    test_is_train: own.testIsTrain,
  });
}

/** A file of labels of `from` as labels of `to`, which has all those classes. */
export function renumbered(labels, from, to) {
  const numbers = from.map((name) => to.indexOf(name));
  return labelsFile(labels.subarray(LABELS_HEADER).map((label) => numbers[label]));
}

/** The first `count` images, with their labels where there are any. */
function firstOf({ images, labels, ...others }, count) {
  return {
    ...others,
    images: imagesFile(images.subarray(IMAGES_HEADER, IMAGES_HEADER + count * PIXELS)),
    labels: labels && labelsFile(labels.subarray(LABELS_HEADER, LABELS_HEADER + count)),
  };
}
