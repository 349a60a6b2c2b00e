// Latent Lab itself: a trainer that draws its own weights, batches and noise.

import { requestSubgroups } from "../../worker/subgroups.js";

const MODULES = {
  webgpu: new URL("../../pkg/gpu/latent_lab.js", import.meta.url),
  wasm: new URL("../../pkg/cpu/latent_lab.js", import.meta.url),
};

/** `device`: "webgpu" or "wasm". */
export async function open({ device }) {
  if (device === "webgpu") await requireAdapter();
  const { default: init, Trainer, allow_subgroups } = await import(MODULES[device]);
  await init();
  if (device === "webgpu" && (await requestSubgroups())) allow_subgroups();
  return {
    async start({ options }) {
      const trainer = await Trainer.create(options);
      return {
        load: (files) => trainer.load_data(...files),
        async run({ steps, every, clock }) {
          const losses = [];
          for (let done = 0; done < steps; done += every) {
            clock.start();
            const progress = await trainer.train(every);
            clock.stop(every);
            losses.push(...progress.losses.map(({ total }) => total));
          }
          return losses;
        },
      };
    },
  };
}

async function requireAdapter() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("There is no WebGPU adapter here.");
  if (!adapter.features.has("timestamp-query"))
    throw new Error('The graphics adapter lacks the feature "timestamp-query", which this module needs.');
}
