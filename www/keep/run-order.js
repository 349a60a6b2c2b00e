// The order of the runs in the list, and which run was begun before each.

/** The present run first, then the pinned ones, then the one begun last. `runs`: {id, begun, pinned} each; `present`: its id, or null. */
export function inOrder(runs, present) {
  const place = ({ id, pinned }) => (id === present ? 0 : pinned ? 1 : 2);
  return [...runs].sort((a, b) => place(a) - place(b) || b.begun - a.begun);
}

/** By id, the run that was begun before each, or null for the first. */
export function runsBefore(runs) {
  const byTime = [...runs].sort((a, b) => a.begun - b.begun);
  return new Map(byTime.map(({ id }, k) => [id, byTime[k - 1] ?? null]));
}
