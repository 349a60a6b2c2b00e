// Choosing another system: the form takes its settings, the pictures show its weights, and a run of another goes on.

import { batch } from "@preact/signals-core";
import { startsOffered, withSystem } from "../settings/systems.js";

export class SystemChoice {
  #state;
  #training;
  #explore;
  #shownModel;

  constructor({ state, training, explore, shownModel }) {
    this.#state = state;
    this.#training = training;
    this.#explore = explore;
    this.#shownModel = shownModel;
  }

  /** `system`: a preset. A run of another one goes on as it is, with its own settings; they are there again with its system. */
  async choose(system) {
    const { run, runValues, values } = this.#state;
    const isOfRun = system.name === run.value.system;
    this.#take(system, isOfRun ? runValues.value : withSystem(values.value, system));
    await this.#shownModel.takeSystem(system);
  }

  /** Another data set is the present one: where the run is of it, and of the chosen system, its settings are those of the form again. */
  takeData() {
    const { run, runValues, runIsOfOtherSystem, values, system, dataset } = this.#state;
    const isOfRun = run.value.system !== null && !runIsOfOtherSystem.value;
    const taken = isOfRun ? runValues.value : values.value;
    const isOffered =
      taken.from === "file" || taken.from in startsOffered(system.value, false, dataset.value.key);
    values.value = isOffered ? taken : { ...taken, from: "z20" };
  }

  showOfData() {
    return this.#shownModel.takeData();
  }

  /** Back to the system and the settings of the run. */
  chooseOfRun(system) {
    this.#take(system, this.#state.runValues.value);
  }

  /** The system and settings of a kept run come into the form; its pictures come with its first snapshot. */
  async adopt(system, values) {
    await this.#training.pause(); // before it could take these settings for its own
    this.#take(system, values);
  }

  #take(system, values) {
    const { corruption } = this.#state.system.value.train;
    batch(() => {
      this.#state.system.value = system;
      this.#state.values.value = values;
    });
    if (system.train.corruption !== corruption) this.#corrupt(system);
  }

  /** The system that the page starts with, where its weights are not those already shown. */
  start() {
    const system = this.#state.system.value;
    return Promise.all([this.#shownModel.takeSystem(system), this.#corrupt(system)]);
  }

  /** The drawing is corrupted as the system's training images are, since its model learned to undo that. */
  #corrupt({ train }) {
    return this.#explore.setCorruption(train.corruption, null);
  }
}
