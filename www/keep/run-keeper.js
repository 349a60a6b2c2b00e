// Keeps every run: each checkpoint that training takes, with what the page shows of the run. A checkpoint stays in memory until it is
// written, so that where nothing can be written, a run is kept until the tab is closed. So do the labels, its name and whether it is pinned.

import { curvesInColumns } from "./kept-curves.js";

/** 16 random bytes; `crypto.randomUUID` is missing where the page does not come by HTTPS. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

export class RunKeeper {
  #state;
  #put;
  #address;
  #claim;
  #id = null; // of the present run
  #begun = 0; // when that was, in ms since 1970
  #continued = null; // the id under which the kept run that is about to go on will be kept
  #held = new Map(); // {summary, checkpoint} of what is not written, by id

  /**
   * `put(id, kept)` has {summary, checkpoint} written, after which `written` or `unwritten` is called; `address()` reads the query of
   * the run's settings; `claim`: a RunClaim.
   */
  constructor({ state, put, address, claim }) {
    this.#state = state;
    this.#put = put;
    this.#address = address;
    this.#claim = claim;
  }

  /** The kept run of this id is about to go on. Where another tab trains it, a copy of it will. */
  async willContinue(id) {
    this.#continued = (await this.#claim.take(id)) ? id : newId();
  }

  /** The next run branches off from the present one: it is kept beside it. */
  willBranch() {
    this.#continued = newId();
    this.#claim.take(this.#continued);
  }

  /** Takes an event of the session, as in training-session.js. */
  take(event, detail) {
    if (event === "begin") this.#begin(detail);
    if (event === "checkpoint" && detail.step > 0) this.#keep(detail);
    const failed = event === "status" && detail.trouble?.kind === "start";
    if (failed || event === "discard") this.#state.runKept.value = { id: null, step: 0 };
  }

  /** `summary`: that of `kept` with the labels that were written. */
  written(id, kept, summary) {
    if (this.#held.get(id) === kept) this.#held.delete(id);
    const { runKept } = this.#state;
    if (runKept.peek().id === id) runKept.value = { id, step: summary.step };
    this.#list(id, summary, this.#held.has(id));
  }

  unwritten(id) {
    const kept = this.#held.get(id);
    if (kept) this.#list(id, kept.summary, true);
  }

  /** A run of an archive is kept as well. */
  add(id, kept) {
    this.#held.set(id, kept);
    this.#put(id, kept);
  }

  /** Has everything written that is not yet. */
  renew() {
    for (const [id, kept] of this.#held) this.#put(id, kept);
  }

  /** The checkpoint of a run that is not written, or undefined. */
  checkpoint(id) {
    return this.#held.get(id)?.checkpoint;
  }

  /** The labels {name, pinned} of a run that are not written. */
  labels(id) {
    return this.#state.runLabels.peek()[id] ?? {};
  }

  /** Gives a run labels in this tab, until they are written. */
  label(id, labels) {
    const { runLabels, keptRuns } = this.#state;
    runLabels.value = { ...runLabels.peek(), [id]: { ...this.labels(id), ...labels } };
    keptRuns.value = keptRuns.peek().map((run) => (run.id === id ? { ...run, ...labels } : run));
  }

  /** These labels of a run are written. */
  labelled(id, labels) {
    const isLeft = ([label, value]) => labels[label] !== value;
    const left = Object.fromEntries(Object.entries(this.labels(id)).filter(isLeft));
    const { [id]: _, ...others } = this.#state.runLabels.peek();
    this.#state.runLabels.value = Object.keys(left).length > 0 ? { ...others, [id]: left } : others;
  }

  /** `runs`: all that are written. */
  merge(runs) {
    const saved = runs
      .filter(({ id }) => !this.#held.has(id))
      .map((run) => ({ ...run, ...this.labels(run.id), unsaved: false }));
    const labels = new Map(runs.map(({ id, name, pinned }) => [id, { name, pinned }]));
    const held = [...this.#held].map(([id, { summary }]) => this.#listed(id, summary, true, labels.get(id)));
    this.#state.keptRuns.value = newestFirst([...saved, ...held]);
  }

  remove(id) {
    this.#held.delete(id);
    this.labelled(id, this.labels(id));
    this.#state.keptRuns.value = this.#others(id);
  }

  /** Everything was deleted; the present run is kept again, in memory, when it goes on. */
  removeAll() {
    this.#held.clear();
    this.#state.keptRuns.value = [];
    this.#state.runLabels.value = {};
    this.#state.runKept.value = { id: this.#id, step: this.#state.run.peek().step };
  }

  /** A new run never takes the place of another. */
  #begin({ resumed, history }) {
    if (history) this.#id = this.#continued;
    else if (!resumed) {
      this.#id = newId();
      this.#claim.take(this.#id);
    }
    const known = this.#known(this.#id);
    if (history || !resumed) this.#begun = known?.begun ?? Date.now();
    const { runKept, runsOfVisit } = this.#state;
    runKept.value = { id: this.#id, step: known && !known.unsaved ? known.step : 0 };
    if (!runsOfVisit.peek().includes(this.#id)) runsOfVisit.value = [...runsOfVisit.peek(), this.#id];
  }

  #keep({ bytes, weights, step, epoch, testing, made, dataset, record }) {
    const { run, losses, history } = this.#state;
    const summary = {
      system: run.peek().system,
      address: this.#address(),
      made,
      dataset: dataset && reference(dataset),
      record,
      step,
      epoch,
      begun: this.#begun,
      time: Date.now(),
      bytes: bytes.length + weights.length,
      losses: losses.peek(),
      history: curvesInColumns(history.peek()),
    };
    const kept = { summary, checkpoint: { step, bytes, weights, testing } };
    this.#held.set(this.#id, kept);
    this.#put(this.#id, kept);
  }

  #list(id, summary, unsaved) {
    const run = this.#listed(id, summary, unsaved, this.#known(id));
    this.#state.keptRuns.value = newestFirst([run, ...this.#others(id)]);
  }

  /** `known`: the run with its labels of before, where there is one. */
  #listed(id, summary, unsaved, known) {
    const { name = "", pinned = false } = known ?? {};
    return { name, pinned, ...summary, ...this.labels(id), id, unsaved };
  }

  #known(id) {
    return this.#state.keptRuns.peek().find((run) => run.id === id);
  }

  #others(id) {
    return this.#state.keptRuns.peek().filter((run) => run.id !== id);
  }
}

/** What a run says of its data set. */
function reference({ key, name, sha256, train }) {
  return { key, name, sha256, train };
}

function newestFirst(runs) {
  return runs.sort((a, b) => b.time - a.time);
}
