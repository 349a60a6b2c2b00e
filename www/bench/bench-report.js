// A whole run as text, to be read in a message or a terminal.

import { howLong, tables } from "./columns.js";
import { SWEEP } from "./plan.js";
import { sweepTables } from "./sweep.js";

/** `{ machine, begun, races }` as lines with aligned columns. */
export function asText({ machine, begun, races, sweep = [] }) {
  const parts = [`Latent Lab's benchmark, ${begun}`, machine.sentence];
  for (const result of races) {
    parts.push("", `${result.work.title}. ${howLong(result)}`);
    for (const table of tables(result)) parts.push(table.title, ...lines(table));
    for (const { engine, failed } of result.rows) if (failed) parts.push(`${engine.title}: ${failed}`);
  }
  if (sweep.length > 0) parts.push("", `${SWEEP.title}. ${howLong(sweep[0])}`);
  for (const table of sweepTables(sweep)) parts.push(table.title, ...lines(table));
  return parts.join("\n");
}

function lines({ head, columns, rows }) {
  const cells = [
    [head, ...columns.map(([heading]) => heading.trim())],
    ...rows
      .filter(({ failed }) => !failed)
      .map((row) => [row.title, ...columns.map(([, text]) => text(row))]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells.map((line) =>
    line.map((text, column) => (column ? text.padStart(widths[column]) : text.padEnd(widths[0]))).join("  "),
  );
}
