// The report of an evaluation as the rows of a table. A row's words are in the catalogue under its key.

import { MNIST } from "../data-sets/shipped.js";
import { count, decimal } from "../messages/language.js";
import { text } from "../messages/text.js";

const decimals = (value) => decimal(value, 2);
/** An estimate of the mutual information so near to the logarithm of the number of images says little more than that number. */
const CEILING_NATS = 0.2;
const percent = (value) => (100 * value).toFixed(1);

/** Rows of a mean over images with its standard error, {mean, standard_error} or null. */
const estimated = (estimate) => ({
  unit: "nats",
  of: (report) => estimate(report)?.mean ?? null,
  error: (report) => estimate(report)?.standard_error ?? null,
  write: decimals,
});

/**
 * Top to bottom. `group`: begins one, with this heading; `unit`: its key in the catalogue; `of(report)`: the number, or null where the
 * model has none; `error(report)`: its standard error over images, or null; `real(report)`: the same of real test images; `note(report)`: what to know about the number, or null; `where(report)`: whether the row is there for it, else it always is; `write(number)`: as shown; `raw`: the key of its unit before that, where it is another. A chart has `bars(report)`, heights from 0 to
 * `top(reports)`, instead, with `marks(report)` for real images and names `labels(report)`. A report names its `classes`.
 */
export const rows = [
  { group: "test_images", key: "reconstruction", ...estimated(({ sampled }) => sampled.reconstruction) },
  { key: "kl", ...estimated(({ sampled }) => sampled.kl) },
  { key: "total", ...estimated(({ sampled }) => sampled.total), main: true },
  { key: "reconstruction_at_mean", ...estimated(({ at_mean }) => at_mean.reconstruction) },
  { key: "total_at_mean", ...estimated(({ at_mean }) => at_mean.total) },
  { key: "nll", ...estimated(({ nll }) => nll) },
  {
    key: "active_units",
    unit: "components",
    of: ({ active_units }) => active_units,
    write: count,
  },
  {
    key: "activity",
    unit: "variance",
    bars: ({ activity }) => [...activity].sort((a, b) => b - a),
    top: () => 1,
    write: decimals,
  },
  {
    key: "mutual_information",
    unit: "nats",
    of: ({ mutual_information }) => mutual_information,
    write: decimals,
    note: (report) => (isAtCeiling(report) ? text("evaluation.at_ceiling", { images: report.images }) : null),
  },
  { key: "aggregate_kl", unit: "nats", of: ({ aggregate_kl }) => aggregate_kl, write: decimals },
  {
    key: "total_correlation",
    unit: "nats",
    of: ({ total_correlation }) => total_correlation,
    write: decimals,
  },
  {
    key: "mig",
    unit: "fraction",
    of: ({ factors }) => factors?.mig,
    write: decimals,
    where: ({ factors }) => Boolean(factors),
  },
  {
    key: "factors",
    unit: "fraction",
    bars: ({ factors }) =>
      factors ? factors.mutual_information.map((row, f) => largest(row) / factors.entropy[f]) : [],
    labels: factorTexts,
    note: (report) => factorTexts(report)?.join(", "),
    top: () => 1,
    write: decimals,
    where: ({ factors }) => Boolean(factors),
  },
  {
    group: "prior_samples",
    key: "confidence",
    unit: "percent",
    of: ({ quality }) => quality?.confidence,
    real: ({ real }) => real?.confidence,
    write: percent,
    raw: "fraction",
  },
  {
    key: "conditional_accuracy",
    unit: "percent",
    of: ({ quality }) => quality?.accuracy,
    real: ({ real }) => real?.accuracy,
    write: percent,
    raw: "fraction",
  },
  {
    key: "class_accuracy",
    unit: "percent",
    bars: ({ quality }) => (quality?.accuracy_by_class ?? []).map((share) => share ?? 0),
    marks: ({ quality, real }) =>
      ((quality?.accuracy_by_class && real?.accuracy_by_class) || []).map((share) => share ?? 0),
    labels: ({ classes = MNIST.classes }) => classes,
    top: () => 1,
    write: percent,
    raw: "fraction",
    where: ({ quality }) => Boolean(quality?.accuracy_by_class),
  },
  {
    key: "frechet",
    unit: "features_squared",
    of: ({ quality }) => quality?.frechet,
    real: ({ real }) => real?.frechet,
    write: decimals,
    main: true,
  },
  {
    key: "pixel_entropy",
    unit: "nats",
    of: ({ quality }) => quality?.pixel_entropy,
    real: ({ real }) => real?.pixel_entropy,
    write: decimals,
  },
  {
    key: "predicted_classes",
    unit: "percent",
    bars: ({ quality }) => shares(quality),
    marks: ({ real }) => shares(real),
    labels: ({ classes = MNIST.classes }) => classes,
    top: (reports) => Math.max(...reports.flatMap(({ quality, real }) => [quality, real].flatMap(shares))),
    write: percent,
    raw: "fraction",
  },
];

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

function isAtCeiling({ mutual_information, images }) {
  return mutual_information !== null && mutual_information >= Math.log(images) - CEILING_NATS;
}

function largest(numbers) {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}

/** Each factor with the component that has the largest mutual information with it. */
function factorTexts({ factors }) {
  return factors?.names.map((name, f) => {
    const information = factors.mutual_information[f];
    return text("evaluation.factor", { name, component: information.indexOf(largest(information)) + 1 });
  });
}

/** The rows that one of the reports has. */
export function rowsOf(reports) {
  return rows.filter(({ where }) => !where || reports.some(where));
}

/** How much was evaluated: the line under a model's name. */
export function extentText({ images, importance_samples, prior_samples }) {
  return text("evaluation.extent", { images, importance_samples, prior_samples });
}

/** How often each class is predicted; nothing where there is no judge to do it. */
function shares(quality) {
  const histogram = quality?.histogram ?? [];
  const all = histogram.reduce((sum, some) => sum + some, 0);
  return histogram.map((some) => (all > 0 ? some / all : 0));
}
