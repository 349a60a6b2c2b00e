// Some test images at hand: `digits`, {pictures [n * 784], labels [n] or null}, of the data set chosen now and at most twenty.

import { PIXELS } from "./images.js";

/** The labels [n]; zeros where there are none, which a model without labels does not read. */
export function labelsOf({ pictures, labels }) {
  return labels?.length ? labels : new Uint8Array(pictures.length / PIXELS);
}

/** The label of the test image at `index`, or null. */
export function labelAt({ labels }, index) {
  return labels?.[index] ?? null;
}

const FEW = 10; // classes of which there is room for one image each

/** The indices of those that a person can choose from: one of each class, of more classes than that all there are, and without labels the first ones. */
export function offeredImages({ pictures, labels }, { classes }) {
  const all = Array.from({ length: pictures.length / PIXELS }, (_, index) => index);
  if (!labels?.length) return all.slice(0, FEW);
  return classes.length > FEW ? all : all.filter((index) => labels.indexOf(labels[index]) === index);
}
