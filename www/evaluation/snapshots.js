// Which weights follow which: those of a run, and what it had at another snapshot.

/** What identifies weights but for the step of a run. */
export function snapshotOf({ source, description, run }) {
  return { source, run, model: JSON.stringify(description.model) };
}

/** Whether both are snapshots of the same run; as `snapshotOf` gives them, `before` perhaps null. */
export function isOfSameRun(before, after) {
  return (
    before?.source === "training" &&
    after.source === "training" &&
    before.run === after.run &&
    before.model === after.model
  );
}
