// Keeps the present run: each checkpoint that training takes, with what the page shows of the run.

import { effect } from "@preact/signals-core";

export class RunKeeper {
  #state;
  #put;
  #address = ""; // the settings of the run, while the form may already show those of another system
  #system = null; // of the run that has the present id
  #continued = null; // the id of the kept run that is about to go on
  #latest = null; // {summary, checkpoint}: the newest

  /** `put(id, kept)` has {summary, checkpoint} written; `address()` reads the query of the present settings. */
  constructor({ state, put, address }) {
    this.#state = state;
    this.#put = put;
    effect(() => {
      const now = address();
      if (!state.runIsOfOtherSystem.value) this.#address = now;
    });
  }

  /** The kept run of this id is about to go on: from then on it is the present run. */
  willContinue(id) {
    this.#continued = id;
  }

  /** Takes an event of the session, as in training-session.js. */
  take(event, detail) {
    if (event === "begin") this.#begin(detail);
    if (event === "checkpoint" && detail.step > 0) this.#keep(detail);
  }

  /** Has the newest checkpoint written, where it is not yet. */
  renew() {
    const { id, step } = this.#state.runKept.peek();
    if (this.#latest && this.#latest.summary.step > step) this.#put(id, this.#latest);
  }

  /** Begun anew, a run takes the place of the one before, unless that is of another system: those are kept side by side. */
  #begin({ resumed, history, step }) {
    const { run, runKept } = this.#state;
    const { system } = run.peek();
    if (history) runKept.value = { id: this.#continued, step };
    else if (!resumed) runKept.value = { id: this.#idFor(system), step: 0 };
    this.#system = system;
    this.#latest = null;
  }

  #idFor(system) {
    const { id } = this.#state.runKept.peek();
    return id !== null && system === this.#system ? id : crypto.randomUUID();
  }

  #keep({ bytes, weights, step, epoch, testing, made }) {
    const { run, runKept, losses, history } = this.#state;
    const summary = {
      system: run.peek().system,
      address: this.#address,
      made,
      step,
      epoch,
      time: Date.now(),
      bytes: bytes.length + weights.length,
      losses: losses.peek(),
      history: history.peek(),
    };
    this.#latest = { summary, checkpoint: { step, bytes, weights, testing } };
    this.#put(runKept.peek().id, this.#latest);
  }
}
