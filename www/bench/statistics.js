// Quartiles of timings, and whether several programs computed the same losses.

/** `{ q1, median, q3, count }`, by linear interpolation; null without values. */
export function quartiles(values) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  };
  return { q1: at(0.25), median: at(0.5), q3: at(0.75), count: sorted.length };
}

/** Largest relative difference of equal losses. */
const TOLERANCE = 0.01;
/** Most steps after which losses are compared: rounding errors grow with each. */
const COMPARED_STEPS = 50;

/**
 * Compares losses `{ name: [loss of each step] }` with those of `reference` after as many steps as all have taken, at most
 * `COMPARED_STEPS`: `{ step, losses: { name: { loss, difference, agrees } } }`, differences relative.
 */
export function agreement(losses, reference) {
  const step = Math.min(COMPARED_STEPS, ...Object.values(losses).map(({ length }) => length));
  const expected = losses[reference][step - 1];
  const compared = Object.entries(losses).map(([name, trace]) => {
    const loss = trace[step - 1];
    const difference = loss / expected - 1;
    return [name, { loss, difference, agrees: Math.abs(difference) <= TOLERANCE }];
  });
  return { step, losses: Object.fromEntries(compared) };
}
