// Trains one workload with several engines in turn, a short block of steps each, so that a slow minute of the machine
// affects all of them.

import { text } from "../messages/text.js";
import { EngineRun } from "./engine-run.js";
import { engineTitle, workloadTitle } from "./labels.js";
import { BATCHES, ENGINES, obstacle } from "./plan.js";
import { agreement, quartiles } from "./statistics.js";
import { unlessAborted } from "./unless-aborted.js";

const SEED = 1;

/** Most steps of a round whose loss is read after every step. */
const READ_EACH = 10;

/**
 * Runs `workload` as the plan says. `inputs`: `{ presets, files, replay, abilities }`; `report` receives what is going on, in
 * words; `signal` stops it, also while nothing answers. Resolves to `{ workload, settings, rows, compared }`; a row has either numbers or `failed`, a sentence.
 */
export async function compareEngines(workload, plan, inputs, report, signal) {
  signal.throwIfAborted();
  const options = optionsOf(workload, inputs.presets);
  const schedule = scheduleOf(plan);
  const engines = ENGINES.filter(({ name }) => plan.engines.includes(name));
  const say = (step, values = {}) =>
    report(text(`bench.status.${step}`, { workload: workloadTitle(workload), ...values }));
  let weights = null;
  let batches = [];
  if (engines.some(({ library }) => library !== "ours")) {
    say("replay");
    const steps = Math.min(Math.max(schedule.total, plan.marathon), BATCHES);
    ({ weights, batches } = await unlessAborted(inputs.replay(options, steps), signal));
  }
  const runs = engines.map((engine) => new EngineRun(engine, batches, obstacle(engine, inputs.abilities)));
  const stop = () => {
    for (const run of runs) run.close();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    await trainAll(runs, schedule, { options, weights, files: inputs.files }, say, signal);
    const { rounds, warmup, stretches } = schedule;
    return { workload, settings: { rounds, warmup, stretches }, ...compared(runs) };
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function optionsOf({ preset: presetName, model, batch }, presets) {
  const preset = presets.find(({ name }) => name === presetName);
  return { model: { ...preset.model, ...model }, train: { ...preset.train, batch, seed: SEED } };
}

/** The plan's counts with the `stretches` of a round and the `total` of steps without the long run. */
function scheduleOf({ rounds, block, warmup, marathon }) {
  const stretches = {
    each: { steps: Math.min(block, READ_EACH), every: 1 },
    rare: { steps: block, every: block },
  };
  const total = 1 + warmup + rounds * (stretches.each.steps + stretches.rare.steps);
  return { rounds, block, warmup, marathon, stretches, total };
}

/** `given`: what each run begins with. Rejects once `signal` is aborted, which closes the runs. */
async function trainAll(runs, { rounds, block, warmup, marathon, stretches, total }, given, say, signal) {
  const each = async (act, inOrder = runs) => {
    for (const run of inOrder) {
      await act(run, engineTitle(run.engine));
      signal.throwIfAborted();
    }
  };
  await each((run, engine) => {
    say("first_step", { engine });
    return run.begin(given);
  });
  await each((run) => run.train({ steps: warmup, every: 1 }));
  for (let round = 0; round < rounds; round++) {
    const first = round % runs.length; // each round begins with another engine
    for (const [stretch, steps] of Object.entries(stretches))
      await each(
        (run, engine) => {
          say("round", { round: round + 1, rounds, engine });
          return run.train(steps, stretch);
        },
        [...runs.slice(first), ...runs.slice(0, first)],
      );
  }
  await each((run) => run.measureMemory());
  await each((run, engine) => {
    if (marathon > total) say("long_run", { steps: marathon, engine });
    return run.continueTo(marathon, block);
  });
}

/** The rows of the table, each compared with Latent Lab on the same device. */
function compared(runs) {
  const done = runs.filter(({ failed }) => !failed);
  const losses = Object.fromEntries(done.map(({ engine, losses }) => [engine.name, losses]));
  const reference = done.find(({ engine }) => engine.library === "ours") ?? done[0];
  const agreed = reference ? agreement(losses, reference.engine.name) : null;
  const speeds = new Map(done.map((run) => [run, speedOf(run)]));
  const rows = runs.map((run) => {
    const { engine, failed, first, held, longRun, calls } = run;
    if (failed) return { engine, failed };
    const ours = done.find(
      (other) => other.engine.library === "ours" && other.engine.device === engine.device,
    );
    const speed = speeds.get(run);
    return {
      engine,
      ...held,
      speed,
      ratio: ours ? ratios(speeds.get(ours), speed) : null,
      first,
      calls: { each: mean(calls.each), rare: mean(calls.rare) },
      longRun,
      ...agreed.losses[engine.name],
    };
  });
  return { rows, compared: agreed && { step: agreed.step, reference: reference.engine.name } };
}

const speedOf = ({ times }) => ({ each: quartiles(times.each), rare: quartiles(times.rare) });

/** Latent Lab's median over the other's: below 1 it is faster. */
const ratios = (ours, theirs) =>
  Object.fromEntries(Object.keys(theirs).map((key) => [key, ours[key].median / theirs[key].median]));

function mean(records) {
  const sums = {};
  for (const record of records)
    for (const [key, value] of Object.entries(record)) sums[key] = (sums[key] ?? 0) + value / records.length;
  return sums;
}
