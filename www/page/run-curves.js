// Which runs have their curves in the chart, and those curves: the present run, runs of this visit, the configurations of a study that was
// opened, and what a person switches on.

import { computed } from "@preact/signals-core";
import { curvesInColumns } from "../keep/kept-curves.js";
import { dataOfRun } from "../settings/data-trained.js";
import { branchesOf } from "../settings/settings-record.js";
import { seedlessKey } from "../settings/values.js";
import { drawnColumns, overlay } from "../training/curve-overlay.js";
import { CurveSlots, MOST_CURVES } from "../training/curve-slots.js";

/** So many runs of this visit have their curves in the chart unless a person says otherwise; those of earlier visits have not. */
export const DRAWN_AT_FIRST = 6;

export class RunCurves {
  #state;
  #runs;
  #settingsOf;
  #nameOf;
  #slots = new CurveSlots();
  #drawn = computed(() => this.#drawnRuns());
  #overlay = computed(() => this.#overlaid());
  /** Of the axis: that of the present run, or before there is one, of the form. */
  #likelihood = computed(() => this.#state.made.value?.likelihood ?? this.#state.runValues.value.likelihood);

  /** Its data set, or before there is one, the present one. */
  #data = computed(() => this.#state.run.value.dataset ?? this.#state.dataset.value);

  /** `runs`: a signal of all runs, of which the present one has `isPresent`; `settingsOf(run)`, or null; `nameOf(run)`. */
  constructor({ state, runs, settingsOf, nameOf }) {
    this.#state = state;
    this.#runs = runs;
    this.#settingsOf = settingsOf;
    this.#nameOf = nameOf;
  }

  /** {cell, steps, curves} as in curve-overlay.js, each curve with its `slot`, `name`, number of `seeds`, and `scoredOn` as in state.js where it is a study's. */
  get overlay() {
    return this.#overlay.value;
  }

  /** {drawn, slot, refused} of a run: the slot of its mark or null, and the key of the reason why it cannot be drawn, or null. */
  of(run) {
    const { groups, slots } = this.#drawn.value;
    const refused = run.isPresent ? null : this.#refusal(run);
    const key = refused ? null : this.#keyOf(run);
    if (run.isPresent) return { drawn: true, slot: slots.get(key) ?? null, refused };
    const drawn = Boolean(groups.get(key)?.includes(run));
    if (drawn || refused) return { drawn, slot: drawn ? slots.get(key) : null, refused };
    const isFull = groups.size >= MOST_CURVES && !groups.has(key);
    return { drawn, slot: null, refused: isFull ? "too_many" : null };
  }

  /** The same of a configuration of the study. */
  ofConfiguration(configuration) {
    const { groups, slots } = this.#drawn.value;
    const refused = this.#refusalOfConfiguration(configuration);
    const key = keyOfConfiguration(configuration);
    if (groups.has(key) || refused) return { drawn: groups.has(key), slot: slots.get(key) ?? null, refused };
    return { drawn: false, slot: null, refused: groups.size >= MOST_CURVES ? "too_many" : null };
  }

  #refusalOfConfiguration({ data, data_sha256, likelihood, runs }) {
    if (!runs.some(({ history }) => drawnColumns(history))) return "no_curve";
    const { name, sha256 } = this.#data.value;
    if (data !== name || (data_sha256 && sha256 && data_sha256 !== sha256)) return "other_data";
    return likelihood === this.#likelihood.value ? null : "other_scale";
  }

  #refusal(run) {
    if (!run.isPresent && !drawnColumns(run.history)) return "no_curve";
    if (dataOfRun(run).key !== this.#data.value.key) return "other_data";
    return this.#settingsOf(run)?.likelihood === this.#likelihood.value ? null : "other_scale";
  }

  #keyOf(run) {
    const settings = this.#settingsOf(run);
    if (!settings) return null;
    return branchesOf(run).length > 0 ? run.id : seedlessKey(settings); // a branch is no seed of its settings
  }

  /** {groups, slots}: the runs that are drawn, by what seeds of the same settings have in common, and the slots by the same. */
  #drawnRuns() {
    const wanted = this.#wanted();
    const groups = new Map();
    for (const run of [...this.#runs.value].sort((a, b) => a.begun - b.begun)) {
      if (!wanted(run) || this.#refusal(run)) continue;
      const key = this.#keyOf(run);
      if (groups.has(key) || groups.size < MOST_CURVES) groups.set(key, [...(groups.get(key) ?? []), run]);
    }
    const { study, configurationsWanted } = this.#state;
    for (const configuration of study.value?.configurations ?? []) {
      const isWanted = configurationsWanted.value[configuration.name] ?? true;
      if (!isWanted || this.#refusalOfConfiguration(configuration) || groups.size >= MOST_CURVES) continue;
      groups.set(keyOfConfiguration(configuration), configuration.runs);
    }
    // The present run has curves of its own: it is laid over them only as one of several seeds.
    for (const [key, runs] of groups) if (runs.every(({ isPresent }) => isPresent)) groups.delete(key);
    return { groups, slots: this.#slots.of([...groups.keys()]) };
  }

  /** A function that tells whether a run is to be drawn. */
  #wanted() {
    const { runsOfVisit, curvesWanted } = this.#state;
    const others = this.#runs.value.filter(({ isPresent }) => !isPresent).map(({ id }) => id);
    const atFirst = runsOfVisit.value.filter((id) => others.includes(id)).slice(-DRAWN_AT_FIRST);
    return ({ id, isPresent }) => isPresent || (curvesWanted.value[id] ?? atFirst.includes(id));
  }

  #overlaid() {
    const { groups, slots } = this.#drawn.value;
    const columnsOf = (run) => (run.isPresent ? this.#ofPresent() : drawnColumns(run.history));
    const drawn = [...groups].map(([key, of]) => {
      const runs = of.map((run) => ({ run, columns: columnsOf(run) })).filter(({ columns }) => columns);
      return { key, runs };
    });
    const { cell, steps, curves } = overlay(drawn);
    const named = curves.map((curve, k) => ({
      ...curve,
      slot: slots.get(curve.key),
      ...this.#named(drawn[k]),
    }));
    return { cell, steps, curves: named.sort((a, b) => a.slot - b.slot) };
  }

  #ofPresent() {
    return drawnColumns(curvesInColumns(this.#state.history.value));
  }

  /** {name, seeds, scoredOn} of a curve, `scoredOn` null where it is of training: several seeds have the name of the first that a person named, else of the first. */
  #named({ runs }) {
    const { run } = runs.find((each) => each.run.name) ?? runs[0];
    return { name: this.#nameOf(run), seeds: runs.length, scoredOn: run.scoredOn ?? null };
  }
}

/** No settings and no id of a run begin so. */
function keyOfConfiguration({ name }) {
  return `study ${name}`;
}
