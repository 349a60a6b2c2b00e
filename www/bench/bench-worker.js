// A worker that runs one engine (`?engine=...`): loads the library, takes the first step, then as many as asked for.

import { serve } from "../worker/rpc.js";
import { ENGINES } from "./plan.js";
import { watch } from "./watch.js";

self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  self.reportError(event.reason);
});

const name = new URL(self.location.href).searchParams.get("engine");
const { library, device, threads } = ENGINES.find((engine) => engine.name === name);
if (!threads) delete self.SharedArrayBuffer; // both libraries start threads only where it exists
const watched = watch();
let engine = null;
let session = null;

serve(self, {
  /** Loads the library: `{ milliseconds, bytes }`, the compressed bytes also where they came from a cache. */
  async open() {
    const begun = performance.now();
    const { open } = await import(`./engines/${library}.js`);
    engine = await open({ device, threads });
    return { milliseconds: performance.now() - begun, bytes: bytesLoaded() };
  },

  /** Times the way from the loaded library to the first loss, without passing a whole data set to the trainer. */
  async start({ options, weights, data, batches }) {
    const begun = performance.now();
    session = await engine.start({ options, weights });
    const started = performance.now();
    session.load?.(data);
    const loaded = performance.now();
    const [loss] = await session.run({ steps: 1, every: 1, batches, clock: new Clock() });
    const milliseconds = performance.now() - loaded + (started - begun);
    return { milliseconds, loss, pipelines: watched.calls().pipelines, bytes: bytesLoaded() };
  },

  /** `steps` steps, the loss read after each `every`: milliseconds per step of each reading, all losses, calls per step. */
  async train({ steps, every, batches }) {
    const before = watched.calls();
    const clock = new Clock();
    const losses = await session.run({ steps, every, batches, clock });
    const after = watched.calls();
    const calls = Object.fromEntries(
      Object.keys(after).map((key) => [key, (after[key] - before[key]) / steps]),
    );
    return { times: clock.times, losses, calls, pipelines: after.pipelines };
  },

  memory: async () => watched.memory(),
});

/** Milliseconds per step of each stretch between `start` and `stop`. */
class Clock {
  times = [];
  #begun = 0;

  start() {
    this.#begun = performance.now();
  }

  stop(steps) {
    this.times.push((performance.now() - this.#begun) / steps);
  }
}

/** Compressed bytes of the library alone, without this benchmark. */
function bytesLoaded() {
  return performance
    .getEntriesByType("resource")
    .filter(({ name }) => /\/(pkg|peers)\//.test(name))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
}
