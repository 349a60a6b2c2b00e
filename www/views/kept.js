// How much is kept for the next visit, whether the page works without a network, and the button that deletes everything kept.

import { sentence } from "../messages/failure.js";
import { megabytes } from "../messages/format.js";
import { text } from "../messages/text.js";
import { setText } from "./dom.js";

export class KeptView {
  #elements;

  /** `remove()` deletes everything kept. `opened()` is called when a person may be reading how much it is. */
  constructor(root, { remove, opened }) {
    const find = (id) => root.querySelector(`#${id}`);
    this.#elements = {
      size: find("kept-size"),
      button: find("kept-delete"),
      state: find("kept-state"),
      offline: find("offline"),
    };
    this.#elements.button.addEventListener("click", () => remove());
    const fold = root.closest("details");
    fold.addEventListener("toggle", () => fold.open && opened());
  }

  /** `bytes`: how much is kept, or null; `deleted`: whether it was deleted in this visit; `offline`: as in the state. */
  update({ bytes, deleted, offline }) {
    const { size, state } = this.#elements;
    setText(size, bytes === null ? "" : text("keep.size", { size: megabytes(bytes) }));
    setText(state, deleted ? text("keep.deleted") : "");
    this.#updateOffline(offline);
  }
  #updateOffline({ ready, failure }) {
    const { offline } = this.#elements;
    offline.dataset.ready = String(ready);
    const reason = failure && sentence(failure);
    setText(offline, ready ? text("keep.offline") : reason ? text("keep.not_offline", { reason }) : "");
  }
}
