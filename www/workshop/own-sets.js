// What can be done with the present data set: it is described, and a person's own is renamed, deleted and exported.

import { signal } from "@preact/signals-core";

export class OwnSets {
  /** What is in the present set, as in views/data-summary.js, or null before it is known. */
  summary = signal(null);
  #state;
  #dataSets;
  #client;
  #described = null; // the key of that set

  /** `client`: an ImportClient. */
  constructor({ state, dataSets, client }) {
    this.#state = state;
    this.#dataSets = dataSets;
    this.#client = client;
  }

  /** Of a shipped set only the test images are counted and seen: the others need not be fetched for it. */
  async describe(key) {
    if (key === this.#described) return;
    this.#described = key;
    this.summary.value = null;
    try {
      const { classes, origin } = this.#dataSets.info(key);
      const source = this.#dataSets.source(key);
      const [images, labels] = origin === "shipped" ? await source.test() : trainOf(await source.raw());
      const summary = await this.#client.describe({ images, labels, classes });
      if (key === this.#described) this.summary.value = summary;
    } catch (error) {
      this.#described = null;
      throw error;
    }
  }

  /** The present set gets another name; its images stay the same, and so does what was trained on them. */
  async rename(typed) {
    const info = this.#info;
    const name = typed.trim().replace(/\s+/g, " ");
    if (name === "" || name === info.name) return;
    const files = await this.#dataSets.source(info.key).raw();
    const renamed = await this.#dataSets.add(setOf({ ...info, name }, files), {
      origin: info.origin,
      keep: info.kept,
    });
    this.#state.dataset.value = renamed;
  }

  remove() {
    return this.#dataSets.remove(this.#info.key);
  }

  /** The present set as a zip, {blob, name}: `format` "idx" for its IDX files, "png" for a picture each in a folder for each class. */
  async export(format) {
    const info = this.#info;
    const files = await this.#dataSets.source(info.key).raw();
    const bytes =
      format === "png"
        ? [await this.#client.exportZip(setOf(info, files))]
        : await this.#client.zip(namedFiles(files));
    return {
      blob: new Blob(bytes, { type: "application/zip" }),
      name: `${fileName(info.name)}-${format}.zip`,
    };
  }

  get #info() {
    return this.#dataSets.info(this.#state.dataset.peek().key);
  }
}

function trainOf({ trainImages, trainLabels }) {
  return [trainImages, trainLabels];
}

/** As DataImport.finish gives it. */
function setOf({ name, classes, sha256, train, test, testIsTrain }, files) {
  const { trainImages, trainLabels, testImages, testLabels } = files;
  return {
    name,
    classes,
    train_images: trainImages,
    train_labels: trainLabels ?? undefined,
    test_images: testImages,
    test_labels: testLabels ?? undefined,
    sha256,
    train,
    test,
    test_is_train: testIsTrain,
  };
}

/** Under the names that MNIST has. */
function namedFiles({ trainImages, trainLabels, testImages, testLabels }) {
  return [
    ["train-images-idx3-ubyte", trainImages],
    ["train-labels-idx1-ubyte", trainLabels],
    ["t10k-images-idx3-ubyte", testImages],
    ["t10k-labels-idx1-ubyte", testLabels],
  ].filter(([, bytes]) => bytes !== null);
}

function fileName(name) {
  return name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "data";
}
