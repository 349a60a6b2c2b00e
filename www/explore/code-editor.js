// The latent code shown: where it comes from, how it is edited, and the images decoded from it.

import { batch } from "@preact/signals-core";
import { decodedLabel } from "./label.js";
import { gridsOf, stripOf } from "./latent-code.js";
import { randomSeed } from "./random-seed.js";

const NO_STRIP = new Float32Array(0);

export class CodeEditor {
  #state;
  #viewer;
  #left = new Map(); // edited codes of models that are not shown now, by source: {values, origin, component}

  constructor({ state, viewer }) {
    this.#state = state;
    this.#viewer = viewer;
  }

  /** Another model than that of `source` is about to be shown: what was done to the code of this one stays with it. */
  leave(source) {
    const { code, codeOrigin, component } = this.#state;
    if (codeOrigin.value === "drawing") return this.forget(source);
    this.#left.set(source, { values: code.value, origin: codeOrigin.value, component: component.value });
  }

  forget(source) {
    this.#left.delete(source);
  }

  /** The drawing has changed: from now on the codes of all models follow it. */
  forgetAll() {
    this.#left.clear();
  }

  /**
   * The model of `source` begins with the code of the drawing, or with its own that it was left with; `code`: of its description.
   * `resized`: the code shown until now is of other sizes.
   */
  enter(source, { length }, { resized }) {
    const { code, codeOrigin, component, decoded } = this.#state;
    const left = this.#left.get(source);
    codeOrigin.value = "drawing";
    if (resized) {
      code.value = new Float32Array(length);
      component.value = 0;
      decoded.value = null;
    }
    if (left?.values.length === length) this.restore(left);
  }

  edit(component, value) {
    const state = this.#state;
    const code = state.code.value.slice();
    code[component] = value;
    batch(() => {
      state.code.value = code;
      state.component.value = component;
      state.codeOrigin.value = "edited";
    });
  }

  /** Another code of the same length; `component` is selected, unless it is null. */
  goTo(values, component) {
    const state = this.#state;
    batch(() => {
      state.code.value = values;
      state.component.value = component ?? state.component.value;
      state.codeOrigin.value = "edited";
    });
  }

  /** A code of an earlier visit, of the same length. */
  restore({ values, origin, component }) {
    const state = this.#state;
    batch(() => {
      state.component.value = component;
      if (origin === "drawing") return; // it follows the drawing, which may have been read by other weights
      state.code.value = values.slice();
      state.codeOrigin.value = origin;
    });
  }

  /** The code of the drawing: its posterior mean, or zeros for an empty pad. */
  followDrawing() {
    const { code, codeOrigin, inference } = this.#state;
    batch(() => {
      codeOrigin.value = "drawing";
      code.value = inference.value?.mean.slice() ?? new Float32Array(code.value.length);
    });
  }

  async samplePrior() {
    const { code, codeOrigin } = this.#state;
    const sample = await this.#viewer.call("prior", { seed: randomSeed(), count: 1 });
    if (sample.length !== code.value.length) return; // of a model that has been replaced
    batch(() => {
      code.value = sample;
      codeOrigin.value = "sample";
    });
  }

  /** The codes of one level from the prior, whose places are independent; the others stay. */
  async redraw(level) {
    const { code, shown } = this.#state;
    const sample = await this.#viewer.call("prior", { seed: randomSeed(), count: 1 });
    const grid = gridsOf(shown.value.description.code)[level];
    if (!grid || sample.length !== code.value.length) return; // of a model that has been replaced
    const values = code.value.slice();
    values.set(sample.subarray(grid.first, grid.first + grid.length), grid.first);
    this.goTo(values, null);
  }

  /** Decodes the code, then, where the strip is in sight, the same code with each of its values in the selected component. `time` of the event that asks for it, or null. */
  async decode(time) {
    const state = this.#state;
    const code = state.code.value;
    const component = state.component.value;
    const inSight = state.open.value.strip;
    const strip = inSight ? stripOf(state.shown.value.description.code, code[component]) : NO_STRIP;
    const z = new Float32Array((1 + strip.length) * code.length);
    for (let k = 0; k <= strip.length; k++) {
      z.set(code, k * code.length);
      if (k > 0) z[k * code.length + component] = strip[k - 1];
    }
    const pictures = await this.#viewer.call("decode", { z, label: decodedLabel(state) });
    state.decoded.value = { pictures, strip, time };
  }
}
