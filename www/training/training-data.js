// The data files of training, with the progress of their download in the state.

import { trainingFiles } from "../data-sets/training-files.js";

export class TrainingData {
  #dataSets;
  #progress;

  /** `dataSets`: a DataSets; `progress`: the signal that gets {loaded, total, ready} in bytes of the present set, or null where nothing is loaded. */
  constructor({ dataSets, progress }) {
    this.#dataSets = dataSets;
    this.#progress = progress;
  }

  /** Starts or joins the download of the present set. */
  load() {
    return this.#load(this.#present);
  }

  /** Copies of the files of the set of this info, as in training-files.js, to hand over. */
  async raw(info) {
    await this.#load(info);
    return trainingFiles(info, await this.#dataSets.source(info.key).raw());
  }

  /** The files are kept for the next visit. */
  keep() {
    return this.#dataSets.present.keep();
  }

  /** The files were refused: the next `load` fetches them again. */
  forget() {
    return this.#dataSets.present.forget();
  }

  get #present() {
    return this.#dataSets.dataset.peek();
  }

  async #load({ key }) {
    const report = (progress) => {
      if (key === this.#present.key) this.#progress.value = progress;
    };
    let last = { loaded: 0, total: 0 };
    try {
      await this.#dataSets.source(key).load((bytes) => {
        last = bytes;
        report({ ...bytes, ready: false });
      });
      if (last.total) report({ ...last, ready: true });
    } catch (error) {
      report(null);
      throw error;
    }
  }
}
