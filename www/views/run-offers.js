// Runs to go on with, at the top of the view of the training: that of another system, and the newest kept one of the system chosen.

import { text } from "../messages/text.js";
import { create, setText } from "./dom.js";

export class RunOffersView {
  #root;
  #shown = "[]";
  #acts = [];

  constructor(root) {
    this.#root = root;
  }

  /** `running`: the system whose run the panel shows, where another is chosen, or null; `offers`: [words, function] pairs. */
  update({ running, offers }) {
    this.#acts = offers.map(([, act]) => act);
    this.#root.hidden = !running && offers.length === 0;
    const note = running ? text("keep.other_run", { system: running }) : "";
    setText(this.#root.querySelector("p"), note);
    const shown = JSON.stringify(offers);
    if (shown === this.#shown) return; // a button must not be replaced under the pointer
    this.#shown = shown;
    const buttons = offers.map(([textContent], k) => {
      const button = create("button", { type: "button", textContent });
      button.addEventListener("click", () => this.#acts[k]());
      return button;
    });
    this.#root.querySelector(".offers").replaceChildren(...buttons);
  }
}
