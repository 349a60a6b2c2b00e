// The data sets that can be chosen: those that come with the page and a person's own ones; and which is the present one.

import { batch, computed, signal } from "@preact/signals-core";
import { Failure } from "../messages/failure.js";
import { examplesOf, LABELS_HEADER } from "./idx.js";
import { OwnFiles } from "./own-files.js";
import { MNIST, SHIPPED } from "./shipped.js";
import { shippedFiles } from "./shipped-files.js";
import { drawSprites, FACTORS, spriteFactors } from "./sprites.js";

const SPRITES = "sprites";

export class DataSets {
  /** Infos of all sets, as the state's `dataset`; those of a person have `kept` as well: whether they are there at the next visit. */
  list;
  /** How far the set that is being fetched to be chosen is: {key, loaded, total} in bytes, or null. */
  choosing = signal(null);
  /** The present one: a signal of its info, as in state.js. */
  dataset;
  #call;
  #own = signal([]);
  #store = null;
  #sources = new Map(); // by key
  #examples;
  #listeners = new Set();
  #wanted = null; // the key chosen last

  /** `digits`: the first examples {pictures, labels} of MNIST, which is the present set at first; `call(action, args)`: of a CPU worker. */
  constructor({ digits, call, dataset = signal(MNIST) }) {
    this.dataset = dataset;
    this.#call = call;
    this.#examples = signal(digits);
    this.list = computed(() => [...SHIPPED, ...this.#own.value]);
    this.digits = new Examples(this.#examples);
  }

  /** `store`: what own sets are kept in, {dataSets, dataSet, writeDataSet, removeDataSet} of keep/workspace.js, or null; resolves once they are listed. */
  async open(store) {
    this.#store = store;
    const infos = (await store?.dataSets()) ?? [];
    this.#own.value = infos.map((info) => ({ ...info, kept: true }));
  }

  /** `listener(info)` is called, and waited for, once another set is the present one. */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  info(key) {
    return this.list.peek().find((each) => each.key === key) ?? null;
  }

  /** The files of the present set. */
  get present() {
    return this.source(this.dataset.peek().key);
  }

  /** The files of a set: {load, raw, test, keep, keepTest, keepNothing, forget, forgetTest} as in idx-files.js. Fails where there is no such set. */
  source(key) {
    if (!this.#sources.has(key)) this.#sources.set(key, this.#open(key));
    return this.#sources.get(key);
  }

  /**
   * The test images of the present set as workers take them: {name, classes, images, labels, factors, factor_names}, raw IDX bytes, `labels` null
   * where there are none; the numbers that they were drawn from, [n * F], where those are known.
   */
  async test() {
    const { key, name, classes, test } = this.dataset.peek();
    const [images, labels] = await this.present.test();
    if (key !== SPRITES) return { name, classes, images, labels };
    const factors = await spriteFactors(this.#call, { test });
    return { name, classes, images, labels, factors, factor_names: FACTORS };
  }

  /**
   * Makes the set of this key the present one, once its test images are there; fails where they cannot be had, and the present set stays. Resolves to
   * whether it is the present one: not where another was chosen meanwhile.
   */
  async choose(key) {
    this.#wanted = key;
    const info = this.info(key);
    if (!info) throw new Failure("data_set_gone");
    if (key === this.dataset.peek().key) return true;
    try {
      const report = (bytes) => {
        if (this.#wanted === key) this.choosing.value = { key, ...bytes };
      };
      const [images, labels] = await this.source(key).test(report);
      const files = examplesOf(images, labels, info.classes.length);
      const pictures = await this.#call("images", { idx: files[0].slice() });
      if (this.#wanted !== key) return false;
      batch(() => {
        this.#examples.value = { pictures, labels: labels && files[1].slice(LABELS_HEADER) };
        this.dataset.value = info;
      });
    } finally {
      if (this.#wanted === key) this.choosing.value = null;
    }
    for (const listener of this.#listeners) await listener(info);
    return true;
  }

  /**
   * Adds a set of a person: `set` as DataImport.finish gives it, `origin` "drawn" or "files"; with `keep` it is there at the next visit. The same
   * images are the same set. Resolves to its info; where it cannot be kept, it is there until the page is left, and `kept` is false.
   */
  async add(set, { origin = "files", keep = false } = {}) {
    return this.#add(infoOf(set, origin), filesOf(set), keep);
  }

  /** Adds a set that another visit has made, {info, files}; one that is there already stays as it is. */
  async restore({ info, files }) {
    return this.info(info.key) ?? this.#add(info, files, true);
  }

  /** {info, files} of a person's set, to be restored elsewhere. */
  async saved(key) {
    const { kept: _, failure: __, ...info } = this.info(key);
    return { info, files: await this.source(key).raw() };
  }

  async #add(info, files, keep) {
    this.#sources.set(info.key, new OwnFiles(async () => files));
    let failure = null;
    if (keep) failure = await this.#keep(info, files);
    const kept = keep && failure === null;
    const others = this.#own.peek().filter(({ key }) => key !== info.key);
    this.#own.value = [...others, { ...info, kept, failure }];
    return this.info(info.key);
  }

  /** Removes a set of a person; where it is the present one, MNIST is chosen first. */
  async remove(key) {
    if (this.dataset.peek().key === key) await this.choose(MNIST.key);
    await this.#store?.removeDataSet(key);
    this.#own.value = this.#own.peek().filter((each) => each.key !== key);
    this.#sources.delete(key);
  }

  /** Everything kept was deleted: nothing more is kept. */
  keepNothing() {
    this.#store = null;
    for (const source of this.#sources.values()) source.keepNothing();
    for (const { key, folder } of SHIPPED) if (folder !== null) this.source(key).keepNothing();
  }

  /** Null where it is kept, else why not. */
  async #keep(info, files) {
    try {
      if (!this.#store) throw new Failure("data_set_not_kept");
      await this.#store.writeDataSet(info, files);
      return null;
    } catch (failure) {
      return failure;
    }
  }

  #open(key) {
    const info = this.info(key);
    if (!info) throw new Failure("data_set_gone");
    if (info.origin !== "shipped") return new OwnFiles(() => this.#store.dataSet(key));
    if (info.folder === null) return new OwnFiles(() => drawSprites(this.#call, info));
    return shippedFiles(info);
  }
}

/** The examples {pictures [n * 784], labels [n] or null} of the present set, which the same object always has. */
class Examples {
  #signal;

  constructor(examples) {
    this.#signal = examples;
  }

  /** Pixels in 0..=1. */
  get pictures() {
    return this.#signal.value.pictures;
  }

  /** Class indices, or null where there are none. */
  get labels() {
    return this.#signal.value.labels;
  }
}

/** The key is of the content, so that runs find their set when it is brought again. */
function infoOf({ name, classes, sha256, train, test, test_is_train, train_labels }, origin) {
  return {
    key: `own-${sha256.slice(0, 16)}`,
    name,
    classes,
    labelled: Boolean(train_labels) && classes.length > 0,
    train,
    test,
    sha256,
    origin,
    testIsTrain: test_is_train,
  };
}

function filesOf({ train_images, train_labels, test_images, test_labels }) {
  return {
    trainImages: train_images,
    trainLabels: train_labels ?? null,
    testImages: test_images,
    testLabels: test_labels ?? null,
  };
}
