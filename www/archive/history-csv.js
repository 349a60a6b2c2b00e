// The curves of a run as a table: curve, step, reconstruction, kl, total.

import { csv } from "../export/csv.js";
import { CURVES, QUANTITIES } from "../keep/kept-curves.js";
import { Failure } from "../messages/failure.js";

const HEAD = ["curve", ...QUANTITIES];

/** `history`: as in keep/kept-curves.js. */
export function historyCsv(history) {
  return csv([HEAD, ...historyRows(history)]);
}

/** [curve, step, reconstruction, kl, total] of each point. */
export function historyRows(history) {
  return CURVES.flatMap((curve) => {
    const columns = QUANTITIES.map((quantity) => history[curve][quantity]);
    return Array.from(columns[0], (_, k) => [curve, ...columns.map((column) => column[k])]);
  });
}

/** The history that `historyCsv` has written; a failure names the `entry` that the bytes are. */
export function historyOf(bytes, entry) {
  const lines = new TextDecoder().decode(bytes).trimEnd().split(/\r?\n/);
  if (lines[0] !== HEAD.join(",")) throw new Failure("archive_entry", { entry });
  const rows = lines.slice(1).map((line) => line.split(","));
  const isNumber = (cell) => cell !== "" && (cell === "NaN" || !Number.isNaN(Number(cell)));
  const isRow = ([curve, ...cells]) =>
    CURVES.includes(curve) && cells.length === QUANTITIES.length && cells.every(isNumber);
  if (!rows.every(isRow)) throw new Failure("archive_entry", { entry });
  const column = (curve, k) =>
    Float64Array.from(
      rows.filter(([of]) => of === curve),
      (row) => Number(row[k + 1]),
    );
  return Object.fromEntries(
    CURVES.map((curve) => [curve, Object.fromEntries(QUANTITIES.map((name, k) => [name, column(curve, k)]))]),
  );
}
