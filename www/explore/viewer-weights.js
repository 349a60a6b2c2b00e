// The weights in the viewer's worker: replaced one after the other, while requests wait.

import { batch } from "@preact/signals-core";

export class ViewerWeights {
  #state;
  #viewer;
  #editor;
  #grids;
  #usage;
  #failed;
  #latest = null; // promise of the latest replacement
  #replacing = null; // settles when the viewer has its new weights; requests wait for it, so that lengths agree

  /** `editor`, `grids` and `usage` of the exploration controller depend on the model; `failed(error)` as there. */
  constructor({ state, viewer, editor, grids, usage, failed }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#editor = editor;
    this.#grids = grids;
    this.#usage = usage;
    this.#failed = failed;
  }

  /** Loads the weights `bytes` of `source` and resets what depends on the model; on an error the old model stays. */
  replace(source, bytes, options) {
    const replaced = this.#replace(source, bytes, options);
    this.#latest = replaced;
    this.#replacing = replaced.catch(() => {});
    return replaced;
  }

  /** Whether no newer replacement has begun since `replaced`. */
  isLatest(replaced) {
    return replaced === this.#latest;
  }

  /** Does `action`, which asks the viewer, once its weights are not being replaced. */
  async settled(action) {
    await this.#replacing;
    const replacing = this.#replacing;
    try {
      return await action();
    } catch (error) {
      // A request for the old model may reach the new one and be refused; the new model's pictures follow by themselves.
      if (replacing === this.#replacing) this.#failed(error);
    }
  }

  async #replace(source, weights, { fresh, file, snapshot }) {
    await this.#replacing;
    const { shown, runKept } = this.#state;
    const before = shown.value;
    const action = before ? "replace" : "load";
    const description = await this.#viewer.call(action, { weights }, [weights.buffer]);
    const resized = sizes(description) !== sizes(before?.description);
    const otherFile = source === "file" && file !== this.#state.file.peek();
    const other = resized || fresh || otherFile || source !== before?.source; // than the next snapshot of the same run
    batch(() => {
      if (other && before) this.#editor.leave(before.source);
      if (fresh || otherFile) this.#editor.forget(source);
      this.#state.file.value = file;
      const run = source === "training" ? runKept.peek().id : null;
      shown.value = { source, description, run, snapshot };
      if (resized) this.#state.inference.value = this.#state.usage.value = null;
      if (other) this.#editor.enter(source, description.code, { resized });
    });
    this.#grids.outdate();
    if (other) await this.#usage.take(description.usage);
    else if (snapshot || before.snapshot) await this.#usage.measure();
  }
}

/** What the lengths of codes and noise depend on, and what codes are made of. */
function sizes(description) {
  return description && JSON.stringify([description.code, description.model.latent]);
}
