// Latent Lab itself. Its trainer draws its own weights, batches and noise.

import { moduleFile } from "../../urls.js";
import { isSoftware } from "../../worker/software-adapter.js";
import { requestSubgroups } from "../../worker/subgroups.js";
import { pretendTimestampQueries } from "../../worker/timestamp-query.js";
import { engineFailure } from "../engine-failure.js";

const MODULE = { webgpu: "gpu", wasm: "cpu" };

/** `device`: "webgpu" or "wasm". */
export async function open({ device }) {
  const adapter = device === "webgpu" ? await requireAdapter() : null;
  if (adapter) pretendTimestampQueries();
  const {
    default: init,
    Trainer,
    allow_subgroups,
    assume_parallel,
  } = await import(moduleFile(MODULE[device], "latent_lab.js"));
  await init({ module_or_path: moduleFile(MODULE[device], "latent_lab_bg.wasm") });
  if (adapter && (await requestSubgroups())) allow_subgroups();
  if (adapter && !isSoftware(adapter)) assume_parallel();
  return {
    async start({ options }) {
      const trainer = await Trainer.create(options);
      return {
        load: (files) => trainer.load_data(files),
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
  if (!adapter) throw engineFailure("bench_no_adapter");
  return adapter;
}
