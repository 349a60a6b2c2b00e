// The sweep: Latent Lab on the CPU and on WebGPU, with one size of the model or the batch varied at a time.

import { text } from "../messages/text.js";
import { compareEngines } from "./engine-comparison.js";
import { ENGINES, SWEEP } from "./plan.js";

/**
 * Runs every point with those of our engines that `plan` has (both, where it has none). `add` receives the comparison of each as soon as it
 * is made.
 */
export async function runSweep(plan, inputs, { report, add }, signal) {
  const ours = ENGINES.filter(({ library }) => library === "ours").map(({ name }) => name);
  const chosen = ours.filter((name) => plan.engines.includes(name));
  const engines = chosen.length > 0 ? chosen : ours;
  const measured = new Map(); // the default sizes are a point of every range
  for (const point of SWEEP.points) {
    const sizes = JSON.stringify([point.model, point.batch]);
    const result =
      measured.get(sizes) ??
      (await compareEngines(point, { ...plan, engines, marathon: 0 }, inputs, report, signal));
    measured.set(sizes, result);
    add({ ...result, workload: point });
  }
}

/** The size of a workload, by what is varied. */
const SIZE = {
  hidden: ({ model }) => model.hidden,
  latent: ({ model }) => model.latent,
  batch: ({ batch }) => batch,
};
const milliseconds = (value) => value.toPrecision(3);

/** One table for each size that was varied. */
export function sweepTables(comparisons) {
  return Object.entries(SIZE)
    .map(([varied, size]) => ({
      title: text(`bench.sweep.${varied}.title`),
      head: text(`bench.sweep.${varied}.head`),
      rows: comparisons
        .filter(({ workload }) => workload.varied === varied)
        .map((result) => row(result, size(result.workload))),
      columns: [
        [text("bench.columns.faster"), faster],
        [text("bench.columns.cpu_step"), ({ cpu }) => time(cpu)],
        [text("bench.columns.gpu_step"), ({ gpu }) => time(gpu)],
        [text("bench.columns.cpu_image"), ({ cpu, batch }) => time(cpu, batch)],
        [text("bench.columns.gpu_image"), ({ gpu, batch }) => time(gpu, batch)],
      ],
    }))
    .filter(({ rows }) => rows.length > 0);
}

function row({ workload, rows }, size) {
  const median = (device) =>
    rows.find(({ engine, failed }) => engine.device === device && !failed)?.speed.rare.median;
  return {
    name: workload.name,
    title: String(size),
    batch: workload.batch,
    cpu: median("wasm"),
    gpu: median("webgpu"),
    agrees: rows.every(({ agrees }) => agrees !== false),
  };
}

const time = (step, images = 1) => (step === undefined ? "–" : milliseconds(step / images));

function faster({ cpu, gpu }) {
  const ratio = Math.max(cpu, gpu) / Math.min(cpu, gpu);
  if (!Number.isFinite(ratio)) return "–"; // one was not measured, or by too coarse a clock
  return text(gpu < cpu ? "bench.sweep.gpu_faster" : "bench.sweep.cpu_faster", {
    ratio: ratio.toPrecision(2),
  });
}
