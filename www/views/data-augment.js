// Copies of drawings, shifted, turned and scaled at random: how many and how much, and a row of what comes out; and the set that is made of all.

import { PIXELS } from "../explore/images.js";
import { megabytes } from "../messages/format.js";
import { text } from "../messages/text.js";
import { setText, showTrouble } from "./dom.js";
import { onFrame } from "./frame.js";
import { paintGrid, span } from "./pixels.js";

const GAP = 2; // pixels
export const COPYING = { copies: 10, shift: 1.5, rotation: 10, scale: 10 };
const UNITS = { copies: "copies", shift: "pixels", rotation: "degrees", scale: "percent" };

export class DataAugmentView {
  #root;
  #props = null;
  #draw;

  /** `actions`: change({copies, shift, rotation, scale}), use({name, keep}). */
  constructor(root, { change, use }) {
    this.#root = root;
    this.#draw = onFrame(() => this.#paint(), root);
    for (const slider of this.#sliders) {
      slider.value = COPYING[slider.name];
      slider.addEventListener("input", () => change(this.#values));
    }
    this.#find("shelf-use").addEventListener("click", () => this.#use(use));
    root.querySelector(".trouble button").addEventListener("click", () => this.#use(use));
  }

  /** `copying`: as `change` was called with; `pictures` [n * 784] of copies; `count` of images that the set will have; `making`: whether it is being made; `trouble`: a sentence or null. */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #use(use) {
    use({ name: this.#find("shelf-name").value, keep: this.#find("shelf-keep").checked });
  }

  #paint() {
    const { copying, pictures, making, count, trouble } = this.#props;
    for (const slider of this.#sliders) {
      const value = copying[slider.name];
      setText(
        this.#root.querySelector(`output[for="${slider.id}"]`),
        text(`data.augment.value.${UNITS[slider.name]}`, { value }),
      );
    }
    const canvas = this.#find("augment-seen");
    const shown = pictures.length / PIXELS;
    canvas.closest("figure").hidden = shown === 0 || copying.copies === 0;
    if (shown > 0) {
      Object.assign(canvas, { width: span(shown, GAP), height: span(1, GAP) });
      paintGrid(canvas, pictures, shown, GAP);
    }
    const use = this.#find("shelf-use");
    use.disabled = making;
    const size = megabytes(count * PIXELS);
    setText(use, text(making ? "data.draw.making" : "data.draw.use_count", { count, size }));
    showTrouble(this.#root, trouble);
  }

  get #sliders() {
    return [...this.#root.querySelectorAll("#augment input")];
  }

  get #values() {
    return Object.fromEntries(this.#sliders.map(({ name, value }) => [name, Number(value)]));
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
