// Traversals as a grid: a row for each used component, nine pictures along it; choosing one goes there.

import { PIXELS, SIDE } from "../explore/images.js";
import { COLUMNS_OF_ROW } from "../explore/traversal-rows.js";
import { latent, nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { create, setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";
import { grey, paint } from "./pixels.js";

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class TraversalsView {
  #root;
  #grid;
  #actions;
  #props = { traversals: null };
  #cells = []; // [row][column]
  #components = ""; // of the rows there are
  #painted = null;
  #at = [0, 0]; // row and column of the cell that Tab reaches
  #draw = onFrame(() => this.#paint());

  /** `actions`: edit(component, value), visible(isVisible). */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#grid = root.querySelector("#traversal-grid");
    this.#grid.setAttribute("role", "grid");
    this.#grid.setAttribute("aria-label", text("explore.traversals.grid"));
    this.#grid.addEventListener("click", ({ target }) => this.#choose(target));
    this.#grid.addEventListener("keydown", (event) => this.#press(event));
    this.#grid.addEventListener("focusin", ({ target }) => this.#rove(target));
    new IntersectionObserver(([{ isIntersecting }]) => actions.visible(isIntersecting)).observe(root);
  }

  /** `shown`: whether the grid is chosen; `traversals`: {rows, pictures} or null; `usage` [Z] or null; `ordered`: whether it means something. */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #paint() {
    const { shown, traversals, usage, ordered } = this.#props;
    this.#root.hidden = !shown;
    if (!shown || !traversals) return;
    const { rows, pictures } = traversals;
    const components = rows.map(({ component }) => component).join(" ");
    if (components !== this.#components) this.#build(rows, components);
    const none = this.#root.querySelector(".none");
    none.hidden = rows.length > 0;
    for (const [k, row] of rows.entries()) this.#label(k, row, ordered ? usage?.[row.component] : undefined);
    if (traversals === this.#painted) return;
    this.#painted = traversals;
    for (const [k, cell] of this.#cells.flat().entries())
      paint(cell, grey(pictures.subarray(k * PIXELS, (k + 1) * PIXELS)));
  }

  #build(rows, components) {
    this.#components = components;
    this.#cells = rows.map(() => Array.from({ length: COLUMNS_OF_ROW }, cell));
    this.#grid.replaceChildren(
      ...this.#cells.map((cells, k) => {
        const header = create("span", { className: "traversal-name" });
        header.setAttribute("role", "rowheader");
        const row = create("div", { className: "traversal" }, header, ...cells);
        row.setAttribute("role", "row");
        row.dataset.component = String(rows[k].component + 1);
        return row;
      }),
    );
    this.#at = [0, rows[0]?.current ?? 0];
    this.#cells[0]?.[this.#at[1]].setAttribute("tabindex", "0");
  }

  #label(k, { component, values, current }, kl) {
    const name = text("explore.component", { number: component + 1 });
    const header = this.#grid.children[k].firstChild;
    const measured = { name, nats: nats(kl) };
    setText(header, kl === undefined ? name : text("explore.traversals.row", measured));
    setAttribute(
      header,
      "aria-label",
      kl === undefined ? name : text("explore.traversals.row_spoken", measured),
    );
    for (const [column, cell] of this.#cells[k].entries()) {
      setAttribute(
        cell,
        "aria-label",
        text("explore.traversals.cell", { name, value: latent(values[column]) }),
      );
      setAttribute(cell, "aria-selected", String(column === current));
    }
  }

  #placeOf(cell) {
    const row = this.#cells.findIndex((cells) => cells.includes(cell));
    return row < 0 ? null : [row, this.#cells[row].indexOf(cell)];
  }

  #choose(target) {
    const place = this.#placeOf(target);
    if (!place) return;
    const { component, values } = this.#props.traversals.rows[place[0]];
    this.#actions.edit(component, values[place[1]]);
  }

  #rove(target) {
    const place = this.#placeOf(target);
    if (!place) return;
    const [row, column] = this.#at;
    this.#cells[row]?.[column]?.setAttribute("tabindex", "-1");
    target.setAttribute("tabindex", "0");
    this.#at = place;
  }

  #press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const [row, column] = this.#at;
    const move = MOVES[event.key];
    const last = COLUMNS_OF_ROW - 1;
    if (move) this.#focus(row + move[0], column + move[1]);
    else if (event.key === "Home") this.#focus(row, 0);
    else if (event.key === "End") this.#focus(row, last);
    else if (event.key === "Enter" || event.key === " ") this.#choose(this.#cells[row][column]);
    else return;
    event.preventDefault();
  }

  #focus(row, column) {
    this.#cells[row]?.[column]?.focus();
  }
}

function cell() {
  const canvas = create("canvas", { className: "digit", width: SIDE, height: SIDE, tabIndex: -1 });
  canvas.setAttribute("role", "gridcell");
  return canvas;
}
