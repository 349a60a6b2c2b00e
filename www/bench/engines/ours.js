// Latent Lab itself. Its trainer draws its own weights, batches and noise.

import { Failure } from "../../messages/failure.js";
import { moduleFile } from "../../urls.js";
import { isSoftware } from "../../worker/software-adapter.js";
import { requestSubgroups } from "../../worker/subgroups.js";
import { startThreads } from "../../worker/threads.js";
import { pretendTimestampQueries } from "../../worker/timestamp-query.js";

/** `device`: "webgpu" or "wasm"; `threads`: whether the latter has several. */
export async function open({ device, threads }) {
  const module = threads ? "threads" : { webgpu: "gpu", wasm: "cpu" }[device];
  const adapter = device === "webgpu" ? await requireAdapter() : null;
  if (adapter) pretendTimestampQueries();
  const wasm = await import(moduleFile(module, "latent_lab.js"));
  await wasm.default({ module_or_path: moduleFile(module, "latent_lab_bg.wasm") });
  if (threads) await startThreads(wasm);
  if (adapter && (await requestSubgroups())) wasm.allow_subgroups();
  if (adapter && !isSoftware(adapter)) wasm.assume_parallel();
  return {
    async start({ options }) {
      const trainer = await wasm.Trainer.create(options);
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
  if (!adapter) throw new Failure("bench_no_adapter");
  return adapter;
}
