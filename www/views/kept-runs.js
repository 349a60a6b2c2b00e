// The runs that are kept, each with a button that continues it and one that deletes it.

import { text } from "../messages/text.js";
import { create } from "./dom.js";

export class KeptRunsView {
  #root;
  #actions;
  #shown = "";

  /** `actions`: {resume(id), remove(id)}. */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
  }

  /** `runs`: [{id, system, step, changes, size, time, unsaved}], the newest first; but for `id`, `step` and `unsaved` all in words. */
  update({ runs }) {
    const shown = JSON.stringify(runs);
    if (shown === this.#shown) return; // a list must not be replaced under the pointer
    this.#shown = shown;
    this.#root.hidden = runs.length === 0;
    this.#root.querySelector("ul").replaceChildren(...runs.map((run) => this.#item(run)));
  }

  #item({ id, system, step, changes, size, time, unsaved }) {
    const { resume, remove } = this.#actions;
    const names = { system, step };
    const details = [changes, time, size, unsaved ? text("keep.unsaved") : ""].filter(Boolean).join(" · ");
    return create(
      "li",
      {},
      create("span", { textContent: text("keep.run", names) }, create("small", { textContent: details })),
      button(text("keep.continue"), text("keep.continue_run", names), () => resume(id)),
      button(text("keep.delete"), text("keep.delete_run", names), () => remove(id)),
    );
  }
}

function button(words, label, act) {
  const element = create("button", { type: "button", textContent: words });
  element.setAttribute("aria-label", label);
  element.addEventListener("click", act);
  return element;
}
