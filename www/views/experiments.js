// The list of experiments, and above the training what to watch in the one that runs.

import { text } from "../messages/text.js";
import { create, setAttribute, setText } from "./dom.js";

export class ExperimentsView {
  #banner;
  #buttons;

  /** `list`: the element for `names`; `banner`: what is seen while one runs; `actions`: run(name), back(). */
  constructor(list, banner, names, { run, back }) {
    this.#banner = banner;
    this.#buttons = names.map((name) => {
      const button = create("button", { type: "button", value: name, textContent: text("experiments.run") });
      setAttribute(
        button,
        "aria-label",
        text("experiments.run_named", { title: text(`experiments.${name}.title`) }),
      );
      button.addEventListener("click", () => run(name));
      return button;
    });
    list.replaceChildren(...names.map((name, k) => item(name, this.#buttons[k])));
    banner.querySelector("button").addEventListener("click", () => back());
  }

  /** `name` of the experiment that runs, or null; `watch`: what to look at, in words. */
  update({ name, watch }) {
    this.#banner.hidden = name === null;
    setText(this.#banner.querySelector("p"), watch);
    for (const button of this.#buttons) setAttribute(button, "aria-pressed", String(button.value === name));
  }
}

function item(name, button) {
  return create(
    "li",
    {},
    create("strong", { textContent: text(`experiments.${name}.title`) }),
    create("p", { textContent: text(`experiments.${name}.teaches`) }),
    button,
  );
}
