// Where each device wins: ours on the CPU and on WebGPU, for sizes around the usual model.

import { ENGINES, SWEEP } from "./plan.js";
import { race } from "./race.js";

/** Runs every point with those of our own engines that `plan` has (both, where it has none); promises their races. */
export async function sweepOver(plan, supplies, report, signal) {
  const ours = ENGINES.filter(({ library }) => library === "ours").map(({ name }) => name);
  const chosen = ours.filter((name) => plan.engines.includes(name));
  const engines = chosen.length > 0 ? chosen : ours;
  const races = [];
  const known = new Map();
  for (const point of SWEEP.points) {
    const result =
      known.get(point.title) ??
      (await race(point, { ...plan, engines, marathon: 0 }, supplies, report, signal));
    known.set(point.title, result); // the usual model is a point of every range
    races.push({ ...result, work: point });
  }
  return races;
}

const RANGES = [
  ["hidden", "H", "Hidden units", ({ model }) => model.hidden],
  ["latent", "Z", "Latent size", ({ model }) => model.latent],
  ["batch", "batch", "Growth with the batch", ({ batch }) => batch],
];
const milliseconds = (value) => value.toPrecision(3);

/** One table for each size that was varied. */
export function sweepTables(races) {
  return RANGES.map(([varied, head, title, value]) => ({
    title: `${title}: median milliseconds a step and an image`,
    head,
    rows: races.filter(({ work }) => work.varied === varied).map((result) => row(result, value(result.work))),
    columns: [
      ["faster", faster],
      ["CPU, a step", ({ cpu }) => time(cpu)],
      ["WebGPU, a step", ({ gpu }) => time(gpu)],
      ["CPU, an image", ({ cpu, batch }) => time(cpu, batch)],
      ["WebGPU, an image", ({ gpu, batch }) => time(gpu, batch)],
    ],
  })).filter(({ rows }) => rows.length > 0);
}

function row({ work, rows }, value) {
  const on = (device) =>
    rows.find(({ engine, failed }) => engine.device === device && !failed)?.speed.rare.median;
  return {
    name: work.name,
    title: String(value),
    batch: work.batch,
    cpu: on("wasm"),
    gpu: on("webgpu"),
    agrees: rows.every(({ agrees }) => agrees !== false),
  };
}

const time = (step, images = 1) => (step === undefined ? "–" : milliseconds(step / images));

function faster({ cpu, gpu }) {
  if (cpu === undefined || gpu === undefined) return "–";
  const ratio = (Math.max(cpu, gpu) / Math.min(cpu, gpu)).toPrecision(2);
  return `${gpu < cpu ? "WebGPU" : "CPU"}, ${ratio} times`;
}
