// What a person does to the shelf of drawings. Each change can be undone.

import { batch, signal } from "@preact/signals-core";
import { MOST_CLASSES } from "../data-sets/idx.js";
import {
  className,
  MOST_DRAWINGS,
  nextClassName,
  withClass,
  withClassName,
  withCurrent,
  withDrawing,
  withLabel,
  withoutClass,
  withoutDrawing,
} from "../data-sets/shelf.js";
import { canUndo } from "../explore/drawing.js";
import { modelInput } from "../explore/model-input.js";

const MOST_UNDONE = 100;

export class ShelfController {
  /** [{shelf, did}], the last one last: the shelf before each change, and what was done, a key of `data.undo`. */
  before = signal([]);
  #state;
  #viewer;
  #explore;
  #framing = Promise.resolve();

  /** `viewer`: the worker that frames drawings; `explore`: the controller of the pad. */
  constructor({ state, viewer, explore }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#explore = explore;
  }

  /** Puts the drawing of the pad on the shelf, as the model sees it, and clears the pad. Resolves to whether there was one, and room for it. */
  async store(time) {
    const { drawing, demonstration, centre } = this.#state;
    const { items } = drawing.peek();
    if (demonstration.peek() || items.length === 0 || this.#isFull) return false;
    const input = { ...modelInput(items), centre: centre.peek(), corruption: null };
    const { current } = this.#shelf; // a class chosen while it is framed is for the next one
    this.#explore.clear(time);
    const framed = this.#framing.then(() => this.#viewer.call("frame", input));
    this.#framing = framed.catch(() => {});
    const pixels = await framed;
    if (!pixels) return false; // all of it was erased
    this.#change("draw", (shelf) =>
      withCurrent(withDrawing(withCurrent(shelf, current), pixels), shelf.current),
    );
    return true;
  }

  /** Undoes the last change; a drawing that was put on the shelf is on the pad again, where that is empty. */
  undo(time) {
    const before = this.before.peek();
    if (before.length === 0) return null;
    const { shelf, did } = before.at(-1);
    const { drawing } = this.#state;
    batch(() => {
      this.before.value = before.slice(0, -1);
      this.#state.shelf.value = { ...shelf, current: did === "draw" ? this.#shelf.current : shelf.current };
      if (did === "draw" && drawing.peek().items.length === 0 && canUndo(drawing.peek()))
        this.#explore.undo(time);
    });
    return did;
  }

  move(id, label) {
    this.#change("move", (shelf) => withLabel(shelf, id, label));
  }

  remove(id) {
    this.#change("remove", (shelf) => withoutDrawing(shelf, id));
  }

  /** The class of the next drawing, or null for none. */
  choose(current) {
    this.#state.shelf.value = withCurrent(this.#shelf, current);
  }

  addClass() {
    if (this.#shelf.classes.length < MOST_CLASSES)
      this.#change("add_class", (shelf) => withClass(shelf, nextClassName(shelf)));
  }

  /** Returns whether the class has the name `typed` now. */
  renameClass(index, typed) {
    const name = className(this.#shelf, typed, index);
    if (name === null) return false;
    if (name !== this.#shelf.classes[index])
      this.#change("rename_class", (shelf) => withClassName(shelf, index, name));
    return true;
  }

  removeClass(index) {
    this.#change("remove_class", (shelf) => withoutClass(shelf, index));
  }

  /** Takes everything off the shelf. */
  clear() {
    this.#change("clear", (shelf) => ({ ...shelf, drawings: [] }));
  }

  get #shelf() {
    return this.#state.shelf.peek();
  }

  get #isFull() {
    return this.#shelf.drawings.length >= MOST_DRAWINGS;
  }

  #change(did, make) {
    const shelf = this.#shelf;
    batch(() => {
      this.before.value = [...this.before.peek(), { shelf, did }].slice(-MOST_UNDONE);
      this.#state.shelf.value = make(shelf);
    });
  }
}
