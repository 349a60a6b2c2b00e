// The codes of test images as a table: the index of the image, its class where it has one, then one column for each number of the code.

import { csv } from "./csv.js";

/** `codes` [n * length]; `labels` [n] or null, and the names of their classes. */
export function codesCsv(codes, { count, labels, names }) {
  const length = codes.length / count;
  const head = ["index", ...(labels ? ["label"] : []), ...Array.from({ length }, (_, k) => `z${k + 1}`)];
  const row = (n) => [
    n,
    ...(labels ? [names[labels[n]]] : []),
    ...codes.subarray(n * length, (n + 1) * length),
  ];
  return csv([head, ...Array.from({ length: count }, (_, n) => row(n))]);
}
