// With which settings a run has trained, at which of its steps they were changed, and where it branched off from another run: what a command that
// repeats the run has to say.

import { settings } from "./schema.js";

export class SettingsRecord {
  #train;
  #changes;
  #since;
  #branches;

  /** `kept`: the record of the run that goes on at this `step`, as `value` has it, or null where there is none. */
  constructor(kept, step) {
    this.#train = kept?.train ?? null;
    this.#changes = kept?.changes ?? [];
    this.#since = kept?.since ?? step;
    this.#branches = kept?.branches ?? [];
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
   * {train, changes, since, branches}: the settings of the last step, [{step, name, from, to}] in the order of the steps, the step from which
   * on they are known, and the steps at which the run branched off from another one; or null before the first step.
   */
  get value() {
    const [changes, since, branches] = [this.#changes, this.#since, this.#branches];
    return this.#train && { train: this.#train, changes, since, branches };
  }
}

/** The record of a run that branches off after `step` steps from one with this `record`, which may be null. */
export function branched(record, step) {
  if (!record) return null;
  const changes = record.changes.filter((change) => change.step < step);
  const branches = [...(record.branches ?? []).filter((earlier) => earlier < step), step];
  return { ...record, train: settingsAt(record, step), changes, branches };
}

/** The settings of the step after which a run had `step` steps, by its record. */
export function settingsAt({ train, changes }, step) {
  const later = changes.filter((change) => change.step >= step).map(({ name, from }) => [name, from]);
  return { ...train, ...Object.fromEntries(later.reverse()) };
}

/** The settings of the first step of a run, by its record. */
export function firstSettings(record) {
  return settingsAt(record, 0);
}

/** The changes of a record that have mattered: how many epochs are planned does only where the rate decays towards the last. */
export function changesOf(record) {
  const { changes } = record;
  const decays = firstSettings(record).cool_down > 0 || changes.some(({ name }) => name === "cool_down");
  return changes.filter(({ name }) => name in settings && (name !== "epochs" || decays));
}

/** The steps at which a run, the latest last, branched off from another. */
export function branchesOf({ record }) {
  return record?.branches ?? [];
}
