// The list of runs, and what differs from one to the next.

import { computed } from "@preact/signals-core";
import { MNIST } from "../data-sets/shipped.js";
import { settingsOfKept } from "../keep/kept-values.js";
import { runName } from "../keep/run-name.js";
import { inOrder, runsBefore } from "../keep/run-order.js";
import { megabytes, moment, recently } from "../messages/format.js";
import { text } from "../messages/text.js";
import { dataOfRun } from "../settings/data-trained.js";
import { branchesOf } from "../settings/settings-record.js";
import { withSystem } from "../settings/systems.js";
import { changedFrom, changesBetween, defaults, withMade } from "../settings/values.js";
import { RunCurves } from "./run-curves.js";

export class RunList {
  #state;
  #systems;
  #curves;
  #settings = new WeakMap(); // of kept runs
  #runs = computed(() => this.#all());
  #words = computed(() => this.#differences());
  #rows = computed(() => this.#allRows());
  #present = computed(() => (this.#state.run.value.system === null ? null : this.#state.runKept.value.id));

  constructor({ state, systems }) {
    this.#state = state;
    this.#systems = systems;
    this.#curves = new RunCurves({
      state,
      runs: this.#runs,
      settingsOf: (run) => this.#settingsOf(run),
      nameOf: (run) => runName(run, systems),
    });
  }

  /**
   * The rows of the list, in order: {id, present, name, given, changes, before, step, epoch, test, time, kept, size, pinned, unsaved,
   * curve}. `present`: the status of the present run, null for others; `given`: the name that a person gave it, or ""; `changes`: what
   * differs from the run `before`, or from its preset where that is null; `test`: {which, total, epoch} or null; `time`, `kept` and `size`
   * in words; `curve`: as in RunCurves.of.
   */
  get rows() {
    const { run, losses } = this.#state;
    const [present, ...others] = this.#rows.value;
    if (!present?.present) return this.#rows.value;
    const { status, step, epoch } = run.value;
    return [{ ...present, present: status, step, epoch, test: lastTest(losses.value, epoch) }, ...others];
  }

  #allRows() {
    return inOrder(this.#runs.value, this.#present.value).map((run) => ({
      id: run.id,
      present: run.isPresent ? "running" : null,
      name: runName(run, this.#systems),
      given: run.name,
      ...this.#words.value.get(run.id),
      step: run.step,
      epoch: run.epoch,
      test: run.isPresent ? null : lastTest(run.losses, run.epoch),
      time: run.time ? recently(run.time, Date.now()) : "",
      kept: run.time ? moment(run.time) : "",
      size: run.bytes ? megabytes(run.bytes) : "",
      pinned: run.pinned,
      unsaved: run.unsaved,
      curve: this.#curves.of(run),
    }));
  }

  /** The configurations of the study that was opened: {name, test, scored_on, curve}, `curve` as in RunCurves.ofConfiguration. */
  get configurations() {
    const configurations = this.#state.study.value?.configurations ?? [];
    return configurations.map((each) => {
      const { name, test, scored_on } = each;
      return { name, test, scored_on, curve: this.#curves.ofConfiguration(each) };
    });
  }

  /** What is drawn over the curves of the present run, as in RunCurves. */
  get overlay() {
    return this.#curves.overlay;
  }

  /** What `runCommand` makes the command of a run from, or null where its system is unknown to this version of the page. */
  recipe(id) {
    const run = this.#runs.peek().find((each) => each.id === id);
    const [preset, values] = [this.#preset(run?.system), run && this.#settingsOf(run)];
    if (!preset || !values) return null;
    const { record = null, step } = run.isPresent ? this.#state.run.peek() : run;
    return { preset, values, from: values.from, record, step, dataset: dataOfRun(run) };
  }

  /** A person switches the curves of a run on or off. */
  draw(id, wanted) {
    const { curvesWanted } = this.#state;
    curvesWanted.value = { ...curvesWanted.peek(), [id]: wanted };
  }

  /** The kept runs, and the present one before it is kept. */
  #all() {
    const { keptRuns, runLabels, made } = this.#state;
    const present = this.#present.value;
    const kept = keptRuns.value.map((run) => (run.id === present ? this.#asPresent(run) : run));
    if (present === null || !made.value || kept.some(({ id }) => id === present)) return kept;
    const labels = { name: "", pinned: false, ...runLabels.value[present] };
    return [...kept, this.#asPresent({ id: present, begun: Number.POSITIVE_INFINITY, ...labels })];
  }

  /** Only what does not change at each step, so that the words of all runs are not made anew then. */
  #asPresent({ id, begun, name, pinned, unsaved = false, time = 0, bytes = 0 }) {
    const { system, dataset, branches } = this.#run;
    const own = { system, dataset, record: { branches } };
    return { id, begun, name, pinned, unsaved, time, bytes, ...own, isPresent: true };
  }

  #ofRun = computed(() => {
    const { system, made, dataset, record } = this.#state.run.value;
    return JSON.stringify({ system, made, dataset, branches: branchesOf({ record }) });
  });

  /** {system, made, dataset, branches} of the present run. */
  get #run() {
    return JSON.parse(this.#ofRun.value);
  }

  /** The settings of a run, or null where its system is unknown to this version of the page. */
  #settingsOf(run) {
    if (run.isPresent) {
      const { made } = this.#run;
      return made && { ...withMade(this.#state.runValues.value, made), from: made.from };
    }
    if (!this.#settings.has(run)) {
      const preset = this.#preset(run.system);
      const made = { ...defaults(), ...run.made };
      this.#settings.set(run, preset && { ...settingsOfKept({ ...run, made }, preset), from: made.from });
    }
    return this.#settings.get(run);
  }

  /** By id: {changes, before}: what differs from the run begun before it, of that name, or from its preset, in words. */
  #differences() {
    const runs = this.#runs.value;
    const before = runsBefore(runs);
    return new Map(runs.map((run) => [run.id, this.#differencesOf(run, before.get(run.id))]));
  }

  #differencesOf(run, before) {
    const [preset, own] = [this.#preset(run.system), this.#settingsOf(run)];
    const others = before && this.#settingsOf(before);
    if (!own) return { changes: "", before: null };
    const changes = others
      ? changesBetween(others, own)
      : preset
        ? changedFrom(own, withSystem(defaults(), preset))
        : [];
    const [branch] = branchesOf(run).slice(-1);
    const data = dataOfRun(run);
    if (before && dataOfRun(before).key !== data.key) changes.unshift(text("data.on", { data: data.name }));
    else if (!before && data.key !== MNIST.key) changes.unshift(text("data.on", { data: data.name }));
    if (branch !== undefined) changes.unshift(text("keep.branched", { step: branch }));
    const none = others ? text("keep.same_settings") : text("keep.as_preset");
    return { changes: changes.join("; ") || none, before: others ? runName(before, this.#systems) : null };
  }

  #preset(name) {
    return this.#systems.find((each) => each.name === name);
  }
}

/** The last test of a run, that on all images where there is one: {which, total, epoch}, or null. */
function lastTest({ quick, full }, atEpoch) {
  const test = full ?? quick;
  return test && { which: full ? "full" : "quick", total: test.total, epoch: test.epoch ?? atEpoch };
}
