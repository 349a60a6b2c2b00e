// The table of results: a column for each model, real test images below prior samples, and an explanation in every row.

import { changedText } from "../evaluation/changed-settings.js";
import {
  extentText,
  notCompared,
  rowName,
  rowsOf,
  rowUnit,
  written,
  writtenError,
} from "../evaluation/report.js";
import { text } from "../messages/text.js";
import { classMarks } from "../settings/class-names.js";
import { barChart } from "./bar-chart.js";
import { create } from "./dom.js";

const FEW = 10; // classes whose marks fit below the bars of a cell

export class MeasureTable {
  #root;
  #remove;
  #explained = new Set(); // keys of rows whose explanation is open

  /** `remove(result)` is called with the result whose button was pressed. */
  constructor(root, remove) {
    this.#root = root;
    this.#remove = remove;
  }

  /** `results`: as in the state; without any the table is hidden. */
  update(results) {
    this.#root.hidden = results.length === 0;
    this.#root.replaceChildren(...(results.length > 0 ? [this.#table(results)] : []));
    this.#root.scrollLeft = this.#root.scrollWidth; // the newest is the last
  }

  #table(results) {
    const reports = results.map(({ report }) => report);
    const title = create("span", { textContent: text("evaluation.measure.columns") });
    const head = create("tr", {}, create("td"), ...results.map((result) => this.#columnHead(result)));
    const bodies = [];
    for (const row of rowsOf(reports)) {
      if (row.group) bodies.push(create("tbody", {}, groupRow(row.group, 1 + results.length)));
      bodies.at(-1).append(this.#row(row, reports));
    }
    const caption = create("caption", {}, title);
    return create("table", { className: "measured" }, caption, create("thead", {}, head), ...bodies);
  }

  #columnHead(result) {
    const { name, step, likelihood, report } = result;
    const lines = [extentText(report)];
    // Their nats are not comparable with those of the usual Bernoulli likelihood.
    if (likelihood !== "bernoulli") lines.unshift(text(`settings.likelihood.choices.${likelihood}`));
    if (step !== null) lines.unshift(text("evaluation.step", { step }));
    const changed = result.changed ? changedText(result.changed) : "";
    if (changed) lines.push(text("evaluation.changed.note", { changed }));
    const remove = create("button", { type: "button", textContent: text("evaluation.measure.remove") });
    remove.setAttribute("aria-label", text("evaluation.measure.remove_model", { name }));
    remove.addEventListener("click", () => this.#remove(result));
    const smalls = lines.map((textContent) => create("small", { textContent }));
    return create("th", { scope: "col" }, name, ...smalls, remove);
  }

  #row(row, reports) {
    const top = row.top?.(reports);
    const cells = reports.map((report) =>
      row.bars ? chartCell(row, report, top) : numberCell(row, report, reports),
    );
    const tr = create("tr", { className: row.main ? "main" : "" }, this.#rowHead(row), ...cells);
    tr.dataset.row = row.key;
    return tr;
  }

  #rowHead(row) {
    const { key } = row;
    const unit = create("small", { textContent: rowUnit(row) });
    const summary = create("summary", {}, create("span", {}, `${rowName(row)} `, unit));
    const explanation = create("p", { textContent: text(`evaluation.rows.${key}.explanation`) });
    const details = create("details", { open: this.#explained.has(key) }, summary, explanation);
    details.addEventListener("toggle", () => this.#explained[details.open ? "add" : "delete"](key));
    return create("th", { scope: "row" }, details);
  }
}

function groupRow(group, columns) {
  const title = create("span", { textContent: text(`evaluation.groups.${group}`) });
  return create("tr", { className: "group" }, create("th", { scope: "rowgroup", colSpan: columns }, title));
}

function numberCell(row, report, reports) {
  const reason = notCompared(row, report, reports);
  const number = create("span", { textContent: written(row, row.of(report)) });
  const cell = create("td", { className: reason ? "not-compared" : "" }, number);
  const error = writtenError(row, report);
  if (error) cell.append(" ", create("small", { className: "error", textContent: error }));
  const note = row.note?.(report);
  for (const words of [note, reason].filter(Boolean)) cell.append(create("small", { textContent: words }));
  if (row.real) {
    const value = written(row, row.real(report));
    cell.append(create("small", { textContent: text("evaluation.real", { value }) }));
  }
  return cell;
}

function chartCell(row, report, top) {
  const heights = row.bars(report);
  const marks = row.marks?.(report);
  const into = create("div", { className: "bar-chart" });
  const names = row.labels?.(report);
  const values = heights.map((height, k) => barText(row, height, marks?.[k], names?.[k])).join("; ");
  const spoken = text("evaluation.chart.label", { row: rowName(row), unit: rowUnit(row), values });
  barChart({ into, heights, marks, labels: names && barLabels(names), top, spoken });
  const note = row.note?.(report);
  return create("td", {}, into, ...(note ? [create("small", { textContent: note })] : []));
}

/** Of many classes there is no room for their marks. */
function barLabels(names) {
  return names.length > FEW ? undefined : classMarks(names);
}

function barText(row, height, mark, label) {
  const value = row.write(height);
  if (label === undefined) return value;
  if (mark === undefined) return text("evaluation.chart.bar", { label, value });
  return text("evaluation.chart.bar_and_real", { label, value, real: row.write(mark) });
}
