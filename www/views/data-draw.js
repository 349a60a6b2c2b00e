// Drawing a data set: the class of the next drawing, the shelf, and what a drawing of it can become.

import { shelfCounts } from "../data-sets/shelf.js";
import { text } from "../messages/text.js";
import { create, setAttribute, setText, setValue } from "./dom.js";
import { onFrame } from "./frame.js";
import { paint } from "./pixels.js";
import { inkOf, ShelfDrawings } from "./shelf-drawings.js";

const NONE = ""; // the value of "no class"

export class DataDrawView {
  #root;
  #drawings;
  #props = null;
  #picked = null; // the id of the drawing that is moved or deleted
  #chips = "";
  #actions;
  #draw;

  /** `actions`: store(time), undo(time), choose(class), addClass(), renameClass(index, name), removeClass(index), move(id, class), remove(id). */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#draw = onFrame(() => this.#paint(), root);
    this.#drawings = new ShelfDrawings(this.#find("shelf"), (id) =>
      this.#pick(id === this.#picked ? null : id),
    );
    this.#on("shelf-next", "click", ({ timeStamp }) => actions.store(timeStamp));
    this.#on("shelf-undo", "click", ({ timeStamp }) => actions.undo(timeStamp));
    this.#on("shelf-classes", "click", ({ target }) => this.#press(target.closest("button")));
    this.#on("shelf-class-name", "change", ({ target }) => this.#rename(target));
    this.#on("shelf-class-delete", "click", () => {
      actions.removeClass(this.#props.shelf.current);
      this.#find("shelf-next").focus();
    });
    this.#on("shelf-move", "change", ({ target }) => actions.move(this.#picked, labelOf(target.value)));
    this.#on("shelf-delete", "click", () => this.#delete());
    this.#on("shelf-close", "click", () => {
      const picked = this.#picked;
      this.#pick(null);
      this.#drawings.focus(picked);
    });
  }

  /** `shelf`: as in data-sets/shelf.js; `undo`: what would be undone, a key of `data.undo`, or null; `note`: a sentence or "". */
  update(props) {
    this.#props = props;
    if (!props.shelf.drawings.some(({ id }) => id === this.#picked)) this.#picked = null;
    this.#draw();
  }

  #press(button) {
    if (!button) return;
    if (button.value === "add") this.#addClass();
    else this.#actions.choose(labelOf(button.value));
  }

  /** A new class is there to be named. */
  #addClass() {
    this.#actions.addClass();
    this.#paint();
    const name = this.#find("shelf-class-name");
    name.focus();
    name.select();
  }

  #rename(input) {
    const { current, classes } = this.#props.shelf;
    if (!this.#actions.renameClass(current, input.value)) input.value = classes[current];
  }

  #pick(id) {
    this.#picked = id;
    this.#draw();
  }

  /** The focus goes to the next drawing, or the one before. */
  #delete() {
    const ids = this.#props.shelf.drawings.map(({ id }) => id);
    const at = ids.indexOf(this.#picked);
    this.#actions.remove(this.#picked);
    this.#picked = null;
    this.#paint();
    if (!this.#drawings.focus(ids[at + 1] ?? ids[at - 1])) this.#find("shelf-next").focus();
  }

  #paint() {
    const { shelf, undo, note } = this.#props;
    this.#paintClasses(shelf);
    this.#drawings.update({ ...shelf, picked: this.#picked });
    this.#paintPicked(shelf);
    const button = this.#find("shelf-undo");
    button.disabled = undo === null;
    setAttribute(button, "title", undo ? text(`data.undo.${undo}`) : "");
    setText(this.#find("shelf-state"), note);
    this.#find("shelf-set").hidden = shelf.drawings.length === 0;
  }

  #paintClasses({ classes, current, drawings }) {
    const counts = shelfCounts({ classes, drawings });
    const chips = JSON.stringify([classes, counts, current]);
    if (chips === this.#chips) return;
    this.#chips = chips;
    const root = this.#find("shelf-classes");
    const focused = root.contains(document.activeElement) ? document.activeElement.value : null;
    const chip = (value, name, count) => {
      const button = create("button", { type: "button", value, textContent: `${name} ` });
      button.append(create("small", { textContent: String(count) }));
      setAttribute(button, "aria-pressed", String(labelOf(value) === current));
      setAttribute(button, "aria-label", text("data.draw.class", { name, count }));
      return button;
    };
    const add = create("button", { type: "button", value: "add", textContent: text("data.draw.add_class") });
    root.replaceChildren(
      chip(NONE, text("data.draw.no_class"), counts.none),
      ...classes.map((name, index) => chip(String(index), name, counts.classes[index])),
      add,
    );
    if (focused !== null) root.querySelector(`[value="${focused}"]`)?.focus();
    this.#find("shelf-class").hidden = current === null;
    if (current !== null) setValue(this.#find("shelf-class-name"), classes[current]);
  }

  #paintPicked({ classes, drawings }) {
    const box = this.#find("shelf-drawing");
    const drawing = drawings.find(({ id }) => id === this.#picked);
    box.hidden = !drawing;
    if (!drawing) return;
    paint(box.querySelector("canvas"), inkOf(drawing.pixels));
    setAttribute(box, "aria-label", text("data.draw.picked"));
    const select = this.#find("shelf-move");
    const option = (value, name) => create("option", { value, textContent: name });
    select.replaceChildren(
      option(NONE, text("data.draw.no_class")),
      ...classes.map((name, index) => option(String(index), name)),
    );
    select.value = drawing.label === null ? NONE : String(drawing.label);
  }

  #on(id, event, act) {
    this.#find(id).addEventListener(event, act);
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

function labelOf(value) {
  return value === NONE ? null : Number(value);
}
