// The weights of the present run at earlier snapshots, in half precision: taken from its snapshots, and thinned as it grows.

import { isDue, leftOut } from "./thinning.js";

const NONE = Number.NEGATIVE_INFINITY;

export class RunSnapshots {
  #state;
  #viewer;
  #session;
  #weights = new Map(); // bytes by step
  #run = 0; // counts runs, so that what was halved for another one is not kept
  #inherited = NONE; // of a branch that is about to begin: snapshots up to this step are its own past
  #halving = false;
  #keep = null; // where snapshots are kept for the next visit

  /** `viewer`: the worker that halves weights; `session`: the training session, whose events this takes before they are handed on. */
  constructor({ state, viewer, session }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#session = session;
    session.subscribe((event, detail) => this.#take(event, detail));
  }

  /** `keep`: {keepSnapshot(id, snapshot, left), snapshots(id), dropOldSnapshots()} of the KeepController. */
  keepIn(keep) {
    this.#keep = keep;
  }

  /** The next run is a branch of this one at `step`. */
  willBranch(step) {
    this.#inherited = step;
  }

  /** A copy of the weights of a snapshot. */
  weights({ step }) {
    return this.#weights.get(step).slice(); // which are handed on to a worker
  }

  #take(event, detail) {
    if (event === "begin") this.#begin(detail);
    if (event === "discard") this.#keepUntil(NONE);
    if (event === "snapshot") this.#takeSnapshot(detail);
  }

  /** A run that goes on after a failure comes back to an earlier step; another run has a past of its own. */
  #begin({ step, resumed, history }) {
    const isOther = !resumed || history !== null;
    if (!isOther) return this.#keepUntil(step);
    this.#run++;
    this.#keepUntil(this.#inherited);
    this.#inherited = NONE;
    queueMicrotask(() => this.#takeKept(step, this.#run)); // once the run has its id
  }

  /** Another run is there: what is kept of its past comes back, and a branch's past is kept as its own. */
  async #takeKept(until, run) {
    if (!this.#keep) return;
    const id = this.#id;
    const inherited = this.#snapshots.peek();
    const kept = await this.#keep.snapshots(id);
    if (run !== this.#run) return;
    for (const { weights, ...snapshot } of kept)
      if (snapshot.step <= until && !this.#weights.has(snapshot.step)) this.#add(snapshot, weights);
    for (const snapshot of inherited) await this.#keep.keepSnapshot(id, this.#whole(snapshot), []);
    await this.#keep.dropOldSnapshots();
  }

  async #takeSnapshot(weights) {
    const { step, epoch } = this.#session;
    if (this.#halving || !isDue(this.#steps, step)) return;
    const run = this.#run;
    this.#halving = true;
    const copy = weights.slice(); // the bytes themselves go on to the pictures
    const half = await this.#viewer.call("halve", { weights: copy }, [copy.buffer]).catch(() => null);
    this.#halving = false;
    // Weights of a run that diverges, beyond the range of half precision, are no snapshot.
    if (!half || run !== this.#run) return;
    const snapshot = { step, epoch };
    const left = this.#add(snapshot, half);
    if (!left.includes(step)) this.#keep?.keepSnapshot(this.#id, this.#whole(snapshot), left);
  }

  /** Returns the steps that were left out for it. */
  #add(snapshot, weights) {
    this.#weights.set(snapshot.step, weights);
    const all = [...this.#snapshots.value, snapshot].sort((a, b) => a.step - b.step);
    const left = leftOut(all.map(({ step }) => step));
    this.#weights.delete(left);
    this.#snapshots.value = all.filter(({ step }) => step !== left);
    return left === null ? [] : [left];
  }

  /** A snapshot with its weights. */
  #whole(snapshot) {
    return { ...snapshot, weights: this.#weights.get(snapshot.step) };
  }

  get #id() {
    return this.#state.runKept.peek().id;
  }

  #keepUntil(last) {
    for (const step of this.#steps) if (step > last) this.#weights.delete(step);
    this.#snapshots.value = this.#snapshots.value.filter(({ step }) => step <= last);
  }

  get #steps() {
    return this.#snapshots.peek().map(({ step }) => step);
  }

  get #snapshots() {
    return this.#state.snapshots;
  }
}
