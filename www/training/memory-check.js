// Whether training fits into the memory of this device, estimated by the module before anything is allocated.

import { modelConfig, trainConfig } from "../settings/values.js";
import { memoryLimit } from "../worker/memory-limit.js";

/** After an allocation that failed all the same, the next attempt takes half. */
const LESS = 0.5;

export class MemoryCheck {
  #viewer;
  #limit;
  #images;

  /** `images()`: how many images of training and test are in memory. */
  constructor({ viewer, images, limit = memoryLimit() }) {
    this.#viewer = viewer;
    this.#images = images;
    this.#limit = limit;
  }

  /** Fails with "memory_batch" or "memory_setting" where these values need too much; `made`: those of the run's model, where it is made. */
  check(values, made = values) {
    return this.#viewer.call("check_memory", { options: this.#options(values, made), limit: this.#limit });
  }

  /** {batch} or {setting} to lower after memory ran out with these values. */
  async lower(values, made = values) {
    const options = this.#options(values, made);
    try {
      const bytes = await this.#viewer.call("training_bytes", { options });
      await this.#viewer.call("check_memory", { options, limit: LESS * Math.min(bytes, this.#limit) });
      return {};
    } catch ({ values = {} }) {
      return values;
    }
  }

  #options(values, made) {
    return { model: modelConfig(made), train: trainConfig(values, made), images: this.#images() };
  }
}
