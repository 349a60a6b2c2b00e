// Result tables as sections of the page.

import { text } from "../messages/text.js";
import { workloadTitle } from "./labels.js";
import { SWEEP } from "./plan.js";
import { stepsMeasured, tables } from "./result-tables.js";
import { legend, sideBySide } from "./side-by-side.js";
import { sweepTables } from "./sweep.js";

/** `result`: what `compareEngines` resolves to. */
export function comparisonSection(result) {
  return section(workloadTitle(result.workload), stepsMeasured(result), tables(result));
}

/** `comparisons`: one for each point of the sweep. */
export function sweepSection(comparisons) {
  return section(workloadTitle(SWEEP), stepsMeasured(comparisons[0]), sweepTables(comparisons));
}

/** `results`: of several machines, as sharedResult makes them. */
export function sideBySideSection(results) {
  const card = section(text("bench.received.title"), text("bench.received.note"), sideBySide(results));
  const machines = legend(results).map((line) => create("p", { textContent: line }));
  card.querySelector(".quiet").after(...machines);
  return card;
}

function section(title, note, tables) {
  const card = create("section", { className: "card" });
  card.append(
    create("h2", { textContent: title }),
    create("p", { className: "quiet", textContent: note }),
    ...tables.flatMap((table) => [
      create("h3", { textContent: table.title }),
      scrollable(table.title, tableElement(table)),
    ]),
  );
  return card;
}

function tableElement({ head: heading, columns, rows }) {
  const table = create("table");
  const head = create("tr");
  head.append(create("th", { scope: "col", textContent: heading }));
  for (const [name] of columns) head.append(create("th", { scope: "col", textContent: name }));
  table.append(create("thead"), create("tbody"));
  table.tHead.append(head);
  table.tBodies[0].append(...rows.map((row) => rowElement(row, columns)));
  return table;
}

function rowElement(row, columns) {
  const { name, title, failed } = row;
  const element = create("tr");
  element.dataset.row = name;
  element.append(create("th", { scope: "row", textContent: title }));
  if (failed)
    element.append(create("td", { className: "failed", colSpan: columns.length, textContent: failed }));
  else element.append(...columns.map(([, cell]) => create("td", { textContent: cell(row) })));
  element.classList.toggle("not-equal", row.agrees === false);
  return element;
}

/** Wide tables scroll on their own, also by keyboard. */
function scrollable(label, table) {
  const region = create("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: label });
  region.append(table);
  return region;
}

const create = (name, properties = {}) => Object.assign(document.createElement(name), properties);
