// The files of shipped data sets.

import { dataFile } from "../urls.js";
import { IdxFiles } from "./idx-files.js";
import { idxFiles, SHIPPED } from "./shipped.js";

/** The IDX files of a shipped set that has them. */
export function shippedFiles(set) {
  return new IdxFiles(idxFiles(set), isShipped);
}

function isShipped(address) {
  const sets = SHIPPED.filter(({ folder }) => folder !== null);
  return sets.flatMap(idxFiles).some(({ name }) => dataFile(name).href === address);
}
