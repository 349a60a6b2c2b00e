// The section "marathon": memory over many steps.

import { onBenchmarkPage } from "./benchmark-page.mjs";
import { countsIn } from "./words.mjs";

const LONG_RUNS = {
  webgpu: { block: 4, marathon: 300 },
  wasm: { block: 50, marathon: 10_000 },
};

export async function marathon(words) {
  const devices = Object.keys(LONG_RUNS);
  const chosen = devices.filter((device) => words.includes(device));
  for (const device of chosen.length > 0 ? chosen : devices) {
    const plan = { rounds: 1, warmup: 0, ...LONG_RUNS[device], ...countsIn(words), works: "mlp-128" };
    await onBenchmarkPage({ webgpu: device === "webgpu", plan: { ...plan, engines: `ours-${device}` } });
  }
}
