// The benchmark's workloads and engines, and the plan that an address asks for. Their names are in labels.js.

/** Models by their preset, with a batch size. */
export const WORKLOADS = [
  { name: "mlp-32", preset: "vae", batch: 32 },
  { name: "mlp-128", preset: "vae", batch: 128 },
  { name: "mlp-512", preset: "vae", batch: 512 },
  { name: "conv-32", preset: "conv", batch: 32 },
];

const DEFAULT = { hidden: 400, latent: 20, batch: 128 };
const RANGES = { hidden: [64, 256, 400, 1024], latent: [2, 20, 64], batch: [8, 32, 128, 512] };

/** Latent Lab alone on both devices, one size varied at a time: each of `points` is a workload, `varied` names its size. */
export const SWEEP = {
  name: "sweep",
  points: Object.entries(RANGES).flatMap(([varied, values]) =>
    values.map((value) => point(varied, { ...DEFAULT, [varied]: value })),
  ),
};

function point(varied, { hidden, latent, batch }) {
  return {
    name: `${varied}-${hidden}-${latent}-${batch}`,
    preset: "vae",
    model: { hidden, latent },
    batch,
    varied,
  };
}

/** Latent Lab first: the others are compared with it on the same device. */
export const ENGINES = [
  { name: "ours-webgpu", library: "ours", device: "webgpu" },
  { name: "jax-webgpu", library: "jax", device: "webgpu" },
  { name: "tfjs-webgpu", library: "tfjs", device: "webgpu" },
  { name: "ours-wasm", library: "ours", device: "wasm" },
  { name: "ours-threads", library: "ours", device: "wasm", threads: true },
  { name: "jax-wasm", library: "jax", device: "wasm" },
  { name: "jax-threads", library: "jax", device: "wasm", threads: true },
  { name: "tfjs-wasm", library: "tfjs", device: "wasm" },
  { name: "tfjs-threads", library: "tfjs", device: "wasm", threads: true },
];

/** The other libraries' batches repeat after this many steps: all that losses are compared over. */
export const BATCHES = 50;

const LIMITS = { rounds: [1, 100], block: [1, 1000], warmup: [0, 100], marathon: [0, 100_000] };

/** The kind of the failure that keeps `engine` from running here, or null. */
export function obstacle(
  { library, device, threads },
  { webgpu, isolated, libraries, gpuModule, threadsModule },
) {
  if (library !== "ours" && !libraries) return "bench_left_out";
  if (device === "webgpu" && !webgpu) return "bench_no_adapter";
  if (library === "ours" && device === "webgpu" && !gpuModule) return "bench_no_module";
  if (library === "ours" && threads && !threadsModule) return "bench_no_threads";
  if (threads && !isolated) return "bench_not_isolated";
  return null;
}

/**
 * Reads `?works=mlp-128,conv-32,sweep&engines=ours-wasm&rounds=3&block=50&warmup=2&marathon=2000`; what is missing or not
 * valid is taken from `defaults`. Lists are in the order of this file.
 */
export function readPlan(query, defaults) {
  const parameters = new URLSearchParams(query);
  const chosen = (key, all) => {
    const asked = parameters.get(key)?.split(",");
    const found = all.map(({ name }) => name).filter((name) => asked?.includes(name));
    return found.length > 0 ? found : defaults[key];
  };
  const plan = { works: chosen("works", [...WORKLOADS, SWEEP]), engines: chosen("engines", ENGINES) };
  for (const [key, [least, most]] of Object.entries(LIMITS)) {
    const value = Number(parameters.get(key) ?? Number.NaN);
    plan[key] = Number.isInteger(value) && value >= least && value <= most ? value : defaults[key];
  }
  return plan;
}

/** Every engine that can run here; few steps on a software WebGPU adapter, where each takes seconds. */
export function defaultPlan(abilities) {
  const engines = ENGINES.filter((engine) => !obstacle(engine, abilities)).map(({ name }) => name);
  const counts = abilities.software
    ? { rounds: 3, block: 3, warmup: 1 }
    : { rounds: 3, block: 50, warmup: 2 };
  return { works: ["mlp-128"], engines, ...counts, marathon: 0 };
}
