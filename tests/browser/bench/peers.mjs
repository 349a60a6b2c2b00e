// The section "peers": compared with other libraries.

import { ENGINES, WORKLOADS } from "../../../www/bench/plan.js";
import { onBenchmarkPage } from "./benchmark-page.mjs";
import { countsIn, isRecorded } from "./words.mjs";

/** Few steps where a step takes long: on the software adapter, and with convolutions. */
export const COUNTS = {
  webgpu: { mlp: { rounds: 3, block: 4, warmup: 1 }, conv: { rounds: 2, block: 1, warmup: 0 } },
  wasm: { mlp: { rounds: 3, block: 50, warmup: 2 }, conv: { rounds: 3, block: 4, warmup: 1 } },
};

/** Each workload on each device by itself. */
export async function peers(words) {
  const named = (all) => all.filter(({ name }) => words.includes(name));
  const counts = countsIn(words);
  const workloads = named(WORKLOADS).length > 0 ? named(WORKLOADS) : WORKLOADS;
  const devices = Object.keys(COUNTS).filter((device) => words.includes(device));
  let engines = named(ENGINES).length > 0 ? named(ENGINES) : ENGINES;
  if (devices.length > 0) engines = engines.filter(({ device }) => devices.includes(device));
  for (const workload of workloads) {
    for (const device of Object.keys(COUNTS)) {
      const some = engines.filter((engine) => engine.device === device).map(({ name }) => name);
      if (some.length === 0) continue;
      const isLong = device === "wasm" && workload.name === "mlp-128" && !isRecorded(words);
      const marathon = isLong ? 2000 : 0; // of memory, which a record leaves out
      const plan = {
        ...COUNTS[device][workload.name.split("-")[0]],
        marathon,
        ...counts,
        works: workload.name,
        engines: some,
      };
      await onBenchmarkPage({ webgpu: device === "webgpu", plan });
    }
  }
}
