// A whole benchmark run as text, for a message or a terminal.

import { text } from "../messages/text.js";
import { engineTitle, workloadTitle } from "./labels.js";
import { SWEEP } from "./plan.js";
import { stepsMeasured, tables } from "./result-tables.js";
import { sweepTables } from "./sweep.js";

/** `{ machine, begun, comparisons, sweep }` as lines with aligned columns. */
export function asText({ machine, begun, comparisons, sweep = [] }) {
  const lines = [text("bench.report.title", { begun }), machine.sentence];
  for (const result of comparisons) {
    lines.push("", `${workloadTitle(result.workload)}. ${stepsMeasured(result)}`);
    for (const table of tables(result)) lines.push(table.title, ...aligned(table));
    for (const { engine, failed } of result.rows) if (failed) lines.push(`${engineTitle(engine)}: ${failed}`);
  }
  if (sweep.length > 0) lines.push("", `${workloadTitle(SWEEP)}. ${stepsMeasured(sweep[0])}`);
  for (const table of sweepTables(sweep)) lines.push(table.title, ...aligned(table));
  return lines.join("\n");
}

function aligned({ head, columns, rows }) {
  const cells = [
    [head, ...columns.map(([heading]) => heading)],
    ...rows
      .filter(({ failed }) => !failed)
      .map((row) => [row.title, ...columns.map(([, cell]) => cell(row))]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells.map((line) =>
    line.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[0]))).join("  "),
  );
}
