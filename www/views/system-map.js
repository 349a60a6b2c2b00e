// The choice of the system: a button that opens a map of the family, with a filter. The pattern is that of a combobox with a list in
// groups (ARIA practices): the focus stays in the filter, arrow keys move the option that Enter takes.

import { text } from "../messages/text.js";
import { search } from "../settings/family.js";
import { create, setAttribute, setText } from "./dom.js";
import { beside } from "./option-places.js";
import { written } from "./system.js";

/** With a finger the filter would bring a keyboard over the list. */
const COARSE = "(pointer: coarse)";

export class SystemMap {
  #button;
  #dialog;
  #map;
  #filter;
  #list;
  #options = new Map(); // by name of the system
  #choose;
  #chosen = null;
  #active = null;

  /**
   * `map`: of the family, as familyMap returns it; `formula`: pieces of the loss of the system at its root; `choose(name)` is called
   * with the system picked, where it is another.
   */
  constructor(button, dialog, { map, formula, choose }) {
    this.#button = button;
    this.#dialog = dialog;
    this.#map = map;
    this.#choose = choose;
    this.#filter = dialog.querySelector("input");
    this.#list = dialog.querySelector('[role="listbox"]');
    this.#list.replaceChildren(...map.map((branch) => this.#branch(branch)));
    this.#list.querySelector('[data-branch="root"] .tags').append(lossLine(formula));
    button.addEventListener("click", () => this.#open());
    dialog.querySelector("header button").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()); // beside it
    dialog.addEventListener("keydown", (event) => this.#key(event));
    this.#filter.addEventListener("input", () => this.#find());
    this.#list.addEventListener("click", ({ target }) => this.#take(target.closest('[role="option"]')));
    button.disabled = false;
  }

  /** `name` of the chosen system; `pretrained`: the names of those that have weights on the data set called `data`. */
  update({ name, pretrained, data }) {
    const { title } = this.#map.flatMap(({ systems }) => systems).find((system) => system.name === name);
    this.#chosen = name;
    this.#button.value = name;
    setText(this.#button.firstChild, title);
    setAttribute(this.#button, "aria-label", text("settings.map.button", { title }));
    const words = text("settings.map.pretrained", { data });
    setText(this.#dialog.querySelector(".pretrained-key"), words);
    for (const [each, option] of this.#options) {
      setAttribute(option, "aria-selected", String(each === name));
      setAttribute(option, "data-pretrained", String(pretrained.includes(each)));
      setText(option.querySelector(".weights"), pretrained.includes(each) ? words : "");
    }
  }

  #branch({ branch, title, systems }) {
    const heading = create("div", { className: "branch-title", id: `branch-${branch}`, textContent: title });
    heading.setAttribute("role", "presentation");
    const group = create(
      "div",
      { className: "branch" },
      heading,
      ...systems.map((each) => this.#option(each)),
    );
    group.dataset.branch = branch;
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", heading.id);
    return group;
  }

  #option({ name, title, source, tags }) {
    const element = create(
      "div",
      { className: "system-option", id: `system-option-${name}` },
      create("strong", { textContent: title }),
      create("span", { className: "tags" }, ...tags.map((words) => create("span", { textContent: words }))),
      create("small", { className: "source", textContent: source }),
      create("span", { className: "weights visually-hidden" }),
    );
    element.dataset.system = name;
    element.setAttribute("role", "option");
    this.#options.set(name, element);
    return element;
  }

  #open() {
    this.#filter.value = "";
    this.#dialog.showModal();
    this.#find();
    if (matchMedia(COARSE).matches) this.#list.focus({ preventScroll: true });
  }

  /** Shows what has the words of the filter; without any, the chosen system is the one that Enter takes. */
  #find() {
    const typed = this.#filter.value;
    const { found, best } = search(this.#map, typed);
    for (const [name, option] of this.#options) option.hidden = !found.includes(name);
    for (const branch of this.#list.children)
      branch.hidden = !branch.querySelector('[role="option"]:not([hidden])');
    const words = { count: found.length, all: this.#options.size };
    const none = text("settings.map.none", { words: typed.trim() });
    setText(this.#dialog.querySelector('[role="status"]'), best ? text("settings.map.count", words) : none);
    this.#activate(this.#options.get(typed.trim() ? best : this.#chosen));
  }

  #activate(option) {
    this.#active?.removeAttribute("data-active");
    this.#active = option ?? null;
    for (const element of [this.#filter, this.#list]) {
      if (option) setAttribute(element, "aria-activedescendant", option.id);
      else element.removeAttribute("aria-activedescendant");
    }
    if (!option) return;
    option.dataset.active = "true";
    option.scrollIntoView({ block: "nearest" });
  }

  #take(option) {
    if (!option) return;
    const { system } = option.dataset;
    this.#dialog.close();
    if (system !== this.#chosen) this.#choose(system);
  }

  #key(event) {
    event.stopPropagation(); // none of the page's single keys
    const { key, target, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey || event.isComposing || target.tagName === "BUTTON") return;
    if (key.length === 1 && key !== " " && target !== this.#filter) this.#filter.focus(); // and the key is typed there
    const to = this.#target(key);
    if (to === undefined) return;
    event.preventDefault();
    if (key === "Enter") this.#take(to);
    else if (to) this.#activate(to);
  }

  /** The option that a key leads to, null where it leads nowhere, undefined where it is not a key of the list. */
  #target(key) {
    const shown = [...this.#options.values()].filter(({ hidden }) => !hidden);
    const at = shown.indexOf(this.#active);
    if (key === "Enter") return this.#active;
    if (key === "ArrowDown") return shown[at + 1] ?? null;
    if (key === "ArrowUp") return shown[Math.max(0, at - 1)] ?? null;
    if (this.#filter.value !== "") return undefined; // the caret moves
    if (key === "Home") return shown[0];
    if (key === "End") return shown.at(-1);
    if (key === "ArrowRight") return beside(shown, this.#active, 1);
    if (key === "ArrowLeft") return beside(shown, this.#active, -1);
    return undefined;
  }
}

/** The parts of the loss in the colours of the branches that change them. */
function lossLine(formula) {
  const line = create(
    "span",
    { className: "formula" },
    `${text("settings.panel.loss")} `,
    ...written(formula),
  );
  line.append(create("small", { textContent: text("settings.map.baseline") }));
  return line;
}
