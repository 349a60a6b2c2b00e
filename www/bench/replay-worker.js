// A worker with the CPU module, which knows what every engine is to look at.

import init, { presets, Rehearsal, Trainer } from "../pkg/cpu/latent_lab.js";
import { serve } from "../worker/rpc.js";

const ready = init();

serve(self, {
  async presets() {
    await ready;
    return presets();
  },

  /** The weights a run begins with, as a safetensors file, and `{ images, noise }` of its first steps. */
  async rehearse({ options, steps, images }) {
    await ready;
    const trainer = await Trainer.create(options);
    const weights = await trainer.checkpoint(false);
    trainer.free();
    const rehearsal = Rehearsal.load(options, images);
    const batches = Array.from({ length: steps }, () => rehearsal.next());
    rehearsal.free();
    return { weights, batches };
  },
});
