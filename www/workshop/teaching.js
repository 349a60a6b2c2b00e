// Numbers of a run that is to take so many steps, and the test images that are seen before and after it.

import { countOf, IMAGES_HEADER, LABELS_HEADER, PIXELS } from "../data-sets/idx.js";

const MOST_EPOCHS = 1000; // as the setting has it
const LEAST_BATCH = 16;

/** The batch for so many training images: at most `batch`, and several to a pass over them, because a test follows each pass. */
export function batchFor(train, batch) {
  const quarter = 2 ** Math.floor(Math.log2(Math.max(1, train / 4)));
  return Math.min(batch, Math.max(LEAST_BATCH, quarter));
}

/** How many passes over `train` images so many steps are; what is less than a batch at the end of a pass is left out. */
export function epochsFor(steps, batch, train) {
  return Math.min(MOST_EPOCHS, Math.ceil(steps / Math.max(1, Math.floor(train / batch))));
}

/** The first `count` images of an IDX file, [784] each in 0..=1, and their labels or null: {images, labels}. */
export function firstPictures(images, labels, count) {
  const most = Math.min(count, countOf(images));
  const start = (k) => IMAGES_HEADER + k * PIXELS;
  return {
    images: Array.from({ length: most }, (_, k) =>
      Float32Array.from(images.subarray(start(k), start(k + 1)), (value) => value / 255),
    ),
    labels: labels && [...labels.subarray(LABELS_HEADER, LABELS_HEADER + most)],
  };
}
