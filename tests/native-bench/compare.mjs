// Compares a native training step on the CPU: the command line and JAX in turns, each in a new process.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { agreement, quartiles } from "../../www/bench/statistics.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCRIPT = fileURLToPath(new URL("jax_step.py", import.meta.url));
const JAX_VERSION = "0.10.2";
const CACHE = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const PYTHON = process.env.JAX_PYTHON || join(CACHE, "latent-lab/jax/bin/python");

const WORKLOADS = [
  { title: "784-400-20, batch 128", preset: "vae", body: "mlp", batch: 128, steps: 100 },
  { title: "Convolutional, batch 32", preset: "conv", body: "conv", batch: 32, steps: 50 },
];
const ROUNDS = 3;
/** First steps of a process, in which JAX compiles and caches fill. */
const WARM_UP = 5;

/** How to install JAX where it is missing, else null. */
export function jaxMissing() {
  if (existsSync(PYTHON)) return null;
  const folder = join(PYTHON, "../..");
  return `skipped JAX: there is no ${PYTHON} (python3 -m venv ${folder} && ${folder}/bin/pip install jax==${JAX_VERSION}, or set JAX_PYTHON)`;
}

/** Runs each workload; `program` is the path of the command line. Resolves to `[{ workload, step, rows: [{ engine, speed, ratio, loss, agrees }] }]`. */
export async function compareNatively(program) {
  const folder = await mkdtemp(join(tmpdir(), "latent-lab-bench-"));
  try {
    return WORKLOADS.map((workload) => compare(program, workload, folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function compare(program, { title, preset, body, batch, steps }, folder) {
  const ours = (...more) =>
    run(program, ["bench", "--preset", preset, "--batch", batch, "--steps", steps, ...more]);
  ours("--replay", folder);
  const engines = { "Latent Lab": () => ours() };
  if (!jaxMissing()) engines.JAX = () => run(PYTHON, [SCRIPT, folder, body, batch, 1]);
  const [times, losses] = [{}, {}];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, measure] of Object.entries(engines)) {
      const report = measure();
      times[name] = [...(times[name] ?? []), ...report.times.slice(WARM_UP)];
      losses[name] = report.losses;
    }
  }
  const compared = agreement(losses, "Latent Lab");
  const speeds = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, quartiles(all)]));
  const rows = Object.entries(speeds).map(([engine, speed]) => ({
    engine,
    speed,
    ratio: speeds["Latent Lab"].median / speed.median,
    ...compared.losses[engine],
  }));
  return { workload: title, step: compared.step, rows };
}

const run = (file, args) => JSON.parse(execFileSync(file, args.map(String), { cwd: ROOT, encoding: "utf8" }));

/** The table as text. */
export function nativeText({ workload, step, rows }) {
  const lines = rows.map(
    ({ engine, speed: { q1, median, q3 }, ratio, loss, agrees }) =>
      `${engine.padEnd(12)} ${median.toFixed(1)} (${q1.toFixed(1)}–${q3.toFixed(1)}) ms per step, ours ÷ this ${ratio.toFixed(2)}, loss after step ${step} ${loss.toFixed(2)}${agrees ? "" : ", NOT EQUAL"}`,
  );
  return [`${workload}, natively on the CPU`, ...lines].join("\n");
}
