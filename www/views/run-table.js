// The table of runs: the present one, the pinned ones, then the others. A row opens to a second one, in which the run is renamed, pinned or
// deleted.

import { text } from "../messages/text.js";
import { setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";
import { RunRow } from "./run-row.js";

const SHOWN_AT_FIRST = 10;

export class RunTableView {
  #root;
  #body;
  #all; // the button that shows all rows
  #actions;
  #rows = new Map(); // RunRows by id
  #isWhole = false;
  #runs = [];
  #draw;

  /** `actions`: {draw(id, wanted), resume(id), rename(id, name), pin(id, pinned), remove(id), command(id)}. */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#body = root.querySelector("tbody");
    this.#all = root.querySelector("#runs-all");
    this.#draw = onFrame(() => this.#paint(), root);
    this.#all.addEventListener("click", () => {
      this.#isWhole = !this.#isWhole;
      this.#draw();
    });
  }

  /** `runs`: rows as RunList has them. */
  update({ runs }) {
    this.#runs = runs;
    this.#root.hidden = runs.length === 0;
    this.#draw();
  }

  #paint() {
    const shown = this.#isWhole ? this.#runs : this.#runs.filter((run, k) => isShownAtFirst(run, k));
    const focused = document.activeElement;
    const hadFocus = this.#body.contains(focused);
    this.#place(shown);
    if (hadFocus && focused !== document.activeElement) this.#giveFocusBack(focused);
    for (const run of shown) this.#rows.get(run.id).update(run);
    const hidden = this.#runs.length - shown.length;
    this.#all.hidden = hidden === 0 && !this.#isWhole;
    setAttribute(this.#all, "aria-expanded", String(this.#isWhole));
    setText(
      this.#all,
      this.#isWhole ? text("keep.fewer_runs") : text("keep.all_runs", { count: this.#runs.length }),
    );
  }

  /** Rows keep their elements, and are moved only where their order has changed. */
  #place(runs) {
    const ids = runs.map(({ id }) => id);
    for (const [id, row] of this.#rows) {
      if (ids.includes(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    for (const id of ids) if (!this.#rows.has(id)) this.#rows.set(id, new RunRow(id, this.#actions));
    const wanted = ids.flatMap((id) => this.#rows.get(id).elements);
    if (wanted.some((element, k) => element !== this.#body.children[k]))
      this.#body.replaceChildren(...wanted);
  }

  /** A row that has moved has lost the focus, and one that is gone leaves it to the heading. */
  #giveFocusBack(focused) {
    const target = this.#body.contains(focused) ? focused : this.#root.querySelector("h3");
    target.focus({ preventScroll: true });
  }
}

/** Of many runs the first, and every one that a person has picked out. */
function isShownAtFirst({ pinned, curve }, place) {
  return place < SHOWN_AT_FIRST || pinned || curve.drawn;
}
