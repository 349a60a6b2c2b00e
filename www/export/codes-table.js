// The codes of test images as a table: the index of the image, its digit, then one column for each number of the code.

import { csv } from "./csv.js";

/** `codes` [n * length], `digits` [n]. */
export function codesCsv(codes, digits) {
  const length = codes.length / digits.length;
  const head = ["index", "digit", ...Array.from({ length }, (_, k) => `z${k + 1}`)];
  const row = (digit, n) => [n, digit, ...codes.subarray(n * length, (n + 1) * length)];
  return csv([head, ...Array.from(digits, row)]);
}
