// What one core of this machine can do at most, natively and in wasm: `node tests/native-bench/limits/limits.mjs`. Best of seven, in multiply-adds and bytes a second.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("peak.rs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "latent-lab-limits-"));
const [program, module] = [join(folder, "peak"), join(folder, "peak.wasm")];
const compile = (...options) =>
  execFileSync("rustc", ["--edition=2024", "-Copt-level=3", ...options, SOURCE]);
compile("-Ctarget-cpu=native", "-o", program);
compile("--target=wasm32-unknown-unknown", "--crate-type=cdylib", "-Ctarget-feature=+simd128", "-o", module);
execFileSync(program, { stdio: "inherit" });
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(module)));
const best = (work) => Math.max(...Array.from({ length: 7 }, () => perSecond(work)));
console.log(`wasm, multiply-adds on registers: ${best(() => exports.multiply_adds(20_000_000))} G/s`);
console.log(
  `wasm, Adam's traffic, 652,824 numbers: ${best(() => exports.update_in_memory(652_824, 50))} GB/s`,
);
rmSync(folder, { recursive: true });

function perSecond(work) {
  const started = performance.now();
  return Number((work() / (performance.now() - started) / 1e6).toFixed(1));
}
