// Checkpoints of a trainer on the GPU, each compared with the CPU before anybody gets it: a driver whose first step is right may compute
// garbage later.

import { countOf } from "../data-sets/idx.js";
import { withFiles } from "../data-sets/training-files.js";
import { Failure } from "../messages/failure.js";
import { hasIndices } from "../settings/schema.js";
import { gradientDifference } from "./self-test.js";

/** Test images that both devices score. */
const IMAGES = 32;
/** Images of the training step that both devices take; all of a comparison costs the CPU 0.1 s, 0.3 s with convolutions. */
const BATCH = 16;
/**
 * Largest difference of a score, relative to reconstruction and KL together. Rounding gives up to 3e-7 (the presets, trained, 640 test
 * images). A code's index that the devices round to different sides may change the mean of 32 images by 1e-3.
 */
const LIMIT = 1e-4;
const INDEX_LIMIT = 1e-2;

export class CheckedTrainer {
  #gpu;
  #openCpu;
  #cpu = null; // a promise of the worker on the CPU
  #examples;
  #data;
  #count; // of test images
  #good; // weights of the last checkpoint that agreed

  /**
   * `gpu`: the trainer's worker; `openCpu()` resolves to one on the CPU; `files`: those of the trainer's data set, and `examples` of it, as in
   * data-sets/training-files.js.
   */
  constructor({ gpu, openCpu, examples, files }) {
    this.#gpu = gpu;
    this.#openCpu = openCpu;
    this.#examples = examples;
    const { test_images, test_labels } = withFiles(files, (bytes) => firstItems(IMAGES, bytes));
    this.#data = { ...examples, test_images, test_labels };
    this.#count = Math.min(IMAGES, countOf(test_images));
  }

  /**
   * Resolves to {bytes, weights, score}: a checkpoint to resume from, its weights alone, and their score on the CPU; to null where
   * training has diverged. Fails with a "devices_disagree_.." where the GPU does not score images as the CPU does with the weights
   * that were read back, or takes another training step from them. `config`: the trainer's present {model, train}.
   */
  async checkpoint(config) {
    const { bytes, score } = await this.#gpu.call("score_checkpoint", { count: this.#count });
    const cpu = await this.#reference();
    const data = this.#data;
    try {
      await cpu.call("create", { options: { ...config, weights: bytes, resume: true }, data });
    } catch (error) {
      if (error.kind !== "tensor_not_finite") throw error;
      if (isScored(score)) throw new Failure("devices_disagree_on_weights", { tensor: error.values.tensor });
      return this.diverged(config);
    }
    const onCpu = await cpu.call("evaluate", { from: 0, count: this.#count });
    if (!isScored(onCpu) && !isScored(score)) return this.diverged(config);
    compareScores(onCpu, score, config.model);
    const weights = await cpu.call("checkpoint", { resume: false });
    await this.#compareSteps({ ...config, weights });
    this.#good = weights;
    return { bytes, weights: weights.slice(), score: onCpu };
  }

  /** The loss or the weights are not finite: resolves to null if that is the run's doing, and fails as above if it is the GPU's. */
  async diverged(config) {
    await this.#compareSteps({ ...config, weights: this.#good });
    return null;
  }

  close() {
    this.#cpu?.then((client) => client.close()).catch(() => {});
    this.#cpu = null;
  }

  #reference() {
    this.#cpu ??= this.#openCpu();
    return this.#cpu;
  }

  /** Both devices take one step with a new trainer, which leaves the run's own alone. */
  async #compareSteps({ model, train, weights }) {
    const cpu = await this.#reference();
    const options = { model, train: { ...train, batch: Math.min(train.batch, BATCH) }, weights };
    const step = { options, data: this.#examples };
    const [a, b] = await Promise.all([cpu, this.#gpu].map((client) => client.call("try_step", step)));
    const difference = await gradientDifference(cpu, { cpu: a, gpu: b, model });
    if (!difference) return;
    const { tensor, percent } = difference;
    if (percent === null) throw new Failure("devices_disagree_not_finite", { tensor });
    throw new Failure("devices_disagree_on_gradient", { tensor, percent });
  }
}

function isScored({ reconstruction, kl }) {
  return Number.isFinite(reconstruction) && Number.isFinite(kl);
}

/** Fails where two scores of the same images differ by more than rounding, in a term or in one component's KL. */
export function compareScores(cpu, gpu, model) {
  const limit = hasIndices(model) ? INDEX_LIMIT : LIMIT;
  const most = limit * (Math.abs(cpu.reconstruction) + Math.abs(cpu.kl));
  const agree = (a, b) => Number.isFinite(a - b) && Math.abs(a - b) <= most;
  const terms = ["reconstruction", "kl"].every((term) => agree(cpu[term], gpu[term]));
  if (terms && cpu.usage.every((kl, component) => agree(kl, gpu.usage[component]))) return;
  const [onCpu, onGpu] = [cpu, gpu].map(({ reconstruction, kl }) => (reconstruction + kl).toPrecision(6));
  throw new Failure("devices_disagree_on_score", { cpu: onCpu, gpu: onGpu });
}

/** An IDX file cut after its first `count` items. */
export function firstItems(count, bytes) {
  const header = 4 + 4 * bytes[3]; // bytes; the fourth byte counts the axes
  const items = countOf(bytes);
  const kept = Math.min(count, items);
  const cut = bytes.slice(0, header + ((bytes.length - header) / items) * kept);
  new DataView(cut.buffer).setUint32(4, kept);
  return cut;
}
