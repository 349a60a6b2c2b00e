// The codes of a codebook model as a grid of numbers in colours, 7 × 7, of two levels 7 × 7 over 14 × 14; the selected one can be given another code.

import { gridOf, gridsOf, kindOf, placeName, placeTitle } from "../explore/latent-code.js";
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
  #code = { length: 0, codes: 0, levels: [] };
  #selected = 0;
  #actions;
  #bars;

  /** `actions`: edit(place, code), select(place), redraw(level), count(). */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    const grid = this.#find("code-grid");
    grid.addEventListener("focusin", ({ target }) => this.#select(target));
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

  /** `code`: {length, codes, levels}, so many places of each level with numbers below `codes`; `values`: the numbers; `inference` on the drawing, or null; the selected `component`; `codebook`, `codeUsage` and `counting` as in latents.js. */
  update({ code, values, inference, component, codebook, codeUsage, counting }) {
    const isNew = code.levels.join() !== this.#code.levels.join();
    this.#code = code;
    if (isNew) this.#build();
    this.#selected = component;
    const grids = gridsOf(code);
    for (const { level, first, length } of grids) {
      const vectors = codebook?.[level]?.places;
      for (const [k, cell] of this.#cells.slice(first, first + length).entries()) {
        const place = first + k;
        const name = placeName(code, place);
        paintCell(cell, values[place], inference?.mean[place], name, place === component, vectors);
      }
    }
    this.#paintStepper(values[component]);
    setText(this.#find("code-place"), placeTitle(code, component));
    setText(this.#find("code-posterior"), posteriorText(inference, component));
    const { level, length } = gridOf(code, component);
    const { levels, ...usage } = codeUsage;
    this.#bars.update({
      usage: { ...usage, counts: null, ...levels?.[level] },
      codebook: codebook?.[level] ?? null,
      kind: kindOf(code, component),
      counting,
      code: values[component],
      length,
    });
  }

  #select(target) {
    const place = this.#cells.indexOf(target); // none for a button beside a grid
    if (place >= 0) this.#actions.select(place);
  }

  #build() {
    this.#cells = Array.from({ length: this.#code.length }, newCell);
    this.#find("code-grid").replaceChildren(...gridsOf(this.#code).map((grid) => this.#grid(grid)));
  }

  /** One level; where there are two, with its name and a button that samples it anew. */
  #grid({ level, first, length, side }) {
    const rows = [];
    for (let at = first; at < first + length; at += side)
      rows.push(create("div", { role: "row" }, ...this.#cells.slice(at, at + side)));
    const grid = create("div", { className: "code-level" }, ...rows);
    grid.setAttribute("role", "grid"); // not a table: its cells are selected, one at a time
    grid.style.setProperty("--side", side);
    grid.dataset.side = side;
    const kind = kindOf(this.#code, first);
    grid.setAttribute("aria-label", text(`explore.codes.grid.${kind}`, { side }));
    if (kind === "only") return grid;
    const name = create("p", {
      className: "quiet",
      textContent: text(`explore.codes.level.${kind}`, { side }),
    });
    const words = text(`explore.codes.redraw.${kind}`);
    const redraw = create("button", { type: "button", className: "small", textContent: words });
    redraw.addEventListener("click", () => this.#actions.redraw(level));
    return create("div", {}, create("div", { className: "code-level-head" }, name, redraw), grid);
  }

  #paintStepper(code) {
    const value = this.#find("code-value");
    Object.assign(value, { max: this.#code.codes - 1, value: code });
    value.setAttribute(
      "aria-label",
      text("explore.codes.value", { place: placeName(this.#code, this.#selected) }),
    );
    this.#find("code-less").disabled = code <= 0;
    this.#find("code-more").disabled = code >= this.#code.codes - 1;
    setText(this.#find("code-number"), String(code));
  }

  #set(code) {
    this.#actions.edit(this.#selected, Math.min(this.#code.codes - 1, Math.max(0, code)));
  }

  #move(event) {
    const from = this.#cells.indexOf(event.target);
    const move = MOVES[event.key];
    if (!move || from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { first, side } = gridOf(this.#code, from);
    const [row, column] = [Math.floor((from - first) / side) + move[0], ((from - first) % side) + move[1]];
    const isInside = [row, column].every((at) => at >= 0 && at < side);
    if (isInside) this.#cells[first + row * side + column].focus();
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

/** `drawn`: the code that the drawing has at this `place`, named in words, if something is drawn; `vectors`: the places of all codes' vectors, or none yet. */
function paintCell(cell, code, drawn, place, selected, vectors) {
  const edited = drawn !== undefined && drawn !== code;
  const values = { place, code, drawn: drawn ?? "" };
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
