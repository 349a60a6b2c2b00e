// The smallest changes of the drawing's code: which class is wanted, how far the search is, and what it has found.

import { PIXELS, SIDE } from "../explore/images.js";
import { percent } from "../messages/format.js";
import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";
import { create, setText, showTrouble } from "./dom.js";
import { onFrame } from "./frame.js";
import { paintGrid, span } from "./pixels.js";

const SHOWN = 5; // changes of one component
const GAP = 2;

export class ChangesView {
  #root;
  #actions;
  #props;
  #painted = {}; // changes by list
  #names = null; // offered
  #draw;

  /** `actions`: `start(target)`, `stop()`, `goTo(change)`. */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#draw = onFrame(() => this.#paint(), root);
    this.#find("#change-go").addEventListener("click", () => {
      if (this.#props.change.status === "searching") actions.stop();
      else this.#start();
    });
    root.querySelector(".trouble button").addEventListener("click", () => this.#start());
  }

  /** `change` as in the state, its `trouble` a sentence or null; `names` of the classes; `obstacle`: why nothing can be searched, a key, or null; `stale`: whether the drawing or the weights are others now. */
  update(props) {
    this.#props = props;
    this.#offer(props.names);
    this.#draw();
  }

  #offer(names) {
    if (names.join() === this.#names?.join()) return;
    this.#names = names;
    const any = create("option", { value: "", textContent: text("paths.change.any") });
    const classes = names.map((name, value) => create("option", { value, textContent: name }));
    this.#find("#change-target").replaceChildren(any, ...classes);
  }

  #start() {
    const { value } = this.#find("#change-target");
    this.#actions.start(value === "" ? null : Number(value));
  }

  #paint() {
    const { change, obstacle } = this.#props;
    const searching = change.status === "searching";
    this.#root.dataset.state = change.status;
    const go = this.#find("#change-go");
    go.disabled = obstacle !== null && !searching;
    setText(go, text(searching ? "paths.change.stop" : "paths.change.go"));
    const bar = this.#find("#change-progress");
    bar.hidden = !searching;
    const { stage, done, of } = change.progress ?? {};
    if (stage === "singles" && of > 0) bar.value = done / of;
    else bar.removeAttribute("value");
    setText(this.#find("#change-state"), this.#sentences().join(" "));
    showTrouble(this.#root, change.trouble);
    this.#list("singles", change.singles.slice(0, SHOWN));
    this.#list("pairs", change.pairs);
    this.#find("#change-pairs-title").hidden = change.pairs.length === 0;
  }

  #sentences() {
    const { change, obstacle, stale, names } = this.#props;
    const { status, reading, target, progress, singles, pairs, components } = change;
    if (obstacle && status !== "searching") return [text(`paths.change.obstacle.${obstacle}`)];
    if (status === "idle") return [text("paths.change.idle")];
    const said = [];
    if (reading)
      said.push(
        text("paths.change.reading", {
          name: names[reading.label],
          percent: percent(reading.probability),
        }),
      );
    if (reading?.label === target && target !== null) return [...said, text("paths.change.already")];
    if (status === "searching") said.push(searchText(progress, components));
    if (status === "stopped") said.push(text("paths.change.stopped"));
    const complete = status === "found" || progress?.stage === "pairs";
    if (complete && singles.length === 0) said.push(noSingle(target === null ? null : names[target]));
    if (status === "found" && singles.length === 0 && pairs.length === 0)
      said.push(text("paths.change.no_pair"));
    if (status === "found" && singles.length > SHOWN)
      said.push(text("paths.change.best", { shown: SHOWN, count: singles.length }));
    if (stale) said.push(text("paths.change.stale"));
    return said;
  }

  #list(name, changes) {
    const key = changes.map(({ distance, components }) => `${components} ${distance}`).join(";");
    if (this.#painted[name] === key) return;
    this.#painted[name] = key;
    this.#find(`#change-${name}`).replaceChildren(...changes.map((change) => this.#item(change)));
  }

  #item(change) {
    const { components, moves, distance, reading, pictures } = change;
    const count = pictures.length / PIXELS;
    const canvas = create("canvas", { className: "digit", width: span(count, GAP), height: SIDE });
    canvas.setAttribute("aria-hidden", "true");
    paintGrid(canvas, pictures, count, GAP);
    const steps = Array.from(components, (component, k) =>
      text("paths.change.step", { number: component + 1, by: signed(moves[k]) }),
    );
    const read = text("paths.change.reads", {
      name: this.#names[reading.label],
      percent: percent(reading.probability),
    });
    const words = create(
      "span",
      {},
      create("b", { textContent: steps.join(", ") }),
      create("span", { textContent: read }),
      components.length > 1
        ? create("small", { textContent: text("paths.change.distance", { distance: decimal(distance, 2) }) })
        : "",
    );
    const button = create("button", { type: "button" }, words, canvas);
    button.addEventListener("click", () => this.#actions.goTo(change));
    return create("li", {}, button);
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}

function signed(value) {
  return value > 0 ? `+${decimal(value, 2)}` : decimal(value, 2);
}

function noSingle(name) {
  return name === null ? text("paths.change.no_single") : text("paths.change.no_single_target", { name });
}

function searchText(progress, components) {
  if (!progress) return text("paths.change.opening");
  if (progress.stage === "pairs")
    return text("paths.change.searching_pairs", { distance: decimal(progress.done, 1) });
  return text("paths.change.searching_singles", { done: progress.done, of: components });
}
