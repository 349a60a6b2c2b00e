// One engine's run of a workload and its measurements.

import { Failure, sentence } from "../messages/failure.js";
import { EngineClient } from "./engine-client.js";

export class EngineRun {
  /** Why the engine stopped, as a sentence, or null. */
  failed = null;
  /** The loss of every step, in nats per image. */
  losses = [];
  /** Milliseconds per step of each reading. */
  times = { each: [], rare: [] };
  /** WebGPU calls per step of each stretch. */
  calls = { each: [], rare: [] };
  /** Time and bytes up to the first loss. */
  first = null;
  /** `{ steps, memory }` after the rounds. */
  held = null;
  /** The same half-way through a long run and at its end, or null. */
  longRun = null;
  #client = null;
  #batches;

  /** `batches`: replayed batches for the other libraries; `obstacle`: the kind of the failure that keeps it from running, or null. */
  constructor(engine, batches, obstacle) {
    this.engine = engine;
    this.#batches = batches;
    if (obstacle) this.failed = sentence(new Failure(obstacle));
    else this.#client = new EngineClient(engine.name);
  }

  /** Latent Lab draws its own weights, batches and noise. */
  get #isOurs() {
    return this.engine.library === "ours";
  }

  begin({ options, weights, files }) {
    return this.#attempt(async (client) => {
      const { milliseconds: open } = await client.call("open");
      const given = this.#isOurs ? { data: files } : { weights, batches: this.#take(1) };
      const { loss, ...first } = await client.call("start", { options, ...given });
      this.first = { open, ...first };
      this.losses.push(loss);
    });
  }

  train({ steps, every }, stretch) {
    return this.#attempt(async (client) => {
      if (steps === 0) return;
      const batches = this.#isOurs ? null : this.#take(steps);
      const { times, losses, calls } = await client.call("train", { steps, every, batches });
      this.losses.push(...losses);
      this.times[stretch]?.push(...times);
      this.calls[stretch]?.push(calls);
    });
  }

  /** Records the memory that the engine holds after the steps so far. */
  async measureMemory() {
    this.held = await this.#memory();
  }

  /** Continues to `steps` steps in all and measures the memory half-way and at the end. */
  async continueTo(steps, block) {
    if (this.losses.length >= steps) return;
    const measured = [];
    for (const part of [0.5, 1]) {
      while (!this.failed && this.losses.length < part * steps)
        await this.train({ steps: block, every: block });
      measured.push(await this.#memory());
    }
    this.longRun = measured;
  }

  close() {
    this.#client?.close();
  }

  /** `{ steps, memory }`; undefined where the engine has failed. */
  #memory() {
    return this.#attempt(async (client) => ({
      steps: this.losses.length,
      memory: await client.call("memory"),
    }));
  }

  /** The next `count` batches; after the last comes the first. */
  #take(count) {
    const first = this.losses.length;
    return Array.from({ length: count }, (_, k) => this.#batches[(first + k) % this.#batches.length]);
  }

  /** A failure ends this engine's run and no other's. */
  async #attempt(action) {
    if (this.failed) return undefined;
    try {
      return await action(this.#client);
    } catch (error) {
      const reason = error.message || String(error);
      this.failed = sentence(error.kind ? error : new Failure("bench_engine_failed", { reason }));
      this.close();
      return undefined;
    }
  }
}
