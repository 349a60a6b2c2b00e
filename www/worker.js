// A worker that owns one wasm module (`?module=cpu` or `gpu`) and answers named actions, one at a time. `&plain` does without
// what not every graphics adapter has.

import { serve } from "./rpc.js";
import { requestSubgroups } from "./subgroups.js";

const parameters = new URL(self.location.href).searchParams;
const module = parameters.get("module") === "gpu" ? "gpu" : "cpu";

// A trap inside the module's own promises, or a lost device, leaves a call without an answer: report it, so that the page
// hears the worker's "error" event and gives this worker up.
self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  self.reportError(event.reason);
});
if (module === "gpu") reportLostDevices();

const file = (name) => new URL(`./pkg/${module}/${name}`, import.meta.url);
// Asked for beside the script that takes it, not after it.
const code = fetch(file("latent_lab_bg.wasm"));
code.catch(() => {}); // it is awaited below, once the script is there

const wasm = import(file("latent_lab.js")).then(async (loaded) => {
  await loaded.default({ module_or_path: code });
  if (module === "gpu" && !parameters.has("plain") && (await requestSubgroups())) loaded.allow_subgroups();
  return loaded;
});
wasm.catch(() => {}); // "open" and every other action await it and tell the page

let viewer = null;
let trainer = null;
let examiner = null;

serve(self, {
  open: async () => void (await wasm),

  // The viewer: everything interactive.
  async load({ weights }) {
    const { Viewer } = await wasm;
    const loaded = Viewer.load(weights);
    viewer?.free();
    viewer = loaded;
    return viewer.describe();
  },
  async replace({ weights }) {
    viewer.replace(weights);
    return viewer.describe();
  },
  async inspect({ weights }) {
    const { Viewer } = await wasm;
    const other = Viewer.load(weights);
    const description = other.describe();
    other.free();
    return description;
  },
  async look({ ink, width, image, centre, noise, spoil, digit = 0 }) {
    const { corrupt } = await wasm;
    const clean = image ?? viewer.frame(ink, width, centre);
    if (!clean) return null;
    const framed = spoil ? corrupt(clean, spoil.kind, spoil.seed) : clean;
    return { framed, ...viewer.look(framed, noise, digit) };
  },
  decode: async ({ z, digit = 0 }) => viewer.decode(z, digit),
  reconstruct: async ({ images, digits }) => viewer.reconstruct(images, digits),
  usage: async ({ images, digits }) => viewer.usage(images, digits),
  normal: async ({ seed, count }) => (await wasm).normal(seed, count),
  prior: async ({ seed, count }) => viewer.prior(seed, count),
  pseudo_inputs: async () => viewer.pseudo_inputs() ?? null,
  presets: async () => (await wasm).presets(),
  images: async ({ idx }) => (await wasm).images(idx),
  largest_difference: async ({ a, b }) => (await wasm).largest_difference(a, b),
  kernel_trial: async ({ seed }) => (await wasm).kernel_trial(seed),

  // The examiner: the slow questions, a piece at a time.
  async examine({ weights, judge }) {
    const { Examiner } = await wasm;
    const loaded = Examiner.load(weights, judge);
    examiner?.free();
    examiner = loaded;
  },
  reexamine: async ({ weights }) => examiner.replace(weights),
  take: async ({ images, labels }) => examiner.take(images, labels),
  start: async ({ extent }) => examiner.start(extent),
  advance: async () => examiner.advance(),
  prepare: async ({ count }) => examiner.prepare(count),
  plane: async () => examiner.plane(),
  nearest: async ({ image, digit, count }) =>
    examiner
      .nearest(image, digit, count)
      .map((neighbour) => ({ ...neighbour, picture: examiner.picture(neighbour.index) })),
  rarity: async ({ image, digit, samples, seed }) => examiner.rarity(image, digit, samples, seed),
  classes: async ({ image, samples, seed }) => examiner.classes(image, samples, seed) ?? null,

  // The trainer.
  async create({ options, data }) {
    const { Trainer } = await wasm;
    trainer?.free();
    trainer = null;
    const created = await Trainer.create(options);
    try {
      const counts = created.load_data(...data);
      trainer = created;
      return { ...counts, device: created.device() };
    } catch (error) {
      created.free();
      throw error;
    }
  },
  configure: async ({ train }) => trainer.configure(train),
  train: ({ steps }) => trainer.train(steps),
  evaluate: ({ from, count }) => trainer.evaluate(from, count),
  checkpoint: ({ resume }) => trainer.checkpoint(resume),
});

function reportLostDevices() {
  if (!self.GPUAdapter) return;
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await requestDevice.apply(this, args);
    device.lost.then(({ message }) => {
      self.reportError(new Error(`the graphics processor was lost (${message || "no reason given"})`));
    });
    device.addEventListener("uncapturederror", ({ error }) => {
      self.reportError(new Error(`the graphics processor reported: ${error.message}`));
    });
    return device;
  };
}
