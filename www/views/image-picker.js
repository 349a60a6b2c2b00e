// The test images to choose from: a button for each.

import { imageAt, SIDE } from "../explore/images.js";
import { labelAt, offeredImages } from "../explore/test-images.js";
import { testImageText } from "./class-texts.js";
import { create } from "./dom.js";
import { grey, paint } from "./pixels.js";

export class ImagePicker {
  #root;
  #choose;
  #pictures = null;

  /** `choose(index, time)` is called with the image pressed. */
  constructor(root, choose) {
    this.#root = root;
    this.#choose = choose;
  }

  /** `digits`: some test images, as in explore/test-images.js; `dataset` as in the state. */
  update({ digits, dataset }) {
    const { pictures } = digits;
    if (pictures === this.#pictures) return;
    this.#pictures = pictures;
    const offered = offeredImages(digits, dataset);
    this.#root.replaceChildren(...offered.map((index) => this.#option(digits, index, dataset.classes)));
  }

  #option(digits, index, names) {
    const canvas = create("canvas", { className: "digit", width: SIDE, height: SIDE });
    canvas.setAttribute("aria-hidden", "true");
    paint(canvas, grey(imageAt(digits.pictures, index)));
    const button = create("button", { type: "button", className: "image-option" }, canvas);
    button.dataset.index = String(index);
    const words = testImageText(labelAt(digits, index), index, names);
    button.setAttribute("aria-label", words);
    button.title = words;
    button.addEventListener("click", (event) => this.#choose(index, event.timeStamp));
    return button;
  }
}
