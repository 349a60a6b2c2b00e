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

function pageRatios({ workload, rows }) {
  const ours = rows.find(({ engine }) => engine.library === "ours");
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

/**
 * Compares a record with an earlier one: `[{what, before, now, verdict}]`, "worse" or "better" where the ranges of the ratios do not meet, else "as before"; "not measured" where
 * `now` lacks a row.
 */
export function compareRecords(before, now) {
  const ratios = before.ratios.map((old) => {
    const found = now.ratios.find(({ what }) => what === old.what);
    return verdict(old.what, old.ratio, found?.ratio, () => {
      if (found.low > old.high) return "worse";
      return found.high < old.low ? "better" : "as before";
    });
  });
  const sizes = before.sizes.map(({ what, value, unit }) => {
    const found = now.sizes.find((size) => size.what === what);
    return verdict(`${what}, ${unit}`, value, found?.value, () => {
      if (found.value > value * (1 + SIZE_TOLERANCE)) return "worse";
      return found.value < value * (1 - SIZE_TOLERANCE) ? "better" : "as before";
    });
  });
  return [...ratios, ...sizes];
}

function verdict(what, before, now, judge) {
  return { what, before, now: now ?? null, verdict: now === undefined ? "not measured" : judge() };
}

/** The comparison as text, a row each. */
export function comparisonText(rows) {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return rows
    .map(
      ({ what, before, now, verdict }) =>
        `${what.padEnd(width)} ${String(before).padStart(8)} -> ${String(now ?? "-").padStart(8)}  ${verdict}`,
    )
    .join("\n");
}
