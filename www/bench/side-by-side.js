// Results of several machines as tables, a column each.

import { text } from "../messages/text.js";
import { engineTitle, workloadTitle } from "./labels.js";
import { ENGINES, WORKLOADS } from "./plan.js";
import { spread } from "./result-tables.js";

/** `[{title, head, rows, columns: [heading, cell(row)]}]`, a table for each workload that a result has. */
export function sideBySide(results) {
  return WORKLOADS.filter((workload) => rowsOf(results, workload).length > 0).map((workload) => ({
    title: workloadTitle(workload),
    head: text("bench.columns.engine"),
    rows: ENGINES.filter((engine) => rowsOf(results, workload).some((row) => row.engine === engine.name)).map(
      (engine) => ({ name: engine.name, title: engineTitle(engine), agrees: true }),
    ),
    columns: results.map((result, index) => [
      text("bench.received.column", { number: index + 1 }),
      ({ name }) => cell(result.rows.find((row) => row.workload === workload.name && row.engine === name)),
    ]),
  }));
}

const rowsOf = (results, { name }) =>
  results.flatMap(({ rows }) => rows.filter(({ workload }) => workload === name));

function cell(row) {
  if (!row) return "–";
  return row.agrees ? spread(row.each) : text("bench.received.not_equal", { time: spread(row.each) });
}

/** A line for each result: its number, machine and day. */
export function legend(results) {
  return results.map(({ machine, begun }, index) =>
    text("bench.received.machine", { number: index + 1, machine, day: begun.slice(0, 10) }),
  );
}
