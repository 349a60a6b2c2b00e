// The curves of several runs on one axis of steps: each is averaged over as many steps, and runs that differ by their seed alone become a
// mean with the least and the most of them.

const MOST_CELLS = 240; // points of a curve: more than that cannot be told from noise at the chart's width
const TERMS = ["reconstruction", "kl", "total"];
/** The curve of a run that is drawn: of training, or of a test where it was never trained step by step. */
const DRAWN = ["train", "quick", "full"];

/** The columns {step, reconstruction, kl, total} of `history` (as in keep/kept-curves.js) that are drawn for a run, or null where there are none. */
export function drawnColumns(history) {
  const curve = DRAWN.find((name) => history[name].step.length > 0);
  return curve ? history[curve] : null;
}

/** Over how many steps curves are averaged that reach to `lastStep`: 1, 2, 5, 10, 20, .. */
export function stepsPerCell(lastStep) {
  const rough = lastStep / MOST_CELLS;
  if (rough <= 1) return 1;
  const decade = 10 ** Math.floor(Math.log10(rough));
  return decade * [1, 2, 5, 10].find((times) => times * decade >= rough);
}

/**
 * `groups`: {key, runs: [{columns}]}, in the order in which they are drawn; the runs of a group are seeds of the same settings. Returns
 * {cell, steps, curves: [{key, count, terms: {reconstruction, kl, total}}]} where each term has {mean, least, most}, and each of those
 * a number for each of `steps`, or null where no run of the group has reached it; `count` is the number of runs at each step.
 */
export function overlay(groups) {
  const last = Math.max(0, ...groups.flatMap(({ runs }) => runs.map(({ columns }) => columns.step.at(-1))));
  const cell = stepsPerCell(last);
  const steps = Array.from({ length: Math.floor(last / cell) }, (_, k) => (k + 1) * cell);
  const curves = groups.map(({ key, runs }) => {
    const averaged = runs.map(({ columns }) => knownAverages(columns, cell, steps.length));
    const count = steps.map((_, k) => averaged.filter(({ total }) => total[k] !== null).length);
    return {
      key,
      count,
      terms: Object.fromEntries(TERMS.map((term) => [term, spread(averaged, term, steps)])),
    };
  });
  return { cell, steps, curves };
}

const known = new WeakMap(); // averages of columns, so that only those of the run in training are made anew

function knownAverages(columns, cell, length) {
  const before = known.get(columns);
  if (before?.cell === cell && before.length === length) return before.means;
  const means = averages(columns, cell, length);
  known.set(columns, { cell, length, means });
  return means;
}

/**
 * The mean of a curve in each cell of so many steps; in between by interpolation, and null outside of what the curve covers. The last cell takes
 * what is left over: a cell of few steps would stand out by its noise.
 */
function averages(columns, cell, length) {
  const of = columns.step.length;
  const last = Math.max(0, Math.floor(columns.step[of - 1] / cell) - 1);
  const sums = Object.fromEntries(TERMS.map((term) => [term, new Float64Array(length)]));
  const counts = new Uint32Array(length);
  for (let i = 0; i < of; i++) {
    const at = Math.min(last, Math.max(0, Math.ceil(columns.step[i] / cell) - 1));
    counts[at]++;
    for (const term of TERMS) sums[term][at] += columns[term][i];
  }
  const means = (term) => filled(Array.from(counts, (n, k) => (n > 0 ? sums[term][k] / n : null)));
  return Object.fromEntries(TERMS.map((term) => [term, means(term)]));
}

/** `values` with those that are missing between two others on a line between these. */
function filled(values) {
  let before = -1;
  values.forEach((value, k) => {
    if (value === null) return;
    for (let i = before + 1; before >= 0 && i < k; i++)
      values[i] = values[before] + ((value - values[before]) * (i - before)) / (k - before);
    before = k;
  });
  return values;
}

function spread(averaged, term, steps) {
  const at = steps.map((_, k) => averaged.map((run) => run[term][k]).filter((value) => value !== null));
  const of = (measure) => at.map((values) => (values.length > 0 ? measure(values) : null));
  return {
    mean: of((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    least: of((values) => Math.min(...values)),
    most: of((values) => Math.max(...values)),
  };
}

/**
 * `columns` of the present run (as in loss-history.js) with those of the overlay on one axis of steps. For each of its curves follow
 * reconstruction and KL, and where it is of several runs, the most and the least of each: as `overlayTerms` lists them.
 */
export function withOverlay([presentSteps, ...present], { steps, curves }, offset = 0) {
  const { all, places } = merged(presentSteps, steps);
  const [ofPresent, ofOverlay] = places;
  const column = (values, at, less = 0) => {
    const placed = new Array(all.length).fill(null);
    for (let k = 0; k < at.length; k++) if (values[k] !== null) placed[at[k]] = values[k] - less;
    return placed;
  };
  const added = curves.flatMap((curve) =>
    overlayTerms(curve).map(({ term, measure }) =>
      column(curve.terms[term][measure], ofOverlay, term === "reconstruction" ? offset : 0),
    ),
  );
  return [all, ...present.map((values) => column(values, ofPresent)), ...added];
}

/** Two rising lists of steps as one, and at which places the steps of each are in it. */
function merged(a, b) {
  const all = [];
  const places = [[], []];
  for (let i = 0, k = 0; i < a.length || k < b.length; ) {
    const [ofA, ofB] = [a[i] ?? Number.POSITIVE_INFINITY, b[k] ?? Number.POSITIVE_INFINITY];
    if (ofA <= ofB) places[0][i++] = all.length;
    if (ofB <= ofA) places[1][k++] = all.length;
    all.push(Math.min(ofA, ofB));
  }
  return { all, places };
}

/** The columns of one curve of the overlay: {term, measure} each. */
export function overlayTerms(curve) {
  const measures = isBand(curve) ? ["mean", "most", "least"] : ["mean"];
  return ["reconstruction", "kl"].flatMap((term) => measures.map((measure) => ({ term, measure })));
}

/** Whether a curve of the overlay is of several runs. */
export function isBand({ count }) {
  return count.some((runs) => runs > 1);
}

/**
 * What a curve of the overlay is at `step`, or at its end where that is before: {step, count, reconstruction, kl, total}, {mean, least,
 * most} each. `step`: null for the end.
 */
export function overlayAt({ steps, cell }, { count, terms }, step) {
  const last = count.findLastIndex((runs) => runs > 0);
  const first = count.findIndex((runs) => runs > 0);
  if (last < 0) return null;
  const wanted = step === null ? last : Math.ceil(step / cell) - 1;
  const k = Math.min(last, Math.max(first, wanted));
  const at = (term) => ({
    mean: terms[term].mean[k],
    least: terms[term].least[k],
    most: terms[term].most[k],
  });
  return { step: steps[k], count: count[k], ...Object.fromEntries(TERMS.map((term) => [term, at(term)])) };
}

/**
 * The points of the present run at `step`, by curve: of training the one that covers it, of the tests the last one until then; null where
 * there is none. `step`: null for the end.
 */
export function presentAt(curves, step) {
  if (step === null) return Object.fromEntries(DRAWN.map((name) => [name, curves[name].at(-1) ?? null]));
  const covers = curves.train.find((point) => point.step >= step);
  const until = (name) => curves[name].findLast((point) => point.step <= step) ?? null;
  return { train: covers ?? curves.train.at(-1) ?? null, quick: until("quick"), full: until("full") };
}
