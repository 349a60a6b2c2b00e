// The search for the smallest change of the drawing's code after which the judge reads another class, in the evaluator's worker.

import { effect, untracked } from "@preact/signals-core";
import { decodedLabel } from "../explore/label.js";
import { usedComponents } from "../explore/traversal-rows.js";
import { fetchFile } from "../files/fetch-file.js";
import { NO_CHANGE } from "../initial-state.js";
import { Failure } from "../messages/failure.js";
import { judgeOf } from "../settings/sources.js";
import { weightsFile } from "../urls.js";
import { isSameModel, modelShown } from "./path-end.js";

const fetchedJudge = (file) => fetchFile(weightsFile(file), file);

export class ChangeSearch {
  #state;
  #viewer;
  #openWorker;
  #fetchJudge;
  #current = null; // a token of the search under way
  #judge = null; // {file, bytes} of the last data set
  #key = null; // of the data set
  #running = Promise.resolve(); // settles when no search has a piece under way

  /** `viewer`: the worker that has the weights shown; `openWorker()`: the evaluator's. */
  constructor({ state, viewer, openWorker, fetchJudge = fetchedJudge }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#openWorker = openWorker;
    this.#fetchJudge = fetchJudge;
    effect(() => {
      const shown = state.shown.value;
      const { key } = state.dataset.value;
      if (shown) untracked(() => this.#leave(modelShown(state), key));
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
    const { key, name } = this.#state.dataset.peek();
    const file = judgeOf(key);
    if (!file) throw new Failure("no_judge", { data: name });
    if (this.#judge?.file !== file) this.#judge = { file, bytes: await this.#fetchJudge(file) };
    return this.#judge.bytes.slice();
  }

  /** Changes of another model's code, or read by the judge of another data set, mean nothing for this one. */
  #leave(model, key) {
    const { change } = this.#state;
    const isSame = key === this.#key;
    this.#key = key;
    if (!change.value.model || (isSame && isSameModel(change.value.model, model))) return;
    this.#current = null;
    change.value = NO_CHANGE;
  }
}
