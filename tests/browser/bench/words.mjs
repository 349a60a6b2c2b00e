// The words of the command line.

/** Whether the results become a record, or are compared with one. */
export const isRecorded = (words) => words.includes("record") || words.includes("compare");

/** Counts from arguments of the form `word=7`. */
export const countsIn = (words) =>
  Object.fromEntries(words.filter((word) => word.includes("=")).map((word) => word.split("=")));
