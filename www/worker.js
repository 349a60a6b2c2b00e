// A worker that owns one wasm module (`?module=cpu`, `gpu` or `threads`) and answers named actions, one at a time. `&plain` leaves optional
// features of the graphics adapter off.

import { loadModule } from "./files/load-module.js";
import { archiveActions } from "./worker/archive-actions.js";
import { comparisonActions } from "./worker/comparison-actions.js";
import { importActions } from "./worker/import-actions.js";
import { watchDevices } from "./worker/lost-devices.js";
import { memoryLimit } from "./worker/memory-limit.js";
import { pathActions } from "./worker/path-actions.js";
import { posteriorActions } from "./worker/posterior-actions.js";
import { readPromptly } from "./worker/prompt-reading.js";
import { giveUp, serve } from "./worker/rpc.js";
import { isSoftware } from "./worker/software-adapter.js";
import { requestSubgroups } from "./worker/subgroups.js";
import { teachingActions } from "./worker/teaching-actions.js";
import { startThreads } from "./worker/threads.js";
import { pretendTimestampQueries } from "./worker/timestamp-query.js";

const parameters = new URL(self.location.href).searchParams;
const module = ["gpu", "threads"].find((name) => name === parameters.get("module")) ?? "cpu";

// A trap inside the module's own promises leaves a call without an answer: report it, so that the page gets the worker's "error" event
// and closes this worker.
self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  self.reportError(event.reason);
});
if (module === "gpu") {
  watchDevices((failure) => giveUp(self, failure));
  pretendTimestampQueries();
  readPromptly();
}

let subgroups = false; // whether the kernels use them
let threads = 1;
const wasm = loadModule(module).then(async (loaded) => {
  if (module === "threads") threads = await startThreads(loaded);
  if (module !== "gpu" || parameters.has("plain")) return loaded;
  subgroups = await requestSubgroups();
  if (subgroups) loaded.allow_subgroups();
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (adapter && !isSoftware(adapter)) loaded.assume_parallel();
  return loaded;
});
wasm.catch(() => {}); // every action awaits it and reports the error to the page

let viewer = null;
let shownWeights = null; // the bytes of the viewer's model
let evaluator = null;
let mapImages = null;
let mapModel = null;
let map = null;
let trainer = null;

/** The map by another model; on an error the one before stays. */
async function openMap(weights) {
  const { LatentMap, Viewer } = await wasm;
  if (mapModel) mapModel.replace(weights);
  else mapModel = Viewer.load(weights);
  map?.free();
  map = LatentMap.of(mapImages, mapModel);
}

/** A drawing, as modelInput gives it, as the image that the model sees; null where nothing is drawn. */
async function frame({ points, lengths, erase, image, centre, corruption }) {
  const { corrupt } = await wasm;
  const clean = points ? viewer.frame(points, lengths, erase, image ?? undefined, centre) : image;
  if (!clean) return null;
  return corruption ? corrupt(clean, corruption.kind, corruption.seed) : clean;
}

