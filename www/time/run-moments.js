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

  /** `viewer`: the worker that halves weights; `session`: the training session, whose events this takes before they are handed on. */
  constructor({ state, viewer, session }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#session = session;
    session.subscribe((event, detail) => this.#take(event, detail));
  }

  /** The next run is a branch of this one at `step`. */
  willBranch(step) {
    this.#inherited = step;
  }

  /** A copy of the weights of a moment. */
  weights({ step }) {
    return this.#weights.get(step).slice();
  }

  #take(event, detail) {
    if (event === "begin") this.#begin(detail);
    if (event === "discard") this.#keepUntil(NONE);
    if (event === "snapshot") this.#takeSnapshot(detail);
  }

  /** A run that goes on after a failure comes back to an earlier step; another run has a past of its own. */
  #begin({ step, resumed, history }) {
    const isOther = !resumed || history !== null;
    if (isOther) this.#run++;
    this.#keepUntil(isOther ? this.#inherited : step);
    this.#inherited = NONE;
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
    if (half && run === this.#run) this.#add({ step, epoch }, half);
  }

  #add(moment, weights) {
    this.#weights.set(moment.step, weights);
    const all = [...this.#moments.value, moment];
    const left = leftOut(all.map(({ step }) => step));
    this.#weights.delete(left);
    this.#moments.value = all.filter(({ step }) => step !== left);
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
