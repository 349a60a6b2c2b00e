// The section "sweep": CPU and WebGPU by the sizes of model and batch.

import { SWEEP } from "../../../www/bench/plan.js";
import { onBenchmarkPage } from "./benchmark-page.mjs";
import { countsIn } from "./words.mjs";

/** Both devices in turns, in one browser. */
export async function sweep(words) {
  const plan = { rounds: 5, block: 4, warmup: 1, ...countsIn(words), works: SWEEP.name };
  await onBenchmarkPage({ webgpu: true, plan: { ...plan, engines: "ours-webgpu,ours-wasm" } });
}
