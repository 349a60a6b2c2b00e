// Which part of the view of data is seen: a row of buttons, one of which is pressed.

import { setAttribute } from "./dom.js";

export class DataPartsView {
  #root;
  #buttons;

  /** `choose(part)` is called with "set", "draw", "files" or "teach". */
  constructor(root, choose) {
    this.#root = root;
    this.#buttons = [...root.querySelectorAll("#data-parts button")];
    for (const button of this.#buttons) button.addEventListener("click", () => choose(button.value));
  }

  update({ part }) {
    setAttribute(this.#root, "data-seen", part);
    for (const button of this.#buttons) setAttribute(button, "aria-pressed", String(button.value === part));
    for (const section of this.#root.querySelectorAll("[data-of]"))
      section.hidden = section.dataset.of !== part;
  }
}
