// The true posterior of the drawing: decides for which models it is computed, and when again.

import { computed, effect, untracked } from "@preact/signals-core";
import { columnsOf } from "../evaluation/columns-of.js";
import { isOfSameRun, snapshotOf } from "../evaluation/snapshots.js";
import { IntegratedModel } from "./integrated-model.js";
import { SHOWN, sourcesToShow } from "./posterior-choice.js";

export class PosteriorController {
  #state;
  #client;
  #weights;
  #columns = []; // IntegratedModels
  #shown = null; // the last value of state.shown

  /** `client`: a PosteriorClient; `weights(source)` resolves to {bytes, step} of pre-trained weights or, for "shown", of the model shown. */
  constructor({ state, client, weights }) {
    this.#state = state;
    this.#client = client;
    this.#weights = weights;
    this.#follow();
  }

  /** `which`: "shown" or "pair". */
  choose(which) {
    this.#state.posteriorChoice.value = which;
  }

  /** The cross in the column of a model: [z1, z2], or null for the mean of q. */
  move(source, place) {
    put(this.#state.crosses, source, place);
  }

  /** The square that is seen of the plane of a model, or null for what a new page would show. */
  look(source, square) {
    put(this.#state.frames, source, square);
  }

  /** After a failure. */
  retry() {
    this.#each((column) => column.update());
  }

  /** Resolves to the picture that the model of a column decodes from `z`, or null. */
  async decode(source, z) {
    const column = this.#columns.find(({ shown }) => shown.source === source);
    return column ? column.decode(z) : null;
  }

  #follow() {
    const { open, shown, showing, posteriorChoice, inference, labelChoice, run } = this.#state;
    const inSight = computed(() => open.value.posterior);
    const sources = computed(() => sourcesToShow(shown.value, posteriorChoice.value).join());
    const status = computed(() => run.value.status);
    const react = (read, act) =>
      effect(() => {
        read();
        if (inSight.value) untracked(act);
      });
    react(
      () => sources.value,
      () => this.#arrange(sources.peek().split(",").filter(Boolean)),
    );
    react(
      () => [shown.value, showing.value],
      () => this.#takeShown(),
    );
    react(
      () => [inference.value, labelChoice.value, status.value], // a run that pauses is seen on finer lattices
      () => this.#each((column) => column.update()),
    );
  }

  #each(act) {
    for (const column of this.#columns) act(column);
  }

  #arrange(sources) {
    this.#columns = columnsOf(sources, this.#columns, (source) => this.#open(source));
    this.#publish();
    this.#each((column) => column.update());
  }

  #open(source) {
    return new IntegratedModel({
      source,
      client: this.#client,
      weights: () => this.#weights(source),
      inputs: () => this.#inputs(source),
      changed: () => this.#publish(),
    });
  }

  #inputs(source) {
    const { open, shown, run, inference, labelChoice } = this.#state;
    return {
      open: open.peek().posterior,
      training: source === SHOWN && isLive(shown.peek()) && run.peek().status === "running",
      inference: inference.peek(),
      labelChoice: labelChoice.peek(),
    };
  }

  /** The model shown is another, or the same run some steps on. */
  #takeShown() {
    const { shown, showing } = this.#state;
    if (showing.peek()) return; // its pictures are still to come
    const before = this.#shown;
    const now = shown.peek();
    this.#shown = now;
    const column = this.#columns.find((each) => each.shown.source === SHOWN);
    if (!column || now === before) return;
    const isSameRun = before && isOfSameRun(snapshotOf(before), snapshotOf(now));
    if (isSameRun && column.shown.description) column.follow({ soon: now.snapshot !== null });
    else column.replace();
  }

  #publish() {
    this.#state.posteriors.value = this.#columns.map(({ shown }) => shown);
  }
}

/** Whether later weights of the run take the place of those shown. */
function isLive({ source, snapshot }) {
  return source === "training" && !snapshot;
}

/** `value` in the place of that of `source`, or without one where it is null. */
function put(values, source, value) {
  const { [source]: before = null, ...others } = values.peek();
  if (value !== null) values.value = { ...others, [source]: value };
  else if (before !== null) values.value = others;
}
