// The table of what was measured: a column for each model, real test images beside their samples, and every row explained.

import { count } from "../messages/format.js";
import { stepInWords } from "../evaluation/evaluation-controller.js";
import { asText, extentInWords, rowsFor, written } from "../evaluation/report.js";
import { words } from "../settings/schema.js";
import { onFrame } from "./frame.js";
import { showTrouble, text } from "./dom.js";

const COLUMNS = 6; // models kept side by side: the oldest makes room
const COPIED_MS = 2000;
const STATES = {
  idle: "Nothing measured yet. It takes some seconds, beside everything else.",
  measured: "Done.",
  stopped: "Stopped before the end, so there is no result.",
  superseded: "Stopped: other weights are shown now.",
  failed: "It did not come to an end.",
};

export class MeasureView {
  #root;
  #results = [];
  #state = { state: "idle", phase: "", progress: null, trouble: null, name: "", ready: false };
  #since = 0; // when the first piece was done
  #explained = new Set(); // names of rows whose explanation is open
  #draw = onFrame(() => this.#paint());

  /** `measure(extent)`, `stop()` hear what the person asks for. */
  constructor(root, { measure, stop }) {
    this.#root = root;
    const go = () => measure(this.#extent());
    this.#find("measure-go").addEventListener("click", () => {
      if (this.#state.state === "measuring") stop();
      else go();
    });
    root.querySelector(".trouble button").addEventListener("click", go);
    this.#find("measure-copy").addEventListener("click", () => this.#copy());
  }

