// The legend of the map: a button for each class, which brings its images out while it is pointed at, focused or pressed.

import { create, setAttribute } from "./dom.js";

/** Keys that go from one class to another; there is one stop for all of them. */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class ClassLegend {
  #root;
  #bring;
  #offered = "";
  #pressed = null;

  /** `bring(label)` is called with the class to bring out, or null. */
  constructor(root, bring) {
    this.#root = root;
    this.#bring = bring;
    const out = ({ target }) => this.#bring(labelOf(target) ?? this.#pressed);
    for (const event of ["pointerover", "focusin"]) root.addEventListener(event, out);
    for (const event of ["pointerleave", "focusout"])
      root.addEventListener(event, () => this.#bring(this.#pressed));
    root.addEventListener("click", ({ target }) => this.#press(labelOf(target)));
    root.addEventListener("keydown", (event) => this.#step(event));
  }

  /** `names`, `marks` and `colours` of the classes; without names there is no legend. */
  update({ names, marks, colours }) {
    const offered = [names, marks, colours].join();
    if (offered === this.#offered) return;
    this.#offered = offered;
    this.#pressed = null;
    this.#root.hidden = names.length === 0;
    this.#root.replaceChildren(...names.map((name, label) => entry(name, label, marks, colours)));
  }

  #press(label) {
    if (label === null) return;
    this.#pressed = label === this.#pressed ? null : label;
    for (const [k, button] of this.#buttons.entries())
      setAttribute(button, "aria-pressed", String(k === this.#pressed));
    this.#bring(this.#pressed);
  }

  #step(event) {
    const step = STEPS[event.key];
    const label = labelOf(event.target);
    if (!step || label === null) return;
    event.preventDefault();
    const buttons = this.#buttons;
    const next = buttons[(label + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }

  get #buttons() {
    return [...this.#root.children];
  }
}

/** The class whose entry an element is in, or null. */
function labelOf(element) {
  const button = element.closest("[data-label]");
  return button ? Number(button.dataset.label) : null;
}

function entry(name, label, marks, colours) {
  const mark = create("b", { textContent: marks[label] });
  mark.style.color = colours[label];
  mark.setAttribute("aria-hidden", "true");
  const words = create("span", { textContent: name, hidden: name === marks[label] });
  const button = create("button", { type: "button", tabIndex: label === 0 ? 0 : -1 }, mark, words);
  Object.assign(button.dataset, { label });
  button.setAttribute("aria-label", name);
  button.setAttribute("aria-pressed", "false");
  return button;
}
