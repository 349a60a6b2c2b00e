// Codes decoded for a grid: of a labelled model, few codes with all ten labels each.

import { COLUMNS, joinColumns } from "./images.js";

/**
 * Pictures of the codes `z`, which fill whole rows of a grid. `decode(z, digit)` resolves to pictures. Of a `labelled` model each row is
 * one of the first codes with the labels 0 to 9.
 */
export async function decodeSamples(decode, z, labelled) {
  if (!labelled) return decode(z, 0);
  const rows = z.slice(0, z.length / COLUMNS);
  return decodeWithLabels(decode, rows);
}

/** A row for each of the codes `z`: its pictures with the labels 0 to 9. */
export async function decodeWithLabels(decode, z) {
  return joinColumns(await Promise.all(Array.from({ length: COLUMNS }, (_, digit) => decode(z, digit))));
}
