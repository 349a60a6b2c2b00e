// The section "threads": the CPU module with threads compared with the one without.

import { WORKLOADS } from "../../../www/bench/plan.js";
import { onBenchmarkPage } from "./benchmark-page.mjs";
import { COUNTS } from "./peers.mjs";
import { report, results } from "./results.mjs";
import { countsIn } from "./words.mjs";

/** The CPU module with threads and the one without, in turns: the share of the time that threads take. */
export async function threads(words) {
  const asked = WORKLOADS.filter(({ name }) => words.includes(name));
  for (const workload of asked.length > 0 ? asked : WORKLOADS) {
    const counts = COUNTS.wasm[workload.name.split("-")[0]];
    const plan = { ...counts, ...countsIn(words), works: workload.name, engines: "ours-wasm,ours-threads" };
    await onBenchmarkPage({ plan });
    const [one, several] = results.peers.at(-1).comparisons[0].rows;
    for (const { failed } of [one, several]) if (failed) throw new Error(failed);
    for (const [cadence, how] of Object.entries({ each: "every step", rare: "rarely" })) {
      const share = several.speed[cadence].median / one.speed[cadence].median;
      report(`${workload.name}, loss read ${how}: threads' share of the time`, share, "", "<= 0.65");
    }
  }
}
