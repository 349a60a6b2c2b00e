// The names of workloads and engines, for people.

import { text } from "../messages/text.js";
import { SWEEP } from "./plan.js";

/** "784-400-20, batch 128", or the sweep's title. */
export function workloadTitle({ name, preset, model, batch }) {
  if (name === SWEEP.name) return text("bench.workloads.sweep");
  const { hidden = 400, latent = 20 } = model ?? {};
  // Sizes as strings: "784-1024-20" is a name, without separators of thousands.
  const sizes = { hidden: String(hidden), latent: String(latent), batch: String(batch) };
  return text(`bench.workloads.${preset}`, sizes);
}

/** "jax-js, CPU, threads". */
export function engineTitle({ name }) {
  return text(`bench.engines.${name}`);
}