  /** Any of state, phase, progress ({done, of, stage}), trouble (a sentence), name (of the model under way), ready. */
  update(change) {
    if (change.state === "measuring") this.#since = 0;
    if (change.progress && !this.#since) this.#since = performance.now();
    Object.assign(this.#state, change);
    this.#root.dataset.state = this.#state.state;
    this.#draw();
  }

  /**
   * A result `{name, step, likelihood, report}` takes the place of the same model's, as looked at as much; `step`: of a model
   * in training, else null.
   */
  add(result) {
    const key = ({ name, step, report }) => JSON.stringify([name, step, extentInWords(report)]);
    const others = this.#results.filter((one) => key(one) !== key(result));
    this.#show([...others, result].slice(-COLUMNS));
  }

  #show(results) {
    this.#results = results;
    this.#root.dataset.columns = String(results.length);
    const box = this.#find("measure-results");
    box.hidden = results.length === 0;
    this.#find("measure-copy").disabled = results.length === 0;
    this.#find("measure-text").hidden = true;
    box.replaceChildren(...(results.length > 0 ? [this.#table()] : []));
    box.scrollLeft = box.scrollWidth; // the newest is the last
  }

  #extent() {
    const number = (id) => Number(this.#find(id).value);
    return {
      images: number("measure-images"),
      samples: number("measure-samples"),
      draws: number("measure-draws"),
      seed: 0,
    };
  }

  #paint() {
    const { state, phase, progress, trouble, name, ready } = this.#state;
    const measuring = state === "measuring";
    const go = this.#find("measure-go");
    go.disabled = !ready;
    text(go, measuring ? "Stop measuring" : "Measure this model");
    const bar = this.#find("measure-progress");
    if (measuring && !progress) bar.removeAttribute("value");
    else bar.value = measuring ? progress.done / progress.of : state === "measured" ? 1 : 0;
    text(this.#find("measure-state"), measuring ? `${name}: ${this.#doing(phase, progress)}` : STATES[state]);
    showTrouble(this.#root, trouble);
  }

  #doing(phase, progress) {
    if (!progress) return `${phase || "beginning"}…`;
    const { done, of, stage } = progress;
    const seconds = (performance.now() - this.#since) / 1000;
    const left = done > 5 ? `, about ${count(Math.ceil((seconds * (of - done)) / done))} s left` : "";
    return `${stage}, ${Math.floor((100 * done) / of)} %${left}`;
  }

  #table() {
    const reports = this.#results.map(({ report }) => report);
    const table = element("table", { className: "measured" });
    table.append(
      wrap("caption", element("span", { textContent: "One column for each model" })),
      this.#head(),
    );
    let body;
    for (const row of rowsFor(reports)) {
      if (row.group) {
        body = element("tbody");
        const title = wrap("th", element("span", { textContent: row.group }));
        title.scope = "rowgroup";
        title.colSpan = 1 + this.#results.length;
        body.append(wrap("tr", title));
        body.lastChild.className = "group";
        table.append(body);
      }
      const tr = element("tr", { className: row.main ? "main" : "" });
      tr.dataset.row = row.name;
      const top = row.top?.(reports);
      tr.append(this.#rowHead(row), ...reports.map((report) => cell(row, report, top)));
      body.append(tr);
    }
    return table;
  }

  #head() {
    const cells = this.#results.map((result) => {
      const { name, step, likelihood, report } = result;
      const th = element("th", { textContent: name });
      th.scope = "col";
      const kind = likelihood === "bernoulli" ? "" : words(likelihood); // whose nats are of another kind
      const parts = [stepInWords(step), kind, extentInWords(report)].filter(Boolean);
      th.append(...parts.map((part) => element("small", { textContent: part })));
      const remove = element("button", { type: "button", textContent: "Remove" });
      remove.setAttribute("aria-label", `Remove ${name}`);
      remove.addEventListener("click", () => this.#show(this.#results.filter((one) => one !== result)));
      th.append(remove);
      return th;
    });
    return wrap("thead", wrap("tr", element("td"), ...cells));
  }

  #rowHead({ name, unit, explanation }) {
    const details = element("details", { open: this.#explained.has(name) });
    const title = element("span", { textContent: `${name} ` });
    title.append(element("small", { textContent: unit }));
    const summary = wrap("summary", title);
    details.append(summary, element("p", { textContent: explanation }));
    details.addEventListener("toggle", () => this.#explained[details.open ? "add" : "delete"](name));
    const th = wrap("th", details);
    th.scope = "row";
    return th;
  }

  async #copy() {
    const table = asText(this.#results.map(named));
    try {
      await navigator.clipboard.writeText(table);
      const button = this.#find("measure-copy");
      text(button, "Copied");
      setTimeout(() => text(button, "Copy as text"), COPIED_MS);
    } catch {
      const area = this.#find("measure-text"); // no clipboard for this page: by hand, then
      area.value = table;
      area.hidden = false;
      area.focus();
      area.select();
    }
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

function named({ name, step, report }) {
  return { name: [name, stepInWords(step)].filter(Boolean).join(", "), report };
}

function cell(row, report, top) {
  const td = element("td");
  if (row.bars) td.append(bars(row, report, top));
  else {
    td.append(element("span", { textContent: written(row, row.of(report)) }));
    if (row.real) td.append(element("small", { textContent: `real ${written(row, row.real(report))}` }));
  }
  return td;
}

/** A bar for each of some numbers, and a line across it for what real images have. */
function bars(row, report, top) {
  const heights = row.bars(report);
  const marks = row.marks?.(report);
  const label = (k) => (row.labels ? `${row.labels[k]}: ` : "");
  const spoken = heights.map(
    (height, k) => `${label(k)}${row.write(height)}${marks ? `, real ${row.write(marks[k])}` : ""}`,
  );
  return tally({
    heights,
    marks,
    labels: row.labels,
    top,
    spoken: `${row.name}, ${row.unit}: ${spoken.join("; ")}`,
  });
}

/** Bars of `heights` (the highest possible: `top`), with `marks` across and `labels` beneath, if given. */
export function tally({
  heights,
  marks,
  labels,
  top,
  spoken,
  into = element("div", { className: "tally" }),
}) {
  into.setAttribute("role", "img");
  into.setAttribute("aria-label", spoken);
  into.replaceChildren(
    ...Array.from(heights, (height, k) => {
      const bar = element("i");
      const share = (value) => Math.min(1, Math.max(0, value / (top || 1))).toFixed(4);
      bar.style.setProperty("--height", share(height));
      if (marks) bar.append(element("b"));
      if (marks) bar.style.setProperty("--mark", share(marks[k]));
      const column = wrap("span", bar);
      if (labels) column.append(element("small", { textContent: labels[k] }));
      return column;
    }),
  );
  return into;
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

function wrap(name, ...children) {
  const outer = document.createElement(name);
  outer.append(...children);
  return outer;
}
