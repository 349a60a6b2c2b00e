// What can be run, and what an address asks for.

/** The models by the name of their preset. */
export const WORKS = [
  { name: "mlp-32", title: "784-400-20, batch 32", preset: "vae", batch: 32 },
  { name: "mlp-128", title: "784-400-20, batch 128", preset: "vae", batch: 128 },
  { name: "mlp-512", title: "784-400-20, batch 512", preset: "vae", batch: 512 },
  { name: "conv-32", title: "Convolutional, batch 32", preset: "conv", batch: 32 },
];

const USUAL = { hidden: 400, latent: 20, batch: 128 };
const RANGES = { hidden: [64, 256, 400, 1024], latent: [2, 20, 64], batch: [8, 32, 128, 512] };

/** Ours alone on both devices, one size at a time: each of its `points` is a work, `varied` names what differs from the usual. */
export const SWEEP = {
  name: "sweep",
  title: "Where each device wins: H, Z and batch one at a time, Latent Lab alone",
  points: Object.entries(RANGES).flatMap(([varied, values]) =>
    values.map((value) => point(varied, { ...USUAL, [varied]: value })),
  ),
};

function point(varied, { hidden, latent, batch }) {
  const title = `784-${hidden}-${latent}, batch ${batch}`;
  return {
    name: `${varied}-${hidden}-${latent}-${batch}`,
    title,
    preset: "vae",
    model: { hidden, latent },
    batch,
    varied,
  };
}

/** Ours first: the others are compared with the one of the same device. */
export const ENGINES = [
  { name: "ours-webgpu", title: "Latent Lab, WebGPU", library: "ours", device: "webgpu" },
  { name: "jax-webgpu", title: "jax-js, WebGPU", library: "jax", device: "webgpu" },
  { name: "tfjs-webgpu", title: "TF.js, WebGPU", library: "tfjs", device: "webgpu" },
  { name: "ours-wasm", title: "Latent Lab, CPU", library: "ours", device: "wasm" },
  { name: "jax-wasm", title: "jax-js, CPU", library: "jax", device: "wasm" },
  { name: "jax-threads", title: "jax-js, CPU, threads", library: "jax", device: "wasm", threads: true },
  { name: "tfjs-wasm", title: "TF.js, CPU", library: "tfjs", device: "wasm" },
  { name: "tfjs-threads", title: "TF.js, CPU, threads", library: "tfjs", device: "wasm", threads: true },
];

/** The peers' batches repeat after so many steps: all that losses are compared over. */
export const BATCHES = 50;

const LIMITS = { rounds: [1, 100], block: [1, 1000], warmup: [0, 100], marathon: [0, 100_000] };

/** Why `engine` cannot run here, as a sentence, or null. */
export function obstacle({ device, threads }, { webgpu, isolated }) {
  if (device === "webgpu" && !webgpu) return "There is no WebGPU adapter here.";
  if (threads && !isolated) return "Threads need a host that isolates the page (COOP and COEP headers).";
  return null;
}

/**
 * Reads `?works=mlp-128,conv-32,sweep&engines=ours-wasm&rounds=3&block=50&warmup=2&marathon=2000`; what is missing or makes no sense is as
 * `usual` has it. Lists are in the order of this file.
 */
export function readPlan(query, usual) {
  const parameters = new URLSearchParams(query);
  const chosen = (key, all) => {
    const wanted = parameters.get(key)?.split(",");
    const found = all.map(({ name }) => name).filter((name) => wanted?.includes(name));
    return found.length > 0 ? found : usual[key];
  };
  const plan = { works: chosen("works", [...WORKS, SWEEP]), engines: chosen("engines", ENGINES) };
  for (const [key, [least, most]] of Object.entries(LIMITS)) {
    const value = Number(parameters.get(key) ?? Number.NaN);
    plan[key] = Number.isInteger(value) && value >= least && value <= most ? value : usual[key];
  }
  return plan;
}

/** All that can run here; with few steps where WebGPU is drawn by software, which takes seconds for each. */
export function usualPlan(abilities) {
  const engines = ENGINES.filter((engine) => !obstacle(engine, abilities)).map(({ name }) => name);
  const counts = abilities.software
    ? { rounds: 3, block: 3, warmup: 1 }
    : { rounds: 3, block: 50, warmup: 2 };
  return { works: ["mlp-128"], engines, ...counts, marathon: 0 };
}
