// The 7 × 7 codes of a codebook model as a grid of numbers in colours; the selected one can be given another code.

import { CODE_COLUMNS, placeName, placeOf } from "../explore/latent-code.js";
import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { codeColours } from "./code-colours.js";
import { CodeUsageBars } from "./code-usage-bars.js";
import { create, setAttribute, setText } from "./dom.js";

/** Keys of the grid, as steps in rows and columns. */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class CodesView {
  #root;
  #cells = [];
  #codes = 0;
  #selected = 0;
  #actions;
  #bars;

  /** `actions`: edit(place, code), select(place), count(). */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    const grid = this.#find("code-grid");
    grid.setAttribute("role", "grid"); // not a table: its cells are selected, one at a time
    grid.setAttribute("aria-label", text("explore.codes.grid"));
    grid.addEventListener("focusin", ({ target }) => actions.select(this.#cells.indexOf(target)));
    grid.addEventListener("click", ({ target }) => this.#cells.includes(target) && target.focus()); // Safari focuses no button
    grid.addEventListener("keydown", (event) => this.#move(event));
    const give = (code) => this.#set(code);
    this.#bars = new CodeUsageBars(this.#find("code-usage"), { give, count: actions.count });
    const value = this.#find("code-value");
    value.addEventListener("input", () => this.#set(Number(value.value)));
    this.#find("code-less").addEventListener("click", () => this.#set(Number(value.value) - 1));
    this.#find("code-more").addEventListener("click", () => this.#set(Number(value.value) + 1));
  }

  set hidden(hidden) {
    this.#root.hidden = hidden;
  }

  /** `code`: {length, codes}, so many places with numbers below `codes`; `values`: the numbers; `inference` on the drawing, or null; the selected `component`; `codebook`, `codeUsage` and `counting` as in latents.js. */
  update({ code: { length, codes }, values, inference, component, codebook, codeUsage, counting }) {
    if (length !== this.#cells.length) this.#build(length);
    this.#codes = codes;
    this.#selected = component;
    for (const [place, cell] of this.#cells.entries())
      paintCell(cell, values[place], inference?.mean[place], place, place === component, codebook?.places);
    this.#paintStepper(values[component]);
    setText(this.#find("code-place"), text("explore.place_title", placeOf(component)));
    setText(this.#find("code-posterior"), posteriorText(inference, component));
    this.#bars.update({ usage: codeUsage, codebook, counting, code: values[component], length });
  }

  #build(length) {
    this.#cells = Array.from({ length }, newCell);
    const rows = [];
    for (let at = 0; at < length; at += CODE_COLUMNS)
      rows.push(create("div", { role: "row" }, ...this.#cells.slice(at, at + CODE_COLUMNS)));
    this.#find("code-grid").replaceChildren(...rows);
  }

  #paintStepper(code) {
    const value = this.#find("code-value");
    Object.assign(value, { max: this.#codes - 1, value: code });
    value.setAttribute("aria-label", text("explore.codes.value", { place: placeName(this.#selected) }));
    this.#find("code-less").disabled = code <= 0;
    this.#find("code-more").disabled = code >= this.#codes - 1;
    setText(this.#find("code-number"), String(code));
  }

  #set(code) {
    this.#actions.edit(this.#selected, Math.min(this.#codes - 1, Math.max(0, code)));
  }

  #move(event) {
    const from = this.#cells.indexOf(event.target);
    const move = MOVES[event.key];
    if (!move || from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const row = Math.floor(from / CODE_COLUMNS) + move[0];
    const column = (from % CODE_COLUMNS) + move[1];
    if (column >= 0 && column < CODE_COLUMNS) this.#cells[row * CODE_COLUMNS + column]?.focus();
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

function newCell() {
  const cell = create("button", { type: "button", className: "code" });
  cell.setAttribute("role", "gridcell");
  return cell;
}

/** `drawn`: the code that the drawing has at this place, if something is drawn; `vectors`: the places of all codes' vectors, or none yet. */
function paintCell(cell, code, drawn, place, selected, vectors) {
  const edited = drawn !== undefined && drawn !== code;
  const values = { place: placeName(place), code, drawn: drawn ?? "" };
  setText(cell, String(code));
  const { fill, ink } = codeColours(vectors ?? null, code);
  cell.style.setProperty("--fill", fill);
  cell.style.setProperty("--ink-on-fill", ink);
  cell.classList.toggle("edited", edited);
  cell.tabIndex = selected ? 0 : -1;
  const label = edited ? text("explore.codes.cell_edited", values) : text("explore.codes.cell", values);
  setAttribute(cell, "aria-label", label);
  cell.setAttribute("aria-selected", String(selected));
}

function posteriorText(inference, place) {
  if (!inference) return text("explore.codes.empty");
  const { mean, kl_per_component } = inference;
  return text("explore.codes.posterior", { code: mean[place], nats: nats(kl_per_component[place]) });
}
