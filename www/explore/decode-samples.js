// Codes decoded for a grid: of a labelled model, few codes with every label each.

import { classesOf } from "../settings/class-names.js";
import { COLUMNS, joinColumns } from "./images.js";

/** Of a grid of samples. */
export const SAMPLES = 2 * COLUMNS;

/**
 * Pictures of the codes `z` [SAMPLES * Z] for a grid: {pictures, columns}. `decode(z, label)` resolves to pictures. Of a labelled model each row is one of
 * the first codes with every label; with more labels than a row has room for, all rows are of the first code.
 */
export async function decodeSamples(decode, z, model) {
  if (!model.labelled) return { pictures: await decode(z, 0), columns: COLUMNS };
  const classes = classesOf(model);
  const codes = classes > COLUMNS ? 1 : 2;
  const pictures = await decodeWithLabels(decode, z.slice(0, (codes * z.length) / SAMPLES), classes);
  return { pictures, columns: Math.min(classes, COLUMNS) };
}

/** For each of the codes `z` its pictures with the labels 0 to `classes`. */
export async function decodeWithLabels(decode, z, classes) {
  return joinColumns(await Promise.all(Array.from({ length: classes }, (_, label) => decode(z, label))));
}
