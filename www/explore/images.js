// Images: 28 × 28 grey values in 0..=1 (1 = ink), row by row; an array may hold several, end to end.

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** Of a grid of pictures. */
export const COLUMNS = 10;

/** A copy of the image at `index`. */
export function imageAt(images, index) {
  return images.slice(index * PIXELS, (index + 1) * PIXELS);
}

/** The index of an image in `images`, or undefined where it is not among them. */
export function indexOfImage(image, images) {
  const count = images.length / PIXELS;
  const isSame = (index) => image.every((value, k) => images[index * PIXELS + k] === value);
  return Array.from({ length: count }, (_, index) => index).find(isSame);
}

/**
 * The images of `above` and `below` in rows of `columns`, each row of `above` followed by the same row of `below`. A last row that is not full has blank
 * places, NaN.
 */
export function alternateRows(above, below, columns) {
  const row = columns * PIXELS;
  const rows = Math.ceil(above.length / row);
  const both = new Float32Array(2 * rows * row).fill(Number.NaN);
  for (let at = 0; at < above.length; at += row) {
    both.set(above.subarray(at, at + row), 2 * at);
    both.set(below.subarray(at, at + row), 2 * at + row);
  }
  return both;
}

/** Pictures of a grid as {pictures, columns}: such a value, or an array in rows of COLUMNS. */
export function gridOf(grid) {
  return grid instanceof Float32Array ? { pictures: grid, columns: COLUMNS } : grid;
}

/** Arrays of images, end to end. */
export function joinPictures(arrays) {
  const joined = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of arrays) {
    joined.set(each, at);
    at += each.length;
  }
  return joined;
}

/** Columns of images, side by side, as one array in reading order. */
export function joinColumns(columns) {
  const rows = columns[0].length / PIXELS;
  const joined = new Float32Array(columns.length * rows * PIXELS);
  for (const [column, images] of columns.entries())
    for (let row = 0; row < rows; row++)
      joined.set(imageAt(images, row), (row * columns.length + column) * PIXELS);
  return joined;
}
