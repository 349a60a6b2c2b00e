// The list of runs, and which of them have their curves in the chart.

import { computed } from "@preact/signals-core";
import { curvesInColumns } from "../keep/kept-curves.js";
import { settingsOfKept } from "../keep/kept-values.js";
import { runName } from "../keep/run-name.js";
import { inOrder, runsBefore } from "../keep/run-order.js";
import { megabytes, moment, recently } from "../messages/format.js";
import { text } from "../messages/text.js";
import { withSystem } from "../settings/systems.js";
import { changedFrom, changesBetween, defaults, seedlessKey, withMade } from "../settings/values.js";
import { drawnColumns, overlay } from "../training/curve-overlay.js";
import { CurveSlots, MOST_CURVES } from "../training/curve-slots.js";

/** So many runs of this visit have their curves in the chart unless a person says otherwise; those of earlier visits have not. */
export const DRAWN_AT_FIRST = 6;

export class RunList {
  #state;
  #systems;
  #slots = new CurveSlots();
  #settings = new WeakMap(); // of kept runs
  #runs = computed(() => this.#all());
  #words = computed(() => this.#differences());
  #drawn = computed(() => this.#drawnRuns());
  #rows = computed(() => this.#allRows());
  #present = computed(() => (this.#state.run.value.system === null ? null : this.#state.runKept.value.id));

  constructor({ state, systems }) {
    this.#state = state;
    this.#systems = systems;
  }

  /**
   * The rows of the list, in order: {id, present, name, given, changes, before, step, epoch, test, time, kept, size, pinned, unsaved,
   * curve}. `present`: the status of the present run, null for others; `given`: the name that a person gave it, or ""; `changes`: what
   * differs from the run `before`, or from its preset where that is null; `test`: {which, total, epoch} or null; `time`, `kept` and `size`
   * in words; `curve`: {drawn, slot, refused}: the slot of its mark or null, and the key of the reason why it cannot be drawn, or null.
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
      curve: this.#curveOf(run),
    }));
  }

  /** What is drawn over the curves of the present run: {cell, steps, curves} as in curve-overlay.js, each curve with its `slot`, `name` and number of `seeds`. */
  get overlay() {
    return this.#overlay.value;
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
    const { system } = this.#run;
    return { id, begun, name, pinned, unsaved, time, bytes, system, isPresent: true };
  }

  #ofRun = computed(() => {
    const { system, made } = this.#state.run.value;
    return JSON.stringify({ system, made });
  });

  /** {system, made} of the present run. */
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
    const none = others ? text("keep.same_settings") : text("keep.as_preset");
    return { changes: changes.join("; ") || none, before: others ? runName(before, this.#systems) : null };
  }

  #likelihoodOf(run) {
    return this.#settingsOf(run)?.likelihood ?? null;
  }

  /** Of the axis: that of the present run, or before there is one, of the form. */
  #likelihood = computed(() => this.#run.made?.likelihood ?? this.#state.runValues.value.likelihood);

  #hasCurve(run) {
    return run.isPresent || drawnColumns(run.history) !== null;
  }

  /** {runs, groups}: the runs whose curves are drawn, the present one included, and those of them that are seeds of the same settings by key. */
  #drawnRuns() {
    const { runsOfVisit, curvesWanted } = this.#state;
    const atFirst = runsOfVisit.value.filter((id) => id !== this.#present.value).slice(-DRAWN_AT_FIRST);
    const isWanted = ({ id }) => curvesWanted.value[id] ?? atFirst.includes(id);
    const groups = new Map();
    for (const run of [...this.#runs.value].sort((a, b) => a.begun - b.begun)) {
      if (!(run.isPresent || isWanted(run)) || !this.#hasCurve(run)) continue;
      if (this.#likelihoodOf(run) !== this.#likelihood.value) continue;
      const key = seedlessKey(this.#settingsOf(run));
      if (!groups.has(key) && groups.size >= MOST_CURVES) continue;
      groups.set(key, [...(groups.get(key) ?? []), run]);
    }
    for (const [key, runs] of groups) if (runs.every(({ isPresent }) => isPresent)) groups.delete(key);
    return { groups, slots: this.#slots.of([...groups.keys()]) };
  }

  #curveOf(run) {
    if (run.isPresent) {
      const key = this.#settingsOf(run) && seedlessKey(this.#settingsOf(run));
      return { drawn: true, slot: this.#drawn.value.slots.get(key) ?? null, refused: null };
    }
    const { groups, slots } = this.#drawn.value;
    if (!this.#hasCurve(run)) return { drawn: false, slot: null, refused: "no_curve" };
    if (this.#likelihoodOf(run) !== this.#likelihood.value)
      return { drawn: false, slot: null, refused: "other_scale" };
    const key = seedlessKey(this.#settingsOf(run));
    const drawn = Boolean(groups.get(key)?.includes(run));
    const full = !drawn && groups.size >= MOST_CURVES && !groups.has(key);
    return { drawn, slot: drawn ? slots.get(key) : null, refused: full ? "too_many" : null };
  }

  #overlay = computed(() => {
    const { groups, slots } = this.#drawn.value;
    const withPresent = [...groups.values()].some((runs) => runs.some(({ isPresent }) => isPresent));
    const ofPresent = withPresent ? drawnColumns(curvesInColumns(this.#state.history.value)) : null;
    const columnsOf = (run) => (run.isPresent ? ofPresent : drawnColumns(run.history));
    const drawn = [...groups].map(([key, runs]) => {
      const withCurve = runs.filter(columnsOf);
      return { key, runs: withCurve.map((run) => ({ columns: columnsOf(run) })), of: withCurve };
    });
    const { cell, steps, curves } = overlay(drawn);
    const named = curves.map((curve, k) => ({
      ...curve,
      slot: slots.get(curve.key),
      ...this.#named(drawn[k].of),
    }));
    return { cell, steps, curves: named.sort((a, b) => a.slot - b.slot) };
  });

  /** {name, seeds} of a curve: several seeds have the name of the first that a person named, else of the first. */
  #named(runs) {
    const named = runs.find(({ name }) => name) ?? runs[0];
    return { name: runName(named, this.#systems), seeds: runs.length };
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
