// A worker with the CPU module that replays a run's batches and noise, so that every engine trains on the same.

import { moduleFile } from "../urls.js";
import { serve } from "../worker/rpc.js";

const module = import(moduleFile("cpu", "latent_lab.js")).then(async (loaded) => {
  await loaded.default({ module_or_path: moduleFile("cpu", "latent_lab_bg.wasm") });
  return loaded;
});
module.catch(() => {}); // every action awaits it and reports the error to the page

serve(self, {
  presets: async () => (await module).schema().presets,

  /** A run's initial weights, as a safetensors file, and `{ images, noise }` of its first steps. */
  async replay({ options, steps, images }) {
    const { Replay, Trainer } = await module;
    const trainer = await Trainer.create(options);
    const weights = await trainer.checkpoint(false);
    trainer.free();
    const replay = Replay.load(options, images);
    const batches = Array.from({ length: steps }, () => replay.next());
    replay.free();
    return { weights, batches };
  },
});
