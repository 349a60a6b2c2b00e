// Trains one workload with several engines in turn, a short block of steps each, so that a slow minute of the machine
// affects all of them.

import { text } from "../messages/text.js";
import { EngineRun } from "./engine-run.js";
import { engineTitle, workloadTitle } from "./labels.js";
import { BATCHES, ENGINES, obstacle } from "./plan.js";
import { agreement, quartiles } from "./statistics.js";

const SEED = 1;

/** Most steps of a round whose loss is read after every step. */
const READ_EACH = 10;

/**
 * Runs `workload` as the plan says. `inputs`: `{ presets, files, replay, abilities }`; `report` receives what is going on, in
 * words; `signal` stops it. Resolves to `{ workload, settings, rows, compared }`; a row has either numbers or `failed`, a sentence.
 */
export async function compareEngines(workload, plan, inputs, report, signal) {
  const { rounds, block, warmup, marathon } = plan;
  const options = optionsOf(workload, inputs.presets);
  const stretches = {
    each: { steps: Math.min(block, READ_EACH), every: 1 },
    rare: { steps: block, every: block },
  };
  const total = 1 + warmup + rounds * (stretches.each.steps + stretches.rare.steps);
  const engines = ENGINES.filter(({ name }) => plan.engines.includes(name));
  const say = (step, values = {}) =>
    report(text(`bench.status.${step}`, { workload: workloadTitle(workload), ...values }));
  let weights = null;
  let batches = [];
  if (engines.some(({ library }) => library !== "ours")) {
    say("replay");
    const steps = Math.min(Math.max(total, marathon), BATCHES);
    ({ weights, batches } = await inputs.replay(options, steps));
  }
  const runs = engines.map((engine) => new EngineRun(engine, batches, obstacle(engine, inputs.abilities)));
  const stop = () => {
    for (const run of runs) run.close();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (const run of runs) {
      say("first_step", { engine: engineTitle(run.engine) });
      await run.begin({ options, weights, files: inputs.files });
    }
    for (const run of runs) await run.train({ steps: warmup, every: 1 });
    await inTurns(runs, rounds, stretches, say);
    for (const run of runs) await run.measureMemory();
    for (const run of runs) {
      if (marathon > total) say("long_run", { steps: marathon, engine: engineTitle(run.engine) });
      await run.continueTo(marathon, block);
    }
    signal.throwIfAborted();
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

/** Each round begins with another engine. */
async function inTurns(runs, rounds, stretches, say) {
  for (let round = 0; round < rounds; round++) {
    for (const [stretch, steps] of Object.entries(stretches)) {
      for (let turn = 0; turn < runs.length; turn++) {
        const run = runs[(turn + round) % runs.length];
        say("round", { round: round + 1, rounds, engine: engineTitle(run.engine) });
        await run.train(steps, stretch);
      }
    }
  }
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
