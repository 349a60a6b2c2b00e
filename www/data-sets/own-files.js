// The files of a data set that is in memory: drawn, brought by a person, or made by the CPU module.

export class OwnFiles {
  #read;
  #bytes = null; // a promise of the set's files

  /** `read()` resolves to {trainImages, trainLabels, testImages, testLabels} as raw IDX bytes, labels null where there are none; it is called once. */
  constructor(read) {
    this.#read = read;
  }

  /** Makes sure that the files are there. `report({loaded, total})` in bytes. */
  async load(report = () => {}) {
    const files = Object.values(await this.#files());
    const total = files.reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0);
    report({ loaded: total, total });
    return files;
  }

  /** Copies of the files. */
  async raw() {
    const files = await this.#files();
    return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, copyOf(bytes)]));
  }

  /** Copies of the test images and their labels, or null. */
  async test() {
    const { testImages, testLabels } = await this.#files();
    return [testImages, testLabels].map(copyOf);
  }

  // They are kept by themselves, or made anew.
  async keep() {}
  async keepTest() {}
  keepNothing() {}
  async forget() {}
  async forgetTest() {}

  #files() {
    this.#bytes ??= this.#read().catch((error) => {
      this.#bytes = null;
      throw error;
    });
    return this.#bytes;
  }
}

const copyOf = (bytes) => bytes?.slice() ?? null;
