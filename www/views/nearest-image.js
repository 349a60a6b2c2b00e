// The test image of the map whose code is nearest to a place of the plane: its number, its class and its picture.

import { nearestPlace } from "../evaluation/plane-geometry.js";
import { text } from "../messages/text.js";
import { latest } from "../worker/latest.js";
import { setText } from "./dom.js";
import { grey, paint } from "./pixels.js";

export class NearestImage {
  #canvas;
  #words;
  #read;
  #found = { view: null, place: null, index: null };
  #shown = null; // the index of the picture

  /** `canvas` of the picture and `words`, an element; `read(index)` resolves to the picture [784] of a test image. */
  constructor({ canvas, words }, read) {
    this.#canvas = canvas;
    this.#words = words;
    this.#read = read;
  }

  /** Nothing is shown; the next images may be others. */
  clear() {
    this.#found = { view: null, place: null, index: null };
    this.#shown = null;
  }

  /** `view` as in `state.map`, `place` [x, y] in it; `dataset` as in the state. Returns the place of the image. */
  update({ view, place, dataset }) {
    const { places, labels } = view;
    const found = this.#found;
    const isSame = found.view === view && place.every((value, k) => value === found.place?.[k]);
    const index = isSame ? found.index : nearestPlace(places, place);
    this.#found = { view, place, index };
    if (!isSame) {
      const name = dataset.labelled ? dataset.classes[labels[index]] : undefined;
      setText(this.#words, imageText(index, name));
      if (index !== this.#shown) this.#show();
    }
    return [places[2 * index], places[2 * index + 1]];
  }

  /** A picture that cannot be had leaves the place empty: the map itself says what it lacks. */
  #show = latest(async () => {
    const { index } = this.#found;
    if (index === null || index === this.#shown) return;
    const picture = await this.#read(index).catch(() => null);
    if (index !== this.#found.index) return;
    paint(this.#canvas, picture && grey(picture));
    this.#shown = picture ? index : null;
  });
}

/** The test image at `index`, of the class with this `name`, where it has one. */
function imageText(index, name) {
  const number = index + 1;
  return name === undefined
    ? text("evaluation.plane.nearest", { number })
    : text("evaluation.plane.nearest_of_class", { number, name });
}
