// The comparison: stories to begin with, up to four columns, and their losses on one axis.

import { text } from "../messages/text.js";
import { CompareColumn } from "./compare-column.js";
import { create, setAttribute, setText } from "./dom.js";
import { LossBars } from "./loss-bars.js";
import { fillOptions } from "./source-options.js";

export class CompareView {
  #root;
  #actions;
  #columns = [];
  #losses;
  #offered = "";
  #stories;

  /**
   * `stories`: their names; `actions`: `choose(column, source)`, `remove(column)`, `tell(story)`, `newSamples()`, `setReach(reach)`, `retry()`.
   */
  constructor(root, stories, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#losses = new LossBars(this.#find("#compare-losses"));
    this.#stories = stories.map((name) => this.#storyButton(name));
    this.#find("#compare-stories").replaceChildren(...this.#stories);
    this.#find("#compare-samples").addEventListener("click", () => actions.newSamples());
    this.#find("#compare-reach").addEventListener("input", ({ target }) =>
      actions.setReach(Number(target.value)),
    );
    const add = this.#find("#compare-add");
    add.addEventListener("change", () => actions.choose(this.#columns.length, add.value));
  }

  /**
   * `columns`: the props of each, as in compare-column.js, with the `name` of its model; `references`: of the losses; `options` to choose
   * from; `story` told, or null; `full`: whether there is no room for another column; `reach` of the box.
   */
  update({ columns, references, options, story, full, reach }) {
    this.#arrange(columns.length);
    for (const [k, props] of columns.entries()) this.#columns[k].update(props);
    for (const button of this.#stories) setAttribute(button, "aria-pressed", String(button.value === story));
    const about = this.#find("#compare-story");
    about.hidden = story === null;
    setText(about, story === null ? "" : text(`compare.stories.${story}.look_for`));
    this.#offer(options, full);
    this.#find("#compare-reach").value = String(reach);
    setText(this.#find("#compare-reach-value"), text("compare.reach_value", { reach }));
    this.#losses.update({
      models: columns.map(({ name, column }) => ({ name, losses: column.losses })),
      references,
    });
  }

  #arrange(count) {
    const list = this.#find("#compare-columns");
    list.style.setProperty("--columns", String(count));
    this.#root.dataset.columns = String(count);
    while (this.#columns.length > count) this.#columns.pop().element.remove();
    while (this.#columns.length < count) {
      const column = this.#newColumn(this.#columns.length);
      this.#columns.push(column);
      list.append(column.element);
    }
  }

  #newColumn(at) {
    const { choose, remove, retry } = this.#actions;
    const actions = { choose: (source) => choose(at, source), remove: () => remove(at), retry };
    return new CompareColumn(this.#find("#compare-column"), actions);
  }

  #offer(options, full) {
    const add = this.#find("#compare-add");
    const offered = JSON.stringify(options);
    if (offered !== this.#offered) {
      fillOptions(add, options);
      add.prepend(create("option", { value: "", textContent: text("compare.add") }));
    }
    this.#offered = offered;
    add.disabled = full;
    add.value = "";
  }

  #storyButton(name) {
    const button = create("button", {
      type: "button",
      value: name,
      textContent: text(`compare.stories.${name}.title`),
    });
    button.addEventListener("click", () => this.#actions.tell(name));
    return button;
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}
