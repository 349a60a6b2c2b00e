// Choosing another system: the form takes its settings, the pictures show its weights, and a running training is paused.

import { batch } from "@preact/signals-core";
import { withSystem } from "../settings/systems.js";

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

  /** `system`: a preset. */
  async choose(system) {
    const { corruption } = this.#state.system.value.train;
    const paused = this.#training.systemChanged();
    batch(() => {
      this.#state.system.value = system;
      this.#state.values.value = withSystem(this.#state.values.value, system);
    });
    if (system.train.corruption !== corruption) this.#corrupt(system);
    await paused;
    if (this.#state.system.value === system) await this.#shownModel.takeSystem(system);
  }

  /** The system and settings of a kept run come into the form; its pictures come with its first snapshot. */
  async adopt(system, values) {
    const { corruption } = this.#state.system.value.train;
    const paused = this.#training.systemChanged();
    batch(() => {
      this.#state.system.value = system;
      this.#state.values.value = values;
    });
    if (system.train.corruption !== corruption) this.#corrupt(system);
    await paused;
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
