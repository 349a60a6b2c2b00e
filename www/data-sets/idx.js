// Raw IDX files in memory: big-endian words, the magic number and the length of each axis, and then bytes.

/** Of a data set: digits, capital and small letters. */
export const MOST_CLASSES = 62;
export const PIXELS = 784;
const SIDE = 28;
const IMAGES_MAGIC = 0x0803;
const LABELS_MAGIC = 0x0801;
export const IMAGES_HEADER = 16; // bytes
export const LABELS_HEADER = 8;

/** An IDX file of images, 784 bytes each. */
export function imagesFile(pixels) {
  return file([IMAGES_MAGIC, pixels.length / PIXELS, SIDE, SIDE], pixels);
}

/** An IDX file of labels, a byte each. */
export function labelsFile(labels) {
  return file([LABELS_MAGIC, labels.length], labels);
}

function file(words, bytes) {
  const whole = new Uint8Array(4 * words.length + bytes.length);
  const view = new DataView(whole.buffer);
  for (const [k, word] of words.entries()) view.setUint32(4 * k, word);
  whole.set(bytes, 4 * words.length);
  return whole;
}

/** How many images or labels a file has. */
export function countOf(file) {
  return new DataView(file.buffer, file.byteOffset).getUint32(4);
}

const EACH = 2; // images of a class
const MOST = 20; // as many as a picker shows

/**
 * The first two images of each class, at most twenty, as raw files [images, labels]: the first of all classes, then the second. Without labels
 * the first twenty images, and labels of class 0.
 */
export function examplesOf(images, labels, classes) {
  const count = countOf(images);
  const chosen = labels
    ? firstOfEach(labels.subarray(LABELS_HEADER), classes)
    : [...Array(Math.min(MOST, count)).keys()];
  const start = (index) => IMAGES_HEADER + index * PIXELS;
  const pixels = new Uint8Array(chosen.length * PIXELS);
  for (const [k, index] of chosen.entries())
    pixels.set(images.subarray(start(index), start(index + 1)), k * PIXELS);
  const labelAt = (index) => (labels ? labels[LABELS_HEADER + index] : 0);
  return [imagesFile(pixels), labelsFile(Uint8Array.from(chosen, labelAt))];
}

/** Indices of the first of each class, then of the second. */
function firstOfEach(labels, classes) {
  const each = Math.max(1, Math.min(EACH, Math.floor(MOST / classes)));
  const found = Array.from({ length: classes }, () => []);
  for (const [index, label] of labels.entries()) if (found[label]?.length < each) found[label].push(index);
  const rounds = [...Array(each).keys()].flatMap((n) => found.flatMap((of) => of[n] ?? []));
  return rounds.slice(0, MOST);
}
