// Runs several engines through the same work, a short block at a time each, so that a slow minute of the machine is shared.

import { Contestant } from "./contestant.js";
import { BATCHES, ENGINES, obstacle } from "./plan.js";
import { agreement, quartiles } from "./statistics.js";

const SEED = 1;

/** Steps of a round that are each followed by a reading, at most. */
const READ_EACH = 10;

/**
 * One work of a plan. `supplies`: `{ presets, files, rehearse, abilities }`; `report` is told what goes on; `signal` stops it.
 * Resolves to `{ work, settings, rows, compared }`; a row has either numbers or `failed`, a sentence.
 */
export async function race(work, { engines, rounds, block, warmup, marathon }, supplies, report, signal) {
  const preset = supplies.presets.find(({ name }) => name === work.preset);
  const options = {
    model: { ...preset.model, ...work.model },
    train: { ...preset.train, batch: work.batch, seed: SEED },
  };
  const stretches = {
    each: { steps: Math.min(block, READ_EACH), every: 1 },
    rare: { steps: block, every: block },
  };
  const total = 1 + warmup + rounds * (stretches.each.steps + stretches.rare.steps);
  const chosen = ENGINES.filter(({ name }) => engines.includes(name));
  let given = {};
  if (chosen.some(({ library }) => library !== "ours")) {
    report(`${work.title}: weights, batches and noise`);
    given = await supplies.rehearse(options, Math.min(Math.max(total, marathon), BATCHES));
  }
  const { weights, batches } = given;
  const runners = chosen.map((engine) => new Runner(engine, batches, obstacle(engine, supplies.abilities)));
  const stop = () => {
    for (const runner of runners) runner.close();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (const runner of runners) {
      report(`${work.title}: first step of ${runner.engine.title}`);
      await runner.start({ options, weights, files: supplies.files });
    }
    for (const runner of runners) await runner.train({ steps: warmup, every: 1 });
    for (let round = 0; round < rounds; round++) {
      for (const [stretch, steps] of Object.entries(stretches)) {
        // Each round begins with another engine.
        for (let turn = 0; turn < runners.length; turn++) {
          const runner = runners[(turn + round) % runners.length];
          report(`${work.title}: round ${round + 1} of ${rounds}, ${runner.engine.title}`);
          await runner.train(steps, stretch);
        }
      }
    }
    for (const runner of runners) await runner.weigh();
    for (const runner of runners) {
      if (marathon > total) report(`${work.title}: ${marathon} steps of ${runner.engine.title}`);
      await runner.goOn(marathon, block);
    }
    signal.throwIfAborted();
    return { work, settings: { rounds, warmup, stretches }, ...judged(runners) };
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** One engine's way through the work, and what is known of it. */
class Runner {
  failed = null;
  losses = [];
  times = { each: [], rare: [] };
  calls = { each: [], rare: [] };
  first = null;
  /** Steps taken so far, and the memory held by then. */
  weighed = null;
  /** The same, in the middle and at the end of a long run. */
  marathon = null;
  #contestant = null;
  #batches;

  constructor(engine, batches, failed) {
    this.engine = engine;
    this.failed = failed;
    this.#batches = batches;
    if (!failed) this.#contestant = new Contestant(engine.name);
  }

  start({ options, weights, files }) {
    return this.#attempt(async (contestant) => {
      const { milliseconds: open } = await contestant.call("open");
      const own = this.engine.library === "ours"; // draws its own weights, batches and noise
      const given = own ? { data: files } : { weights, batches: this.#take(1) };
      const { loss, ...first } = await contestant.call("start", { options, ...given });
      this.first = { open, ...first };
      this.losses.push(loss);
    });
  }

  train({ steps, every }, stretch) {
    return this.#attempt(async (contestant) => {
      if (steps === 0) return;
      const batches = this.engine.library === "ours" ? null : this.#take(steps);
      const { times, losses, calls } = await contestant.call("train", { steps, every, batches });
      this.losses.push(...losses);
      this.times[stretch]?.push(...times);
      this.calls[stretch]?.push(calls);
    });
  }

  weigh() {
    return this.#attempt(async (contestant) => {
      this.weighed = { steps: this.losses.length, memory: await contestant.call("memory") };
    });
  }

  /** Takes what is missing to `steps` steps in all, and weighs again in the middle and at the end. */
  async goOn(steps, block) {
    if (this.losses.length >= steps) return;
    const start = this.weighed;
    const marathon = [];
    for (const part of [0.5, 1]) {
      while (!this.failed && this.losses.length < part * steps)
        await this.train({ steps: block, every: block });
      await this.weigh();
      marathon.push(this.weighed);
    }
    this.weighed = start;
    this.marathon = marathon;
  }

  close() {
    this.#contestant?.close();
  }

  /** The next batches; they come round again. */
  #take(count) {
    const first = this.losses.length;
    return Array.from({ length: count }, (_, k) => this.#batches[(first + k) % this.#batches.length]);
  }

  /** A failure ends this engine's run, not the race. */
  async #attempt(action) {
    if (this.failed) return;
    try {
      await action(this.#contestant);
    } catch (error) {
      this.failed = error.message || String(error);
      this.close();
    }
  }
}

/** The rows of the table, each compared with ours on the same device. */
function judged(runners) {
  const done = runners.filter(({ failed }) => !failed);
  const losses = Object.fromEntries(done.map(({ engine, losses }) => [engine.name, losses]));
  const reference = done.find(({ engine }) => engine.library === "ours") ?? done[0];
  const compared = reference ? agreement(losses, reference.engine.name) : null;
  const medians = new Map(done.map((runner) => [runner, speeds(runner)]));
  const rows = runners.map((runner) => {
    const { engine, failed, first, weighed, marathon, calls } = runner;
    if (failed) return { engine, failed };
    const ours = done.find(
      (other) => other.engine.library === "ours" && other.engine.device === engine.device,
    );
    const mine = medians.get(runner);
    return {
      engine,
      ...weighed,
      speed: mine,
      ratio: ours ? ratios(medians.get(ours), mine) : null,
      first,
      calls: { each: mean(calls.each), rare: mean(calls.rare) },
      marathon,
      ...compared.losses[engine.name],
    };
  });
  return { rows, compared: compared && { step: compared.step, reference: reference.engine.name } };
}

const speeds = ({ times }) => ({ each: quartiles(times.each), rare: quartiles(times.rare) });

/** Ours over theirs: below 1 we are faster. */
const ratios = (ours, theirs) =>
  Object.fromEntries(Object.keys(theirs).map((key) => [key, ours[key].median / theirs[key].median]));

function mean(records) {
  const sums = {};
  for (const record of records)
    for (const [key, value] of Object.entries(record)) sums[key] = (sums[key] ?? 0) + value / records.length;
  return sums;
}
