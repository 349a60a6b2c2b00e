// A worker that owns one engine (`?engine=...`): loads it, takes its first step, then as many as it is asked for.

import { serve } from "../worker/rpc.js";
import { ENGINES } from "./plan.js";
import { watch } from "./watch.js";

self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  self.reportError(event.reason);
});

const name = new URL(self.location.href).searchParams.get("engine");
const { library, device, threads } = ENGINES.find((engine) => engine.name === name);
if (!threads) delete self.SharedArrayBuffer; // what both peers look for before they start threads
const watched = watch();
let engine = null;
let session = null;

serve(self, {
  /** Loads the library: `{ milliseconds, bytes }`, as transferred or as they would be without a cache. */
  async open() {
    const begun = performance.now();
    const { open } = await import(`./engines/${library}.js`);
    engine = await open({ device, threads });
    return { milliseconds: performance.now() - begun, bytes: bytesLoaded() };
  },

  /** From the loaded library to the first loss, without the handing over of a whole data set. */
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

  /** `steps` steps with a reading after `every`: milliseconds a step of each reading, all losses, calls a step. */
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

/** Milliseconds a step, of each stretch between `start` and `stop`. */
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

/** Of the library alone, not of this benchmark. */
function bytesLoaded() {
  return performance
    .getEntriesByType("resource")
    .filter(({ name }) => /\/(pkg|peers)\//.test(name))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
}
