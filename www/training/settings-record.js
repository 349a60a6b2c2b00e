// With which settings a run has trained, and at which of its steps they were changed: what a command that repeats the run has to say.

import { settings } from "../settings/schema.js";

export class SettingsRecord {
  #train;
  #changes;
  #since;

  /** `kept`: the record of the run that goes on at this `step`, as `value` has it, or null where there is none. */
  constructor(kept, step) {
    this.#train = kept?.train ?? null;
    this.#changes = kept?.changes ?? [];
    this.#since = kept?.since ?? step;
  }

  /** Steps are about to be trained with the settings `train`, from `step` on; returns whether the record has changed. */
  trained(train, step) {
    if (train === this.#train) return false;
    const before = this.#train;
    this.#train = train;
    if (!before) return true;
    const names = Object.keys(train).filter((name) => name in before && before[name] !== train[name]);
    const changes = names.map((name) => ({ step, name, from: before[name], to: train[name] }));
    this.#changes = [...this.#changes, ...changes];
    return changes.length > 0;
  }

  /**
   * {train, changes, since}: the settings of the last step, [{step, name, from, to}] in the order of the steps, and the step from which on
   * they are known; or null before the first step.
   */
  get value() {
    return this.#train && { train: this.#train, changes: this.#changes, since: this.#since };
  }
}

/** The settings of the first step of a run, by its record. */
export function firstSettings({ train, changes }) {
  const backwards = changes.map(({ name, from }) => [name, from]).reverse();
  return { ...train, ...Object.fromEntries(backwards) };
}

/** The changes of a record that have mattered: how many epochs are planned does only where the rate decays towards the last. */
export function changesOf(record) {
  const { changes } = record;
  const decays = firstSettings(record).cool_down > 0 || changes.some(({ name }) => name === "cool_down");
  return changes.filter(({ name }) => name in settings && (name !== "epochs" || decays));
}
