// A worker thread with a module of its own: the estimate for training with the options that it is given, and the memory after two steps,
// a test and a checkpoint, in bytes.

import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

const FOLDER = new URL("../../pkg/cpu/", import.meta.url);
const module = await import(new URL("latent_lab.js", FOLDER));
const { memory } = module.initSync({ module: readFileSync(new URL("latent_lab_bg.wasm", FOLDER)) });
const file = (magic, count, sizes, size) => {
  const bytes = new Uint8Array(4 * (2 + sizes.length) + count * size).fill(1);
  const view = new DataView(bytes.buffer);
  for (const [at, word] of [magic, count, ...sizes].entries()) view.setUint32(4 * at, word);
  return bytes;
};
const data = (count) => [file(0x803, count, [28, 28], 784), file(0x801, count, [], 1)];
const trainer = await module.Trainer.create(workerData);
const [train_images, train_labels] = data(1024);
const [test_images, test_labels] = data(256);
trainer.load_data({
  name: "blank",
  classes: [..."0123456789"],
  train_images,
  train_labels,
  test_images,
  test_labels,
});
for (let step = 0; step < 2; step++) await trainer.train(1);
await trainer.evaluate(0, 256);
await trainer.checkpoint(true);
parentPort.postMessage([module.training_bytes(workerData), memory.buffer.byteLength]);