serve(self, {
  async open() {
    await wasm;
    return { subgroups, threads };
  },
  schema: async () => (await wasm).schema(),

  // Files of other programs become files of ours.
  translate: async ({ weights, likelihood }) => (await wasm).translate(weights, likelihood),

  // The viewer: everything interactive.
  async load({ weights }) {
    const { Viewer } = await wasm;
    const loaded = Viewer.load(weights);
    viewer?.free();
    viewer = loaded;
    shownWeights = weights;
    return viewer.describe();
  },
  async replace({ weights }) {
    viewer.replace(weights);
    shownWeights = weights;
    return viewer.describe();
  },
  weights: async () => shownWeights.slice(),
  async inspect({ weights }) {
    const { Viewer } = await wasm;
    const other = Viewer.load(weights);
    const description = other.describe();
    other.free();
    return description;
  },
  async infer({ noise, label, ...drawing }) {
    const framed = await frame(drawing);
    return framed && { framed, ...viewer.infer(framed, noise, label ?? undefined) };
  },
  frame,
  /** A drawing, as modelInput gives it, as a PNG file of what is on the pad. */
  async drawing_png({ points, lengths, erase, image }) {
    const { png } = await wasm;
    const pixels = points ? viewer.frame(points, lengths, erase, image ?? undefined, false) : image;
    return pixels ? png(pixels) : null;
  },
  decode: async ({ z, label = 0 }) => viewer.decode(z, label),
  /** The vectors of each codebook in a plane, the top one first. */
  codebook: async ({ before }) => viewer.codebook(before),
  /** The picture of a code by other weights than those shown, and what codes they have: {picture, code: {length, codes}}. */
  async decode_by({ weights, z, label }) {
    const { Viewer } = await wasm;
    const other = Viewer.load(weights);
    try {
      return { picture: other.decode(z, label), code: other.describe().code };
    } finally {
      other.free();
    }
  },
  reconstruct: async ({ images, labels }) => viewer.reconstruct(images, labels),
  usage: async ({ images, labels }) => viewer.usage(images, labels),
  /** Shapes with known factors: {images, labels, factors, classes}. */
  sprites: async ({ count, seed }) => (await wasm).sprites({ count, seed }),
  normal: async ({ seed, count }) => (await wasm).normal(seed, count),
  prior: async ({ seed, count }) => viewer.prior(seed, count),
  pseudo_inputs: async () => viewer.pseudo_inputs() ?? null,
  images: async ({ idx }) => (await wasm).images(idx),
  check_memory: async ({ options, limit }) => (await wasm).check_memory(options, limit),
  training_bytes: async ({ options }) => (await wasm).training_bytes(options),
  halve: async ({ weights }) => (await wasm).halve(weights) ?? null,
  branch: async ({ options, step, epoch, images }) => (await wasm).branch(options, step, epoch, images),
  largest_difference: async ({ a, b }) => (await wasm).largest_difference(a, b),

  // The evaluator: measures a model, a piece at a time.
  async open_evaluator({ weights, judge }) {
    const { Evaluator } = await wasm;
    const loaded = Evaluator.load(weights, judge);
    evaluator?.free();
    evaluator = loaded;
  },
  replace_evaluated: async ({ weights }) => evaluator.replace(weights),
  load_test_images: async ({ test }) => evaluator.load_test_images(test),
  start_evaluation: async ({ extent }) => evaluator.start(extent),
  advance_evaluation: async () => evaluator.advance(),
  encode_test_images: async ({ count }) => evaluator.encode_test_images(count),
  nearest: async ({ image, label, count }) =>
    evaluator
      .nearest(image, label ?? undefined, count)
      .map((neighbour) => ({ ...neighbour, picture: evaluator.picture(neighbour.index) })),
  nll: async ({ image, label, samples, seed }) => evaluator.nll(image, label ?? undefined, samples, seed),
  class_likelihoods: async ({ image, samples, seed }) =>
    evaluator.class_likelihoods(image, samples, seed) ?? null,

  // The map of latent space, in the evaluator's worker.
  async open_map({ test, weights }) {
    const { TestImages } = await wasm;
    mapImages?.free();
    mapImages = TestImages.parse(test);
    await openMap(weights);
  },
  replace_map: ({ weights }) => openMap(weights),
  encode_map: async ({ count }) => map.encode(count),
  map_picture: async ({ index }) => mapImages.picture(index),
  view_map: async ({ components, before }) => map.view(Uint32Array.from(components), before),

  /** {codes [n * length], labels [n]} of the images that the map has encoded. */
  map_codes: async () => map.codes(),
  /** [{counts [C], perplexity}] of the codes of each codebook over them. */
  code_usage: async () => map.code_usage(),

  /** The results of a study: whether a file that starts like this is one, and its configurations. */
  is_study: async ({ start }) => (await wasm).is_study(start),
  read_study: async ({ bytes }) => (await wasm).read_study(bytes),

  ...comparisonActions(wasm),
  ...pathActions(wasm, () => viewer),
  ...archiveActions(wasm),
  ...posteriorActions(wasm),
  ...importActions(wasm),
  ...teachingActions(wasm),

  // The trainer.
  async create({ options, data }) {
    const { Trainer } = await wasm;
    trainer?.free();
    trainer = null;
    const created = await Trainer.create({ ...options, memory: memoryLimit() });
    try {
      const counts = created.load_data(data);
      trainer = created;
      return { ...counts, device: created.device() };
    } catch (error) {
      created.free();
      throw error;
    }
  },
  /** A checkpoint, and how the trainer's device scores the first test images with the same weights. */
  score_checkpoint: async ({ count }) => ({
    bytes: await trainer.checkpoint(true),
    score: await trainer.evaluate(0, count),
  }),
  /** The checkpoint after the first step of another trainer; this worker's own is left alone. */
  async try_step({ options, data }) {
    const { Trainer } = await wasm;
    const other = await Trainer.create(options);
    try {
      other.load_data(data);
      await other.train(1);
      return await other.checkpoint(true);
    } finally {
      other.free();
    }
  },
  configure: async ({ train }) => trainer.configure(train),
  train: ({ steps }) => trainer.train(steps),
  evaluate: ({ from, count }) => trainer.evaluate(from, count),
  checkpoint: ({ resume }) => trainer.checkpoint(resume),

  // Every fused operation on random numbers: only in the modules built for tests.
  // `parallel`: from here on as on a real GPU.
  async kernel_trial({ seed, parallel = false }) {
    const loaded = await wasm;
    if (parallel) loaded.assume_parallel();
    return loaded.kernel_trial(seed);
  },
});
