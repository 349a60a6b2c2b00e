// One race as a section with its tables.

import { howLong, tables } from "./columns.js";

/** `result` is what `race` resolves to. */
export function showRace(result) {
  const section = make("section", { className: "card" });
  section.append(
    make("h2", { textContent: result.work.title }),
    make("p", {
      className: "quiet",
      textContent: howLong(result),
    }),
    ...tables(result).flatMap((table) => [
      make("h3", { textContent: table.title }),
      scrollable(table.title, filled(table, result.rows)),
    ]),
  );
  return section;
}

function filled({ columns }, rows) {
  const table = make("table");
  const head = make("tr");
  head.append(make("th", { scope: "col", textContent: "engine" }));
  for (const [heading] of columns) head.append(make("th", { scope: "col", textContent: heading.trim() }));
  table.append(make("thead"), make("tbody"));
  table.tHead.append(head);
  table.tBodies[0].append(...rows.map((row) => line(row, columns)));
  return table;
}

function line({ engine, failed, ...row }, columns) {
  const tr = make("tr");
  tr.dataset.engine = engine.name;
  tr.append(make("th", { scope: "row", textContent: engine.title }));
  if (failed) tr.append(make("td", { className: "failed", colSpan: columns.length, textContent: failed }));
  else tr.append(...columns.map(([, text]) => make("td", { textContent: text({ engine, ...row }) })));
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
