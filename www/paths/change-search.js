// The search for the smallest change of the drawing's code after which the judge reads another class, in the evaluator's worker.

import { effect, untracked } from "@preact/signals-core";
import { decodedLabel } from "../explore/label.js";
import { usedComponents } from "../explore/traversal-rows.js";
import { fetchFile } from "../files/fetch-file.js";
import { NO_CHANGE } from "../state.js";
import { weightsFile } from "../urls.js";
import { isSameModel, modelShown } from "./path-end.js";

const JUDGE = "judge.safetensors";
const fetchedJudge = () => fetchFile(weightsFile(JUDGE), JUDGE);

export class ChangeSearch {
  #state;
  #viewer;
  #openWorker;
  #fetchJudge;
  #current = null; // a token of the search under way
  #judge = null;
  #running = Promise.resolve(); // settles when no search has a piece under way

  /** `viewer`: the worker that has the weights shown; `openWorker()`: the evaluator's. */
  constructor({ state, viewer, openWorker, fetchJudge = fetchedJudge }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#openWorker = openWorker;
    this.#fetchJudge = fetchJudge;
    effect(() => {
      const shown = state.shown.value;
      if (shown) untracked(() => this.#leave(modelShown(state)));
    });
  }

  /** `target`: a label, or null for any other. The code is that of the drawing. A search under way ends first. */
  async start(target) {
    const { shown, inference, usage, change } = this.#state;
    if (!inference.value || shown.value.description.code.codes > 0) return;
    const z = inference.value.mean.slice();
    const { model } = shown.value.description;
    const components = Uint32Array.from(usedComponents(model, z.length, usage.value));
    const current = {
      model: modelShown(this.#state),
      z,
      target,
      label: decodedLabel(this.#state),
      components,
    };
    this.#current = current;
    change.value = {
      ...NO_CHANGE,
      status: "searching",
      model: current.model,
      z,
      target,
      components: components.length,
    };
    this.#running = this.#running.then(() => this.#run(current));
    await this.#running;
  }

  /** Ends it after the piece at hand; what is found stays. */
  stop() {
    if (!this.#current) return;
    this.#current = null;
    const { change } = this.#state;
    change.value = { ...change.value, status: "stopped" };
  }

  async #run(current) {
    const show = (change) => {
      if (this.#current === current) this.#state.change.value = { ...this.#state.change.value, ...change };
    };
    try {
      if (this.#current !== current) return;
      const worker = this.#openWorker();
      const [weights, judge] = await Promise.all([
        this.#viewer.call("weights", {}),
        this.#judgeBytes(),
        worker.opened,
      ]);
      const { z, label, components, target } = current;
      await worker.call("begin_change", { weights, judge, z: z.slice(), label, components, target });
      for (let stage = ""; stage !== "done" && this.#current === current; ) {
        const { found, ...progress } = await worker.call("advance_change", {});
        show({ progress, ...found });
        ({ stage } = progress);
      }
      show({ status: "found" });
      await worker.call("end_change", {});
    } catch (error) {
      show({ status: "failed", trouble: error });
    }
    if (this.#current === current) this.#current = null;
  }

  async #judgeBytes() {
    this.#judge ??= await this.#fetchJudge();
    return this.#judge.slice();
  }

  /** Changes of another model's code mean nothing for this one. */
  #leave(model) {
    const { change } = this.#state;
    if (!change.value.model || isSameModel(change.value.model, model)) return;
    this.#current = null;
    change.value = NO_CHANGE;
  }
}
