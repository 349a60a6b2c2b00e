// The newest request wins: while one runs, only the latest waits, and those in between are dropped.

/**
 * Wraps an async task. The returned function resolves to true when this request has run to its end, to
 * false when a newer one replaced it before it began. A failure rejects the request that failed.
 */
export function latest(task) {
  let running = false;
  let waiting = null;

  async function run(request) {
    running = true;
    try {
      await task(...request.args);
      request.resolve(true);
    } catch (error) {
      request.reject(error);
    } finally {
      running = false;
      const next = waiting;
      waiting = null;
      if (next) run(next);
    }
  }

  return (...args) =>
    new Promise((resolve, reject) => {
      const request = { args, resolve, reject };
      if (!running) {
        run(request);
      } else {
        waiting?.resolve(false);
        waiting = request;
      }
    });
}
