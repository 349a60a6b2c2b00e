// The drawings of the shelf, those of each class together: a button each, by which one is picked to be moved or deleted.

import { SIDE } from "../explore/images.js";
import { text } from "../messages/text.js";
import { create, setAttribute } from "./dom.js";
import { paint } from "./pixels.js";

export class ShelfDrawings {
  #root;
  #pick;
  #items = new Map(); // list items by id of the drawing: {item, button, words}
  #lists = [];

  /** Fills `root`; `pick(id)` is called with the drawing that was pressed. */
  constructor(root, pick) {
    this.#root = root;
    this.#pick = pick;
  }

  /** `classes`: names; `drawings` as in data-sets/shelf.js; `picked`: an id or null. */
  update({ classes, drawings, picked }) {
    for (const id of this.#items.keys())
      if (!drawings.some((drawing) => drawing.id === id)) this.#items.delete(id);
    const groups = [...classes.keys(), null].map((label) =>
      drawings.filter((drawing) => drawing.label === label),
    );
    const names = [...classes, text("data.draw.no_class")];
    const shown = groups.flatMap((group, k) =>
      group.length > 0 ? [this.#list(names[k], group, picked)] : [],
    );
    if (shown.length !== this.#lists.length || shown.some((list, k) => list !== this.#lists[k]))
      this.#root.replaceChildren(...shown);
    this.#lists = shown;
  }

  /** Puts the focus on a drawing; returns whether it is there. */
  focus(id) {
    const { button } = this.#items.get(id) ?? {};
    button?.focus();
    return Boolean(button);
  }

  /** The drawings of one class, in the element that they had before. */
  #list(name, group, picked) {
    const before = this.#lists.find((list) => list.dataset.name === name);
    const section = before ?? create("section", {}, create("h3", { textContent: name }), create("ul"));
    section.dataset.name = name;
    setAttribute(section, "aria-label", text("data.draw.drawings_of", { name, count: group.length }));
    const list = section.querySelector("ul");
    const items = group.map((drawing, k) => this.#item(drawing, name, k + 1, picked));
    if (items.length !== list.children.length || items.some((item, k) => item !== list.children[k]))
      list.replaceChildren(...items);
    return section;
  }

  #item(drawing, name, number, picked) {
    if (!this.#items.has(drawing.id)) this.#items.set(drawing.id, this.#made(drawing));
    const { item, button } = this.#items.get(drawing.id);
    setAttribute(button, "aria-label", text("data.draw.drawing", { number, name }));
    setAttribute(button, "aria-pressed", String(drawing.id === picked));
    return item;
  }

  #made({ id, pixels }) {
    const canvas = create("canvas", { className: "digit", width: SIDE, height: SIDE });
    setAttribute(canvas, "aria-hidden", "true");
    paint(canvas, inkOf(pixels));
    const button = create("button", { type: "button", className: "image-option" }, canvas);
    button.dataset.drawing = String(id);
    button.addEventListener("click", () => this.#pick(id));
    return { item: create("li", {}, button), button };
  }
}

/** Bytes of which 255 is ink, as RGBA. */
export function inkOf(pixels) {
  const rgba = new Uint8ClampedArray(pixels.length * 4);
  for (const [k, ink] of pixels.entries()) rgba.set([255 - ink, 255 - ink, 255 - ink, 255], 4 * k);
  return rgba;
}
