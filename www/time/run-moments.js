// The weights of the present run at earlier moments, in half precision: taken from its snapshots, and thinned as it grows.

import { isDue, leftOut } from "./thinning.js";

const NONE = Number.NEGATIVE_INFINITY;

export class RunMoments {
  #state;
  #viewer;
  #session;
  #weights = new Map(); // bytes by step
  #run = 0; // counts runs, so that what was halved for another one is not kept
  #inherited = NONE; // of a branch that is about to begin: moments up to this step are its own past
  #halving = false;
  #keep = null; // where moments are kept for the next visit

  /** `viewer`: the worker that halves weights; `session`: the training session, whose events this takes before they are handed on. */
  constructor({ state, viewer, session }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#session = session;
    session.subscribe((event, detail) => this.#take(event, detail));
  }

  /** `keep`: {keepMoment(id, moment, left), moments(id), dropOldMoments()} of the KeepController. */
  keepIn(keep) {
    this.#keep = keep;
  }

  /** The next run is a branch of this one at `step`. */
  willBranch(step) {
    this.#inherited = step;
  }

  /** A copy of the weights of a moment. */
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
    const inherited = this.#moments.peek();
    const kept = await this.#keep.moments(id);
    if (run !== this.#run) return;
    for (const { weights, ...moment } of kept)
      if (moment.step <= until && !this.#weights.has(moment.step)) this.#add(moment, weights);
    for (const moment of inherited) await this.#keep.keepMoment(id, this.#whole(moment), []);
    await this.#keep.dropOldMoments();
  }

  async #takeSnapshot(weights) {
    const { step, epoch } = this.#session;
    if (this.#halving || !isDue(this.#steps, step)) return;
    const run = this.#run;
    this.#halving = true;
    const copy = weights.slice(); // the bytes themselves go on to the pictures
    const half = await this.#viewer.call("halve", { weights: copy }, [copy.buffer]).catch(() => null);
    this.#halving = false;
    // Weights of a run that diverges, beyond the range of half precision, are no moment.
    if (!half || run !== this.#run) return;
    const moment = { step, epoch };
    const left = this.#add(moment, half);
    if (!left.includes(step)) this.#keep?.keepMoment(this.#id, this.#whole(moment), left);
  }

  /** Returns the steps that were left out for it. */
  #add(moment, weights) {
    this.#weights.set(moment.step, weights);
    const all = [...this.#moments.value, moment].sort((a, b) => a.step - b.step);
    const left = leftOut(all.map(({ step }) => step));
    this.#weights.delete(left);
    this.#moments.value = all.filter(({ step }) => step !== left);
    return left === null ? [] : [left];
  }

  /** A moment with its weights. */
  #whole(moment) {
    return { ...moment, weights: this.#weights.get(moment.step) };
  }

  get #id() {
    return this.#state.runKept.peek().id;
  }

  #keepUntil(last) {
    for (const step of this.#steps) if (step > last) this.#weights.delete(step);
    this.#moments.value = this.#moments.value.filter(({ step }) => step <= last);
  }

  get #steps() {
    return this.#moments.peek().map(({ step }) => step);
  }

  get #moments() {
    return this.#state.moments;
  }
}
