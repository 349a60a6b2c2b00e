// Traversals of a latent code: a row for each used component, with the values that it takes while the others stay.

import { mostUsedFirst } from "./latent-code.js";
import { posteriors, USED_NATS } from "./posterior-descriptions.js";

export const COLUMNS_OF_ROW = 9;
const REACH = 3; // standard deviations of the prior, more where the drawing's mean is further out

/**
 * Rows {component, values [9], current}, the most used component first. `model`: of the code `z` [Z]; `usage` [Z] or null; `mean` of the
 * drawing's posterior, or null; `current`: the column nearest to the code.
 */
export function traversalRows({ model, z, usage, mean }) {
  const furthest = Math.max(...[...z, ...(mean ?? [])].map(Math.abs));
  const reach = Math.max(REACH, Math.ceil(furthest));
  const values = Array.from(
    { length: COLUMNS_OF_ROW },
    (_, k) => reach * ((2 * k) / (COLUMNS_OF_ROW - 1) - 1),
  );
  return usedComponents(model, z.length, usage).map((component) => {
    const distance = (k) => Math.abs(values[k] - z[component]);
    const current = values.reduce((best, _, k) => (distance(k) < distance(best) ? k : best), 0);
    return { component, values, current };
  });
}

/** The components that change a picture, the most used first: all, where their mean KL does not say how much they are used. */
export function usedComponents({ posterior }, size, usage) {
  if (!posteriors[posterior].ordered || usage?.length !== size) return [...Array(size).keys()];
  return mostUsedFirst(usage).filter((c) => usage[c] > USED_NATS);
}

/** The codes of the rows' pictures, row by row: [rows * 9 * Z]. */
export function traversalCodes(rows, z) {
  const codes = new Float32Array(rows.length * COLUMNS_OF_ROW * z.length);
  let at = 0;
  for (const { component, values } of rows)
    for (const value of values) {
      codes.set(z, at);
      codes[at + component] = value;
      at += z.length;
    }
  return codes;
}
