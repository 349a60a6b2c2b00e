// What a run of the benchmark has measured: printed as it comes, and written to bench.json at the end.

import { cpus } from "node:os";

export const results = {
  machine: `${cpus().length} cores, ${cpus()[0].model}`,
  measured: [],
  native: [],
  peers: [],
};

export function report(what, value, unit, goal = "") {
  results.measured.push({ what, value: Math.round(value * 100) / 100, unit, goal });
  console.log(
    `${what.padEnd(58)} ${String(results.measured.at(-1).value).padStart(10)} ${unit.padEnd(6)} ${goal}`,
  );
}

export const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];

export const ascending = (numbers) => numbers.toSorted((a, b) => a - b);

/** Median and 95th percentile of times in ms. */
export function reportTimes(what, times, goal) {
  const sorted = ascending(times);
  report(`${what}, median of ${sorted.length}`, quantile(sorted, 0.5), "ms");
  report(`${what}, 95th percentile`, quantile(sorted, 0.95), "ms", goal);
}
