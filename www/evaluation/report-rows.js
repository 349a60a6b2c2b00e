// The rows of the table of results: what each takes from a report. A row's words are in the catalogue under its key.

import { MNIST } from "../data-sets/shipped.js";
import { count, decimal } from "../messages/language.js";
import { text } from "../messages/text.js";

const decimals = (value) => decimal(value, 2);
const fineDecimals = (value) => decimal(value, 4);
/** An estimate of the mutual information so near to the logarithm of the number of images says little more than that number. */
const CEILING_NATS = 0.2;
const percent = (value) => (100 * value).toFixed(1);

/** A component is called collapsed for nearly all images from this share of them on: 1 − δ of Lucas et al. 2019. */
const NEARLY_ALL = 0.95;

/** Rows of a number with its standard error, {mean, standard_error} or null. */
const estimated = (estimate) => ({
  unit: "nats",
  of: (report) => estimate(report)?.mean ?? null,
  error: (report) => estimate(report)?.standard_error ?? null,
  write: decimals,
});

/** The same, of a row that is not there where no model has the number. */
const estimatedIfAny = (estimate) => ({
  ...estimated(estimate),
  where: (report) => Boolean(estimate(report)),
});

/** The same, of a share. */
const shareIfAny = (estimate) => ({
  ...estimatedIfAny(estimate),
  unit: "percent",
  write: percent,
  raw: "fraction",
});

/** Rows whose number depends on how many samples there are: columns with another number are not compared. */
const counted = { samples: ({ quality }) => quality?.frechet.pictures };

/**
 * Top to bottom. `group`: begins one, with this heading; `unit`: its key in the catalogue; `of(report)`: the number, or null where the
 * model has none; `error(report)`: its standard error over images, or null; `real(report)`: the same of real test images; `samples(report)`: how many there are, where only columns with equally many are compared; `note(report)`: what to know about the number, or null; `where(report)`: whether the row is there for it, else it always is; `write(number)`: as shown; `raw`: the key of its unit before that, where it is another. A chart has `bars(report)`, heights from 0 to
 * `top(reports)`, instead, with `marks(report)` for real images and names `labels(report)`. A report names its `classes`.
 */
export const rows = [
  { group: "loss", key: "reconstruction", ...estimated(({ sampled }) => sampled.reconstruction) },
  { key: "kl", ...estimated(({ sampled }) => sampled.kl) },
  { key: "total", ...estimated(({ sampled }) => sampled.total), main: true },
  { key: "reconstruction_at_mean", ...estimated(({ at_mean }) => at_mean.reconstruction) },
  { key: "total_at_mean", ...estimated(({ at_mean }) => at_mean.total) },
  { key: "nll", ...estimated(({ nll }) => nll) },
  {
    key: "bits_per_dimension",
    ...estimatedIfAny(({ bits_per_dimension }) => bits_per_dimension),
    unit: "bits",
    write: fineDecimals,
  },
  {
    group: "codes",
    key: "mutual_information",
    ...estimated(({ kl_parts }) => kl_parts?.mutual_information),
    note: (report) => (isAtCeiling(report) ? text("evaluation.at_ceiling", { images: report.images }) : null),
  },
  { key: "total_correlation", ...estimated(({ kl_parts }) => kl_parts?.total_correlation) },
  { key: "dimension_kl", ...estimatedIfAny(({ kl_parts }) => kl_parts?.dimension_kl) },
  { key: "aggregate_kl", ...estimated(({ kl_parts }) => kl_parts?.aggregate_kl) },
  { key: "mmd", ...estimatedIfAny(({ mmd }) => mmd), unit: "none", write: fineDecimals },
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
    key: "collapsed_units",
    unit: "components",
    of: ({ collapsed }) => collapsed?.units,
    write: count,
    note: collapseText,
    where: ({ collapsed }) => Boolean(collapsed),
  },
  { key: "cluster_accuracy", ...shareIfAny(clusterShare("accuracy")), note: clusterText },
  { key: "cluster_purity", ...shareIfAny(clusterShare("purity")), note: clusterText },
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
    group: "samples",
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
    ...estimated(({ quality }) => quality?.frechet),
    ...counted,
    unit: "features_squared",
    real: (report) => (hasAsManyReal(report) ? report.real.frechet.mean : null),
    main: true,
  },
  {
    key: "precision",
    ...shareIfAny(({ quality }) => quality?.precision),
    ...counted,
    real: ({ real }) => real?.precision?.mean,
  },
  {
    key: "recall",
    ...shareIfAny(({ quality }) => quality?.recall),
    ...counted,
    real: ({ real }) => real?.recall?.mean,
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

function isAtCeiling({ kl_parts, images }) {
  return Boolean(kl_parts) && kl_parts.mutual_information.mean >= Math.log(images) - CEILING_NATS;
}

/** Whether there are as many real test images as samples. */
function hasAsManyReal({ quality, real }) {
  return Boolean(real) && real.frechet.pictures === quality.frechet.pictures;
}

/** The share of the components, and how many are at the prior for nearly all images. */
function collapseText({ collapsed }) {
  if (!collapsed) return null;
  const { units, components, images } = collapsed;
  return text("evaluation.collapsed", {
    percent: percent(units / components),
    components,
    count: images.filter((share) => share >= NEARLY_ALL).length,
    images: 100 * NEARLY_ALL,
  });
}

function clusterShare(kind) {
  return ({ cluster_accuracy: found }) => (found?.kind === kind ? found.share : null);
}

function clusterText({ cluster_accuracy: found }) {
  return found ? text("evaluation.clusters", { used: found.used, components: found.components }) : null;
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

/** How often each class is predicted; nothing where there is no judge to do it. */
function shares(quality) {
  const histogram = quality?.histogram ?? [];
  const all = histogram.reduce((sum, some) => sum + some, 0);
  return histogram.map((some) => (all > 0 ? some / all : 0));
}
