// What the table of results says of a row: its name and unit, its numbers, and whether they are compared.

import { text } from "../messages/text.js";
import { rows } from "./report-rows.js";

export function rowName({ key }) {
  return text(`evaluation.rows.${key}.name`);
}

export function rowUnit({ unit }) {
  return text(`evaluation.units.${unit}`);
}

/** The unit of the numbers as they are, before they are written. */
export function rawUnit({ unit, raw = unit }) {
  return text(`evaluation.units.${raw}`);
}

/** A number as the table shows it: n/a where the model has none. */
export function written(row, value) {
  if (value === null || value === undefined) return text("evaluation.not_applicable");
  return Number.isFinite(value) ? row.write(value) : text("evaluation.not_finite");
}

/** The standard error of a number as the table shows it, or null without one. */
export function writtenError(row, report) {
  const error = row.error?.(report);
  return Number.isFinite(error) ? text("evaluation.plus_minus", { error: row.write(error) }) : null;
}

/**
 * Why the number of a column is not compared with that of the first one that has it, or null: distances of unequal counts differ by their
 * counts alone.
 */
export function notCompared(row, report, reports) {
  const samples = row.samples?.(report);
  const first = reports.map((each) => row.samples?.(each)).find(Boolean);
  return samples === first || !samples ? null : text("evaluation.not_compared", { samples, first });
}

/** The rows that one of the reports has. */
export function rowsOf(reports) {
  return rows.filter(({ where }) => !where || reports.some(where));
}

/** How much was evaluated: the line under a model's name. */
export function extentText({ images, binarised, importance_samples, prior_samples }) {
  const extent = text("evaluation.extent", { images, importance_samples, prior_samples });
  return binarised ? text("evaluation.extent_binarised", { extent }) : extent;
}
