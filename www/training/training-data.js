// The data files of training, with the progress of their download in the state.

export class TrainingData {
  #dataset;
  #progress;

  /** `dataset`: a Dataset; `progress`: the signal that gets {loaded, total, ready} in bytes, or null where nothing is loaded. */
  constructor({ dataset, progress }) {
    this.#dataset = dataset;
    this.#progress = progress;
  }

  /** Starts or joins the download. */
  async load() {
    let last = { loaded: 0, total: 0 };
    try {
      await this.#dataset.load((bytes) => {
        last = bytes;
        this.#progress.value = { ...bytes, ready: false };
      });
      if (last.total) this.#progress.value = { ...last, ready: true };
    } catch (error) {
      this.#progress.value = null;
      throw error;
    }
  }

  /** Copies of the four raw IDX files, to transfer. */
  async raw() {
    await this.load();
    return Object.values(await this.#dataset.raw());
  }

  /** The files are kept for the next visit. */
  keep() {
    return this.#dataset.keep();
  }

  /** The files were refused: the next `load` fetches them again. */
  forget() {
    return this.#dataset.forget();
  }
}
