// Keeps every run: each checkpoint that training takes, with what the page shows of the run. A checkpoint stays in memory until it is
// written, so that where nothing can be written, a run is kept until the tab is closed.

/** 16 random bytes; `crypto.randomUUID` is missing where the page does not come by HTTPS. */
function newId() {
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

  /** Takes an event of the session, as in training-session.js. */
  take(event, detail) {
    if (event === "begin") this.#begin(detail);
    if (event === "checkpoint" && detail.step > 0) this.#keep(detail);
    if (event === "status" && detail.trouble?.kind === "start")
      this.#state.runKept.value = { id: null, step: 0 };
  }

  written(id, kept) {
    if (this.#held.get(id) === kept) this.#held.delete(id);
    const { runKept } = this.#state;
    if (runKept.peek().id === id) runKept.value = { id, step: kept.summary.step };
    this.#list(id, kept.summary, this.#held.has(id));
  }

  unwritten(id) {
    const kept = this.#held.get(id);
    if (kept) this.#list(id, kept.summary, true);
  }

  /** Has everything written that is not yet. */
  renew() {
    for (const [id, kept] of this.#held) this.#put(id, kept);
  }

  /** The checkpoint of a run that is not written, or undefined. */
  checkpoint(id) {
    return this.#held.get(id)?.checkpoint;
  }

  /** `runs`: all that are written. */
  merge(runs) {
    const { keptRuns } = this.#state;
    const saved = runs.filter(({ id }) => !this.#held.has(id)).map((run) => ({ ...run, unsaved: false }));
    const held = [...this.#held].map(([id, { summary }]) => ({ ...summary, id, unsaved: true }));
    keptRuns.value = newestFirst([...saved, ...held]);
  }

  remove(id) {
    this.#held.delete(id);
    this.#state.keptRuns.value = this.#others(id);
  }

  /** Everything was deleted; the present run is kept again, in memory, when it goes on. */
  removeAll() {
    this.#held.clear();
    this.#state.keptRuns.value = [];
    this.#state.runKept.value = { id: this.#id, step: this.#state.run.peek().step };
  }

  /** A new run never takes the place of another. */
  #begin({ resumed, history }) {
    if (history) this.#id = this.#continued;
    else if (!resumed) {
      this.#id = newId();
      this.#claim.take(this.#id);
    }
    const known = this.#state.keptRuns.peek().find(({ id }) => id === this.#id);
    this.#state.runKept.value = { id: this.#id, step: known && !known.unsaved ? known.step : 0 };
  }

  #keep({ bytes, weights, step, epoch, testing, made }) {
    const { run, losses, history } = this.#state;
    const summary = {
      system: run.peek().system,
      address: this.#address(),
      made,
      step,
      epoch,
      time: Date.now(),
      bytes: bytes.length + weights.length,
      losses: losses.peek(),
      history: history.peek(),
    };
    const kept = { summary, checkpoint: { step, bytes, weights, testing } };
    this.#held.set(this.#id, kept);
    this.#put(this.#id, kept);
  }

  #list(id, summary, unsaved) {
    this.#state.keptRuns.value = newestFirst([{ ...summary, id, unsaved }, ...this.#others(id)]);
  }

  #others(id) {
    return this.#state.keptRuns.peek().filter((run) => run.id !== id);
  }
}

function newestFirst(runs) {
  return runs.sort((a, b) => b.time - a.time);
}
