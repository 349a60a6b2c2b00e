// What came out, as sections with tables.

import { howLong, tables } from "./columns.js";
import { SWEEP } from "./plan.js";
import { sweepTables } from "./sweep.js";

/** `result` is what `race` resolves to. */
export function showRace(result) {
  return section(result.work.title, howLong(result), tables(result));
}

/** `races`: one for each point. */
export function showSweep(races) {
  return section(SWEEP.title, howLong(races[0]), sweepTables(races));
}

function section(title, note, tables) {
  const card = make("section", { className: "card" });
  card.append(
    make("h2", { textContent: title }),
    make("p", { className: "quiet", textContent: note }),
    ...tables.flatMap((table) => [
      make("h3", { textContent: table.title }),
      scrollable(table.title, filled(table)),
    ]),
  );
  return card;
}

function filled({ head: heading, columns, rows }) {
  const table = make("table");
  const head = make("tr");
  head.append(make("th", { scope: "col", textContent: heading }));
  for (const [name] of columns) head.append(make("th", { scope: "col", textContent: name.trim() }));
  table.append(make("thead"), make("tbody"));
  table.tHead.append(head);
  table.tBodies[0].append(...rows.map((row) => line(row, columns)));
  return table;
}

function line(row, columns) {
  const { name, title, failed } = row;
  const tr = make("tr");
  tr.dataset.row = name;
  tr.append(make("th", { scope: "row", textContent: title }));
  if (failed) tr.append(make("td", { className: "failed", colSpan: columns.length, textContent: failed }));
  else tr.append(...columns.map(([, text]) => make("td", { textContent: text(row) })));
  tr.classList.toggle("apart", row.agrees === false);
  return tr;
}

/** Wide tables scroll by themselves, with keys too. */
function scrollable(label, table) {
  const region = make("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: label });
  region.append(table);
  return region;
}

const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);
