// The paths between two ends, for the model shown: what is pinned, and the pictures along each path, decoded while the view is in sight.

import { computed, effect, untracked } from "@preact/signals-core";
import { decodeInParts } from "../explore/decode-in-parts.js";
import { imageAt, PIXELS } from "../explore/images.js";
import { decodedLabel } from "../explore/label.js";
import { latest } from "../worker/latest.js";
import { FRAMES, STRIP } from "./path-counts.js";
import { isSameModel, modelShown, presentEnd, testEnd } from "./path-end.js";

export class PathController {
  #state;
  #viewer;
  #digits;
  #framesWanted = false; // since somebody has played or moved the slider
  #inputs;

  /** `viewer`: the worker that has the weights shown; `digits`: some test images, as in explore/test-images.js. */
  constructor({ state, viewer, digits }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#digits = digits;
    const label = computed(() => decodedLabel(state));
    this.#inputs = computed(() => ({
      open: state.open.value.paths,
      shown: state.shown.value,
      ends: state.ends.value,
      label: label.value,
    }));
    effect(() => {
      const { open, shown } = this.#inputs.value;
      if (open && shown) untracked(() => this.#update());
    });
  }

  /** `at`: "a" or "b". What is shown now becomes this end; a code is decoded for it, because the picture in sight may still be that of the code before. */
  async pin(at) {
    const end = presentEnd(this.#state);
    if (!end) return;
    try {
      const image = end.image ?? (await this.#call("decode", { z: end.code.slice(), label: end.shownAs }));
      this.#place(at, { ...end, image });
    } catch {
      // The model was replaced meanwhile, and the code with it. A lost viewer is reported by the drawing.
    }
  }

  /** The test image at `index` becomes this end. */
  chooseImage(at, index) {
    this.#place(at, testEnd(this.#digits, index));
  }

  swap() {
    const { a, b } = this.#state.ends.value;
    this.#state.ends.value = { a: b, b: a };
  }

  /** `course`: as in the state. */
  go(course) {
    this.#state.course.value = course;
  }

  /** The pictures between those of the strips, from now on. */
  wantFrames() {
    if (this.#framesWanted) return;
    this.#framesWanted = true;
    this.#update();
  }

  /**
   * `count` pictures along the path `kind` that is shown now, [count * 784]; `report(done)` is called after each few, and `wanted()` false ends
   * it: then null.
   */
  async pictures(kind, count, { report = () => {}, wanted = () => true } = {}) {
    const { from, to, label, rows } = this.#state.paths.value;
    if (kind === "pixels") {
      const [first, last] = [imageAt(rows.pixels.pictures, 0), imageAt(rows.pixels.pictures, STRIP - 1)];
      return this.#viewer.call("blend", { from: first, to: last, count });
    }
    const spherical = kind === "spherical";
    const { points } = await this.#viewer.call("path", { from, to, count, spherical });
    const pictures = new Float32Array(count * PIXELS);
    const length = points.length / count;
    for (let at = 0; at < count; at += STRIP) {
      if (!wanted()) return null;
      const part = points.slice(at * length, (at + STRIP) * length);
      pictures.set(await this.#decode(part, length, label), at * PIXELS);
      report(Math.min(count, at + STRIP));
    }
    return pictures;
  }

  #place(at, end) {
    this.#state.ends.value = { ...this.#state.ends.value, [at]: end };
  }

  #update = latest(async () => {
    const { open, shown, ends, label } = this.#inputs.peek();
    if (!open || !shown) return;
    try {
      const found = await this.#paths(shown, ends, label);
      if (this.#inputs.peek().shown?.source !== shown.source) return;
      this.#state.paths.value = found;
      if (this.#framesWanted) this.#state.paths.value = { ...found, rows: await this.#withFrames(found) };
    } catch {
      // The model was replaced meanwhile: its own paths follow. A lost viewer is reported by the drawing.
    }
  });

  async #paths(shown, ends, label) {
    const { model, code } = shown.description;
    const [a, b] = [await this.#code(ends.a, shown, label), await this.#code(ends.b, shown, label)];
    const ask = { from: a.code, to: b.code, count: FRAMES };
    const straight = await this.#row(await this.#call("path", { ...ask, spherical: false }), label);
    const hasCircle = code.codes === 0;
    const spherical =
      hasCircle && (await this.#row(await this.#call("path", { ...ask, spherical: true }), label));
    const [from, to] = [imageAt(straight.pictures, 0), imageAt(straight.pictures, STRIP - 1)];
    const pixels = { pictures: await this.#call("blend", { from, to, count: STRIP }), frames: null };
    return {
      from: a.code,
      to: b.code,
      label,
      model,
      replaced: { a: a.replaced, b: b.replaced },
      source: shown.source,
      rows: { straight, ...(spherical ? { spherical } : {}), pixels },
    };
  }

  /** The code of an end for the model shown. A code of another model cannot be used: `replaced` by that of its picture. */
  async #code({ kind, image, code, model, label }, { description }, chosen) {
    const replaced = kind === "code" && !isSameModel(model, modelShown(this.#state));
    if (kind === "code" && !replaced) return { code, replaced };
    const { classifier } = description.model;
    const inferred = await this.#call("infer", {
      image: image.slice(),
      noise: new Float32Array(description.code.noise),
      corruption: null,
      label: label ?? (classifier ? null : chosen),
    });
    return { code: inferred.mean, replaced };
  }

  /** A path with the pictures of its strip. */
  async #row({ points, spherical, norms, nlls }, label) {
    const length = points.length / FRAMES;
    const every = (FRAMES - 1) / (STRIP - 1);
    const ofStrip = new Float32Array(STRIP * length);
    for (let k = 0; k < STRIP; k++)
      ofStrip.set(points.subarray(k * every * length, (k * every + 1) * length), k * length);
    const pictures = await this.#decode(ofStrip, length, label);
    return { points, spherical, norms: norms ?? null, nlls: nlls ?? null, pictures, frames: null };
  }

  async #withFrames({ rows, label }) {
    const whole = {};
    for (const [kind, row] of Object.entries(rows)) {
      const frames =
        kind === "pixels"
          ? await this.pictures(kind, FRAMES)
          : await this.#decode(row.points, row.points.length / FRAMES, label);
      whole[kind] = { ...row, frames };
    }
    return whole;
  }

  #decode(points, length, label) {
    return decodeInParts((part) => this.#call("decode_points", { points: part, label }), points, length);
  }

  #call(action, args) {
    return this.#viewer.call(action, args);
  }
}
