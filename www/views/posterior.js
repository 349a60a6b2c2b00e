// The true posterior of the drawing beside its approximation, under one or two models.

import { setAttribute, setText } from "./dom.js";
import { spanOf } from "./evidence-line.js";
import { PosteriorColumn } from "./posterior-column.js";

export class PosteriorView {
  #root;
  #actions;
  #columns = [];
  #choices;

  /** `actions`: `choose("shown" or "pair")`, `use(source)`, `decode(source, z)`, `move(source, place)`, `look(source, square)`, `retry()`, `say(words)`. */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#choices = [...root.querySelectorAll("#posterior-choice button")];
    for (const button of this.#choices) button.addEventListener("click", () => actions.choose(button.value));
  }

  /**
   * `columns`: the props of each, as in posterior-column.js without `span`; `choice`: "shown" or "pair", what is shown, or null where there
   * is no choice; `note`: a sentence on which models are shown and why, or "".
   */
  update({ columns, choice, note }) {
    this.#arrange(columns.length);
    const span = spanOf(columns.map(({ column }) => column.view));
    for (const [k, props] of columns.entries()) this.#columns[k].update({ ...props, span });
    this.#root.querySelector("#posterior-choice").hidden = choice === null;
    for (const button of this.#choices) setAttribute(button, "aria-pressed", String(button.value === choice));
    setText(this.#root.querySelector("#posterior-note"), note);
  }

  #arrange(count) {
    const list = this.#root.querySelector("#posterior-columns");
    list.dataset.columns = String(count);
    while (this.#columns.length > count) this.#columns.pop().element.remove();
    while (this.#columns.length < count) {
      const column = new PosteriorColumn(this.#root.querySelector("#posterior-column"), this.#actions);
      this.#columns.push(column);
      list.append(column.element);
    }
  }
}
