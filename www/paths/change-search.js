// The search for the smallest change of the drawing's code after which the judge reads another digit, in the evaluator's worker.

import { effect, untracked } from "@preact/signals-core";
import { decodedLabel } from "../explore/label.js";
import { usedComponents } from "../explore/traversal-rows.js";
import { fetchFile } from "../files/fetch-file.js";
import { NO_CHANGE } from "../state.js";
import { weightsFile } from "../urls.js";
import { isWorkerLost } from "../worker/worker-client.js";
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

  /** `target`: a digit, or null for any other. The code is that of the drawing. */
  async start(target) {
    const { shown, inference, usage } = this.#state;
    if (!inference.value || shown.value.description.code.codes > 0) return;
    const current = { model: modelShown(this.#state) };
    this.#current = current;
    const z = inference.value.mean.slice();
    const { model } = shown.value.description;
    const components = usedComponents(model, z.length, usage.value);
    const show = (change) => {
      if (this.#current === current) this.#state.change.value = { ...this.#state.change.value, ...change };
    };
    this.#state.change.value = {
      ...NO_CHANGE,
      status: "searching",
      model: current.model,
      z,
      target,
      components: components.length,
    };
    try {
      const worker = this.#openWorker();
      const [weights, judge] = await Promise.all([
        this.#viewer.call("weights", {}),
        this.#judgeBytes(),
        worker.opened,
      ]);
      const digit = decodedLabel(this.#state);
      await worker.call("begin_change", {
        weights,
        judge,
        z: z.slice(),
        digit,
        components: Uint32Array.from(components),
        target,
      });
      await this.#advance(worker, current, show);
      if (this.#current === current) this.#current = null;
    } catch (error) {
      show({ status: "failed", trouble: error });
    }
  }

  /** Ends it after the piece at hand; what is found stays. */
  stop() {
    if (!this.#current) return;
    this.#current = null;
    const { change } = this.#state;
    change.value = { ...change.value, status: "stopped" };
  }

  async #advance(worker, current, show) {
    for (;;) {
      const { found, ...progress } = await worker.call("advance_change", {});
      if (this.#current !== current) break;
      show({ progress, ...found });
      if (progress.stage !== "done") continue;
      show({ status: "found" });
      break;
    }
    if (!this.#current || this.#current === current) worker.call("end_change", {}).catch(ignoreLost);
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

function ignoreLost(error) {
  if (!isWorkerLost(error)) throw error;
}
