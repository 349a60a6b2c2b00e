// The 7 x 7 codes of a codebook model as a grid of numbers, one of which is chosen and can be given another code.

import { placeOf } from "../explore/latent-code.js";
import { nats } from "../messages/format.js";

const ROW = 7;
const GOLDEN = 137.508; // degrees: neighbouring numbers get hues far apart
/** Keys of the grid, as steps in rows and columns. */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class CodesView {
  #root;
  #cells = [];
  #codes = 0;
  #chosen = 0;
  #hands;

  /** `bend(place, code)` and `choose(place)` hear what the person does. */
  constructor(root, hands) {
    this.#root = root;
    this.#hands = hands;
    const grid = root.querySelector("#code-grid");
    grid.setAttribute("role", "grid"); // not a table: its cells are chosen, one at a time
    grid.setAttribute("aria-label", "Codes of the 7 × 7 places; arrow keys go from one to the next");
    grid.addEventListener("focusin", ({ target }) => hands.choose(this.#cells.indexOf(target)));
    grid.addEventListener("click", ({ target }) => this.#cells.includes(target) && target.focus()); // Safari focuses no button
    grid.addEventListener("keydown", (event) => this.#move(event));
    const value = root.querySelector("#code-value");
    value.addEventListener("input", () => this.#set(Number(value.value)));
    root.querySelector("#code-less").addEventListener("click", () => this.#set(Number(value.value) - 1));
    root.querySelector("#code-more").addEventListener("click", () => this.#set(Number(value.value) + 1));
  }

  set hidden(hidden) {
    this.#root.hidden = hidden;
  }

  /** Places stay where they are in the picture. */
  order() {}

  /** `length` places, whose numbers are below `codes`. */
  build({ length, codes }) {
    this.#codes = codes;
    if (length === this.#cells.length) return;
    this.#cells = Array.from({ length }, cellOf);
    const rows = Array.from({ length: Math.ceil(length / ROW) }, (_, r) => {
      const row = Object.assign(document.createElement("div"), { role: "row" });
      row.append(...this.#cells.slice(r * ROW, (r + 1) * ROW));
      return row;
    });
    this.#root.querySelector("#code-grid").replaceChildren(...rows);
  }

  /** `z`: the codes; `look`: what the model says about the drawing, or null; `chosen`: a place. */
  paint({ z, look, chosen }) {
    this.#chosen = chosen;
    const drawn = look?.mean.length === z.length ? look : null;
    this.#cells.forEach((cell, place) => {
      paintCell(cell, z[place], drawn?.mean[place], place, place === chosen);
    });
    const code = z[chosen];
    const value = this.#root.querySelector("#code-value");
    Object.assign(value, { max: this.#codes - 1, value: code });
    value.setAttribute("aria-label", `Code at ${placeOf(chosen)}`);
    this.#root.querySelector("#code-less").disabled = code <= 0;
    this.#root.querySelector("#code-more").disabled = code >= this.#codes - 1;
    text(this.#root.querySelector("#code-number"), `${code}`);
    const place = placeOf(chosen);
    text(this.#root.querySelector("#code-place"), `${place[0].toUpperCase()}${place.slice(1)}`);
    text(
      this.#root.querySelector("#code-belief"),
      drawn
        ? `The drawing gives code ${drawn.mean[chosen]}, which costs ${nats(drawn.kl_per_component[chosen])} nats here.`
        : "Nothing is drawn yet.",
    );
  }

  #set(code) {
    this.#hands.bend(this.#chosen, Math.min(this.#codes - 1, Math.max(0, code)));
  }

  #move(event) {
    const from = this.#cells.indexOf(event.target);
    const move = MOVES[event.key];
    if (!move || from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [row, column] = [Math.floor(from / ROW) + move[0], (from % ROW) + move[1]];
    if (column >= 0 && column < ROW) this.#cells[row * ROW + column]?.focus();
  }
}

function cellOf() {
  const cell = Object.assign(document.createElement("button"), { type: "button", className: "code" });
  cell.setAttribute("role", "gridcell");
  return cell;
}

function paintCell(cell, code, drawn, place, chosen) {
  const bent = drawn !== undefined && drawn !== code;
  text(cell, String(code));
  cell.style.setProperty("--hue", ((code * GOLDEN) % 360).toFixed(1));
  cell.classList.toggle("bent", bent);
  cell.tabIndex = chosen ? 0 : -1;
  const spoken = `${placeOf(place)}: code ${code}${bent ? `; the drawing gives ${drawn}` : ""}`;
  if (cell.getAttribute("aria-label") !== spoken) cell.setAttribute("aria-label", spoken);
  cell.setAttribute("aria-selected", String(chosen));
}

function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
