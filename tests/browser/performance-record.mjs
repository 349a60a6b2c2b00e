// What docs/performance.json holds of a run of the benchmark, and what got worse since. Milliseconds depend on the machine and its day; compared are
// ratios to the peers of the same run, and sizes.

/** Sizes may grow by this much unnoticed: compressors and hashes differ by a few bytes. */
const SIZE_TOLERANCE = 0.01;

/** `{machine, date, versions, ratios: [{what, ratio, low, high}], sizes: [{what, value, unit}]}` of the results that bench.mjs writes. */
export function performanceRecord({ machine, measured, native, peers }, { date, versions }) {
  const onPages = peers.flatMap(({ comparisons }) => comparisons.flatMap(pageRatios));
  const sizes = measured.filter(({ unit }) => unit === "MB" || unit === "kB");
  return {
    machine,
    date,
    versions,
    ratios: [...onPages, ...native.flatMap(nativeRatios)],
    sizes: sizes.map(({ what, value, unit }) => ({ what, value, unit })),
  };
}

/** None where Latent Lab has failed or was left out. */
function pageRatios({ workload, rows }) {
  const ours = rows.find(({ engine, speed }) => engine.library === "ours" && speed);
  if (!ours) return [];
  return rows
    .filter((row) => row !== ours && row.speed)
    .flatMap(({ engine, speed }) =>
      ["each", "rare"].map((cadence) => ({
        what: `${workload.name}, loss read ${cadence === "each" ? "every step" : "rarely"}, ${ours.engine.name} / ${engine.name}`,
        ...ratio(ours.speed[cadence], speed[cadence]),
      })),
    );
}

function nativeRatios({ workload, rows }) {
  const ours = rows.find(({ engine }) => engine === "Latent Lab");
  return rows
    .filter((row) => row !== ours)
    .map(({ engine, speed }) => ({ what: `${workload}, native / ${engine}`, ...ratio(ours.speed, speed) }));
}

/** The ratio of medians, and how far the quartiles let it be off. */
function ratio(ours, theirs) {
  const rounded = (value) => Math.round(value * 1000) / 1000;
  return {
    ratio: rounded(ours.median / theirs.median),
    low: rounded(ours.q1 / theirs.q3),
    high: rounded(ours.q3 / theirs.q1),
  };
}

/** Of each list of a record: what a row is called, its number, and the verdict on a later row. */
const LISTS = {
  ratios: {
    name: ({ what }) => what,
    number: ({ ratio }) => ratio,
    judge(before, now) {
      if (now.low > before.high) return "worse";
      return now.high < before.low ? "better" : "as before";
    },
  },
  sizes: {
    name: ({ what, unit }) => `${what}, ${unit}`,
    number: ({ value }) => value,
    judge(before, now) {
      if (now.value > before.value * (1 + SIZE_TOLERANCE)) return "worse";
      return now.value < before.value * (1 - SIZE_TOLERANCE) ? "better" : "as before";
    },
  },
};

/**
 * Compares a record with an earlier one: `[{what, before, now, verdict}]`, "worse" or "better" where the ranges of the ratios do not meet, else "as before"; "not measured" where
 * `now` lacks a row, "not on record" where `before` does.
 */
export function compareRecords(before, now) {
  return Object.entries(LISTS).flatMap(([list, { name, number, judge }]) => {
    const rowOf = (record, what) => record[list].find((row) => row.what === what);
    const added = now[list].filter(({ what }) => !rowOf(before, what));
    return [...before[list], ...added].map((row) => {
      const [old, found] = [before, now].map((record) => rowOf(record, row.what));
      const verdict = () => (found ? judge(old, found) : "not measured");
      return {
        what: name(row),
        before: old ? number(old) : null,
        now: found ? number(found) : null,
        verdict: old ? verdict() : "not on record",
      };
    });
  });
}

/** The comparison as text, a row each. */
export function comparisonText(rows) {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return rows
    .map(
      ({ what, before, now, verdict }) =>
        `${what.padEnd(width)} ${String(before ?? "-").padStart(8)} -> ${String(now ?? "-").padStart(8)}  ${verdict}`,
    )
    .join("\n");
}
