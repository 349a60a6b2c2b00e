// The time from an event to what it asked for, as entries of the browser's performance timeline; the benchmark reads them.

const KEPT = 1000; // of each name

/** `name` took from the event's time stamp until now. */
export function measureSince(name, time) {
  if (performance.getEntriesByName(name).length >= KEPT) performance.clearMeasures(name);
  performance.measure(name, { start: time, end: performance.now() });
}
