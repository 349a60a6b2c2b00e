// What training needs before it can begin: the data files, and workers with their modules.

import { chooseDevice } from "./device.js";
import { Labs, openTrainer } from "./startup.js";
import { place } from "./state.js";

export class Supplies {
  #viewer;
  #digits;
  #progress;
  #phase;
  #dataset;
  #labs = new Labs();

  /** `dataset`: the files; `digits`: the sample digits as raw [images, labels]; `progress`: the view that is told how far things are; `phase(text)` is told what goes on. */
  constructor({ dataset, viewer, digits, progress, phase }) {
    this.#dataset = dataset;
    this.#viewer = viewer;
    this.#digits = digits;
    this.#progress = progress;
    this.#phase = phase;
  }

  async load() {
    let last = { loaded: 0, total: 0 };
    try {
      await this.#dataset.load((data) => {
        last = data;
        this.#progress.update({ data });
      });
      if (last.total) this.#progress.update({ data: { ...last, done: true } });
    } catch (error) {
      this.#progress.update({ data: null });
      throw error;
    }
  }

  /** The four raw IDX files, copies to hand over. */
  async data() {
    await this.load();
    return this.#dataset.raw();
  }

  keep() {
    return this.#dataset.keep();
  }

  forget() {
    return this.#dataset.forget();
  }

  /** Workers that wait with their modules loaded; the CPU's serves the self-test and the fallback as well. */
  async prepareLabs(wanted) {
    const { kind } = await chooseDevice(wanted);
    if (kind === "gpu") await this.#labs.prepare("gpu");
    await this.#labs.prepare("cpu");
  }

  open(values, options) {
    return openTrainer({
      wanted: place(values),
      options,
      digits: this.#digits,
      labs: this.#labs,
      viewer: this.#viewer,
      phase: this.#phase,
    });
  }
}
