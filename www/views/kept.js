// How much is kept for the next visit, and the button that deletes it.

import { megabytes } from "../messages/format.js";
import { text } from "../messages/text.js";
import { setText } from "./dom.js";

export class KeptView {
  #elements;

  /** `remove()` deletes everything kept. `opened()` is called when a person may be reading how much it is. */
  constructor(root, { remove, opened }) {
    const find = (id) => root.querySelector(`#${id}`);
    this.#elements = { size: find("kept-size"), button: find("kept-delete"), state: find("kept-state") };
    this.#elements.button.addEventListener("click", () => remove());
    const fold = root.closest("details");
    fold.addEventListener("toggle", () => fold.open && opened());
  }

  /** `bytes`: how much is kept, or null; `deleted`: whether it was deleted in this visit. */
  update({ bytes, deleted }) {
    const { size, state } = this.#elements;
    setText(size, bytes === null ? "" : text("keep.size", { size: megabytes(bytes) }));
    setText(state, deleted ? text("keep.deleted") : "");
  }
}
