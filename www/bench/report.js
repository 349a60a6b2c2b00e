// A whole run as text, to be read in a message or a terminal.

import { howLong, tables } from "./columns.js";

/** `{ machine, begun, races }` as lines with aligned columns. */
export function asText({ machine, begun, races }) {
  const parts = [`Latent Lab's benchmark, ${begun}`, machine.sentence];
  for (const result of races) {
    parts.push("", `${result.work.title}. ${howLong(result)}`);
    for (const table of tables(result)) parts.push(table.title, ...lines(table, result.rows));
    for (const { engine, failed } of result.rows) if (failed) parts.push(`${engine.title}: ${failed}`);
  }
  return parts.join("\n");
}

function lines({ columns }, rows) {
  const cells = [
    ["", ...columns.map(([heading]) => heading.trim())],
    ...rows
      .filter(({ failed }) => !failed)
      .map((row) => [row.engine.title, ...columns.map(([, text]) => text(row))]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells.map((line) =>
    line.map((text, column) => (column ? text.padStart(widths[column]) : text.padEnd(widths[0]))).join("  "),
  );
}
