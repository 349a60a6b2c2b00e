// What training needs before it can begin: the data files, and workers with their modules.

import { Contest } from "./device-benchmark.js";
import { chooseDevice } from "./device.js";
import { Labs, openTrainer } from "./open-trainer.js";
import { place } from "../settings/values.js";

export class Supplies {
  #viewer;
  #digits;
  #progress;
  #phase;
  #dataset;
  #labs = new Labs();
  #software;
  #contest;

  /**
   * `dataset`: the files; `digits`: the sample digits as raw [images, labels]; `progress`: the view that is told how far things are;
   * `phase(text)` is told what goes on; `software`: whether a software adapter is measured, too, instead of being passed over.
   */
  constructor({ dataset, viewer, digits, progress, phase, software }) {
    this.#dataset = dataset;
    this.#viewer = viewer;
    this.#digits = digits;
    this.#progress = progress;
    this.#phase = phase;
    this.#software = software;
    this.#contest = new Contest({ labs: this.#labs, viewer, digits, software });
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
    const { kind } = await chooseDevice(wanted, { software: this.#software });
    const modules = kind === "cpu" ? ["cpu"] : wanted === "gpu" ? ["gpu", "cpu"] : ["cpu", "gpu"];
    for (const module of modules) await this.#labs.prepare(module);
  }

  /** The faster device for the work of a run, as `Contest.judge` finds it. */
  judge(work) {
    return this.#contest.judge(work);
  }

  open(values, options) {
    return openTrainer({
      wanted: place(values),
      software: this.#software,
      options,
      digits: this.#digits,
      labs: this.#labs,
      viewer: this.#viewer,
      phase: this.#phase,
    });
  }
}
