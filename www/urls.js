// Every address of the site, relative to this file, which is at the site's root in the source and in the bundles.

import { INFLATED, NAMES } from "./site-files.js";

/** Files of weights that are not simply named after their source. */
const WEIGHTS = { z20: "vae-z20.safetensors", z2: "vae-z2.safetensors" };

const at = (path) => new URL(`./${NAMES[path] ?? path}`, import.meta.url);

/** The script of a worker that owns a wasm module: "cpu", "gpu" or "threads"; `plain` leaves optional features of the graphics adapter off. */
export const workerScript = (module, plain) => {
  const address = at("worker.js");
  address.search = `?module=${module}${plain ? "&plain" : ""}`;
  return address;
};

/** The script of a worker that is a thread of the module with shared memory. */
export const threadScript = at("thread.js");

/** A file of a compiled wasm module: "latent_lab.js" or "latent_lab_bg.wasm". */
export const moduleFile = (module, name) => at(`pkg/${module}/${name}`);

/** The name of the file of pre-trained weights. */
export const weightsName = (source) => WEIGHTS[source] ?? `${source}.safetensors`;

/** A safetensors file with trained weights. */
export const weightsFile = (name) => at(`models/${name}`);

/** Whether the site has this file of the source; true in the source itself, which does not list its files. */
export const hasFile = (path) => path in NAMES || Object.keys(NAMES).length === 0;

/** Whether the site has the WebGPU module, which `./build.sh` builds while the page is served already. */
export const hasWebGpuModule = () => hasFile("pkg/gpu/latent_lab.js");

/** Whether the site has the CPU module with threads, which `./build.sh threads` builds. */
export const hasThreadsModule = () => hasFile("pkg/threads/latent_lab.js");

/** Whether the site has the other libraries of the benchmark, which a build can leave out. */
export const hasLibraries = () => hasFile("peers/jax-js/index.js");

/** A file of a data set. */
export const dataFile = (name) => at(`data/${name}`);

export const chartLibrary = at("vendor/uplot/uPlot.esm.js");

export const gifLibrary = at("vendor/gifenc/gifenc.esm.js");

/** The worker in which the benchmark runs one engine. */
export const engineWorker = (engine) => {
  const address = at("bench/bench-worker.js");
  address.search = `?engine=${engine}`;
  return address;
};

/** The worker that replays a run's batches and noise for the benchmark. */
export const replayWorker = at("bench/replay-worker.js");

/** A file of another library that the benchmark compares with. */
export const peerFile = (path) => at(`peers/${path}`);

/** The service worker: always this name, because the browser asks for the same address at each visit. */
export const serviceWorker = at("service-worker.js");

/** The first digits of the SHA-256 of a data file's inflated bytes, or null. */
export const inflatedDigest = (name) => INFLATED[`data/${name}`] ?? null;

/** The file name of the page's script, which names all others, or null in a worker. */
export const ownScript =
  globalThis.document?.querySelector('script[type="module"]')?.src.split("/").at(-1) ?? null;
