// The section "native": the command line, compared with JAX and PyTorch.

import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { report, results } from "./results.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** With JAX or PyTorch where `PYTHON` has them: `python3 -m venv peers && peers/bin/pip install jax==0.10.2 torch`. */
const COMPARE_NATIVELY = join(ROOT, "tests/native-bench/compare.py");

export async function native() {
  const program = process.env.LATENT_LAB;
  if (!program) return console.log("skipped the command line: LATENT_LAB does not say where it is");
  await nativeEpoch();
  const folder = await mkdtemp(join(tmpdir(), "latent-lab-"));
  const json = join(folder, "native.json");
  execFileSync(process.env.PYTHON ?? "python3", [COMPARE_NATIVELY, program, "--json", json], {
    cwd: ROOT,
    stdio: "inherit",
  });
  results.native = JSON.parse(await readFile(json, "utf8"));
  await rm(folder, { recursive: true });
}

/** One epoch of the command line (build.sh gives its path), with reading the data and the test at the end. */
async function nativeEpoch() {
  const folder = await mkdtemp(join(tmpdir(), "latent-lab-"));
  const begun = performance.now();
  execFileSync(
    process.env.LATENT_LAB,
    ["train", "--epochs", "1", "--out", join(folder, "bench.safetensors")],
    {
      cwd: ROOT,
      stdio: "ignore",
    },
  );
  report("native, one epoch of 468 steps and its test", (performance.now() - begun) / 1000, "s");
  await rm(folder, { recursive: true });
}
