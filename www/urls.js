// Every address of the site, relative to this file, which is at the site's root in the source and in the bundles.

const at = (path) => new URL(path, import.meta.url);

/** The script of a worker that owns a wasm module: "cpu" or "gpu"; `plain` leaves optional features of the graphics adapter off. */
export const workerScript = (module, plain) => at(`./worker.js?module=${module}${plain ? "&plain" : ""}`);

/** A file of a compiled wasm module: "latent_lab.js" or "latent_lab_bg.wasm". */
export const moduleFile = (module, name) => at(`./pkg/${module}/${name}`);

/** A safetensors file with trained weights. */
export const weightsFile = (name) => at(`./models/${name}`);

/** An MNIST file. */
export const dataFile = (name) => at(`./data/${name}`);

export const chartLibrary = at("./vendor/uplot/uPlot.esm.js");

/** The worker in which the benchmark runs one engine. */
export const engineWorker = (engine) => at(`./bench/bench-worker.js?engine=${engine}`);

/** The worker that replays a run's batches and noise for the benchmark. */
export const replayWorker = at("./bench/replay-worker.js");

/** A file of another library that the benchmark compares with. */
export const peerFile = (path) => at(`./peers/${path}`);
