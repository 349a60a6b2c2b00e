// The form in which things are kept: {version, value}. What is read is checked, because another version of the page, or a disk
// that fails, may have written it.

import { Failure } from "../messages/failure.js";
import { drawingOfDigits, endsOfDigits } from "./entries-of-digits.js";
import {
  checkpoint,
  dataSet,
  dataSetFiles,
  drawing,
  ends,
  file,
  latentCode,
  runSummary,
  settings,
  shelf,
  shown,
  snapshot,
} from "./entry-checks.js";
import { curvesInColumns } from "./kept-curves.js";

/**
 * By what is kept: the version written now, and the check of a value, which throws where it is not of that form; `earlier`: what makes a
 * value of the present version of one of an earlier version.
 */
const FORMATS = {
  drawing: { version: 2, check: drawing, earlier: { 1: drawingOfDigits } },
  settings: { version: 1, check: settings },
  code: { version: 1, check: latentCode },
  shown: { version: 1, check: shown },
  views: { version: 1, check: settings },
  ends: { version: 2, check: ends, earlier: { 1: endsOfDigits } },
  shelf: { version: 1, check: shelf },
  file: { version: 1, check: file },
  run: {
    version: 2,
    check: runSummary,
    earlier: { 1: (run) => ({ ...run, history: curvesInColumns(run.history) }) },
  },
  checkpoint: { version: 1, check: checkpoint },
  snapshot: { version: 1, check: snapshot },
  dataSet: { version: 1, check: dataSet },
  dataSetFiles: { version: 1, check: dataSetFiles },
};

export function packed(kind, value) {
  return { version: FORMATS[kind].version, value };
}

/** The value of an entry; fails where a later version of the page wrote it, or where it is damaged. */
export function unpacked(kind, entry) {
  const { version, check, earlier = {} } = FORMATS[kind];
  if (Number.isInteger(entry?.version) && entry.version > version) throw new Failure(`kept_later.${kind}`);
  try {
    const isEarlier = Object.hasOwn(earlier, entry?.version);
    if (entry?.version !== version && !isEarlier) throw new TypeError("the version is missing");
    const value = isEarlier ? earlier[entry.version](entry.value) : entry.value;
    check(value);
    return value;
  } catch (cause) {
    throw new Failure(`kept_damaged.${kind}`, {}, { cause });
  }
}
