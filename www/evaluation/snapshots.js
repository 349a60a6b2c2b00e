// Which weights follow which: later snapshots of a run are the same model some steps on.

/** What identifies weights: where they are from, their model and, of a run, their step. */
export function snapshotOf({ source, description }, step) {
  return { source, model: JSON.stringify(description.model), step };
}

/** Whether snapshot `after` is of the same run as `before`, not earlier; both as `snapshotOf` gives them. */
export function isLaterSnapshot(before, after) {
  return (
    before !== null &&
    before.source === "training" &&
    after.source === "training" &&
    before.model === after.model &&
    after.step >= before.step
  );
}
