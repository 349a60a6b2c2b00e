// The test digits to choose from: a button for each of 0 to 9.

import { imageAt, PIXELS, SIDE } from "../explore/images.js";
import { text } from "../messages/text.js";
import { create } from "./dom.js";
import { grey, paint } from "./pixels.js";

const MOST = 10;

/** Fills `root` with a button for each of the first ten `images`; `choose(index, time)` is called with the one pressed. */
export function digitPicker(root, images, choose) {
  const count = Math.min(MOST, images.length / PIXELS);
  for (let index = 0; index < count; index++) root.append(digitOption(imageAt(images, index), index, choose));
}

function digitOption(image, index, choose) {
  const canvas = create("canvas", { className: "digit", width: SIDE, height: SIDE });
  canvas.setAttribute("aria-hidden", "true");
  paint(canvas, grey(image));
  const button = create("button", { type: "button", className: "digit-option" }, canvas);
  button.dataset.digit = String(index);
  button.setAttribute("aria-label", text("explore.test_digit", { digit: index }));
  button.addEventListener("click", (event) => choose(index, event.timeStamp));
  return button;
}
