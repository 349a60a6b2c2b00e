// Waiting that counts only the time in which the page was awake: a machine that sleeps, a frozen tab and a debugger stop the
// page's timers, and its clock jumps when they go on.

/** Between two readings of the clock, in milliseconds. */
const TICK_MS = 1000;
/** A tick that is later than this was not awake. Timers of a busy page, or of one in the background, are up to a second late. */
const LATE_MS = 2000;

/**
 * Calls `act` after `ms` milliseconds awake; returns a function that prevents it. A hidden tab whose timers the browser throttles to one a
 * minute counts as asleep.
 */
export function afterAwake(
  ms,
  act,
  {
    now = () => performance.now(),
    setTimer = (run, delay) => setTimeout(run, delay),
    clearTimer = (timer) => clearTimeout(timer),
  } = {},
) {
  let left = ms;
  let timer;
  const tick = () => {
    const length = Math.min(left, TICK_MS);
    const begun = now();
    timer = setTimer(() => {
      const elapsed = now() - begun;
      if (elapsed < length + LATE_MS) left -= elapsed;
      if (left > 0) tick();
      else act();
    }, length);
  };
  tick();
  return () => clearTimer(timer);
}

/** Resolves to `value` after `ms` milliseconds awake. */
export function awakeFor(ms, value) {
  return new Promise((resolve) => afterAwake(ms, () => resolve(value)));
}
