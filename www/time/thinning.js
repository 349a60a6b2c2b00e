// Which snapshots of a run are kept. They lie evenly over the square root of the step: a run changes most at its beginning, and evenly spaced
// steps would leave one snapshot of its first epoch.

/** Snapshots of a run, at most. */
export const MOST_SNAPSHOTS = 40;

/** How far along a run a step is: the axis on which snapshots are spaced. */
export const along = (step) => Math.sqrt(step);

/** Whether weights after `step` steps are a snapshot to keep beside those at `steps`, which rise. */
export function isDue(steps, step) {
  if (steps.length === 0) return true;
  return along(step) - along(steps.at(-1)) >= along(step) / MOST_SNAPSHOTS && step > steps.at(-1);
}

/** Which of the `steps` to leave out where they are too many: the one whose neighbours are nearest to each other; else null. The first and the last stay. */
export function leftOut(steps) {
  if (steps.length <= MOST_SNAPSHOTS) return null;
  const gap = (k) => along(steps[k + 1]) - along(steps[k - 1]);
  let least = 1;
  for (let k = 2; k < steps.length - 1; k++) if (gap(k) < gap(least)) least = k;
  return steps[least];
}

/** The step of `steps` next to a place of the axis. */
export function nearest(steps, place) {
  const distance = (step) => Math.abs(along(step) - place);
  return steps.reduce((best, step) => (distance(step) < distance(best) ? step : best));
}
