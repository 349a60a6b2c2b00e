// What an examination found, as the rows of a table and as text: names, units, a sentence each, and how a number is written.

import { count } from "../messages/format.js";

const nats = (value) => value.toFixed(2).replace("-", "−");
const percent = (value) => (100 * value).toFixed(1);
const whole = (value) => count(value);
const times = (value) => value.toFixed(2);

/**
 * Top to bottom. `of(report)`: the number, or null where this model has none; `real(report)`: the same of real test images;
 * `bars(report)`: heights instead of a number, with the names of `labels`. `rare`: left out where no model has it.
 */
export const rows = [
  {
    group: "Test images",
    name: "Reconstruction",
    unit: "nats",
    explanation:
      "What the pixels cost once z is known, −log p(x | z), with z drawn from what the encoder believes about the image. A Gaussian likelihood’s price is the logarithm of a density, another kind of number than a Bernoulli’s: compare like with like.",
    of: ({ sampled }) => sampled.reconstruction,
    write: nats,
  },
  {
    name: "KL",
    unit: "nats",
    explanation: "What z itself costs: how far the belief about an image is from the prior, without β.",
    of: ({ sampled }) => sampled.kl,
    write: nats,
  },
  {
    name: "Total",
    unit: "nats",
    explanation:
      "Reconstruction and KL together, −ELBO: the bound that training lowers (where β is 1). Lower is better. A point has no KL, so its total is a reconstruction only, and no bound.",
    of: ({ sampled }) => sampled.total,
    write: nats,
    main: true,
  },
  {
    name: "Reconstruction at the mean",
    unit: "nats",
    explanation: "The same price with the most likely z in place of a drawn one: kinder, and no fair bound.",
    of: ({ at_mean }) => at_mean.reconstruction,
    write: nats,
  },
  {
    name: "Total at the mean",
    unit: "nats",
    explanation:
      "Some texts print this number as their test loss. It is not a bound: compare it only with its like.",
    of: ({ at_mean }) => at_mean.total,
    write: nats,
  },
  {
    name: "−log p(x)",
    unit: "nats",
    explanation:
      "The price of an image over all z at once, estimated with importance-weighted draws (Burda et al. 2016): between the truth and the total, nearer to the truth with more draws. Grey pixels under a Bernoulli likelihood make it a cross-entropy, not a density of grey images. A point or a codebook has no density to draw from.",
    of: ({ log_likelihood }) => (log_likelihood === null ? null : -log_likelihood),
    write: nats,
  },
  {
    name: "Active units",
    unit: "components",
    explanation:
      "Components whose posterior mean varies over the images by more than 0.01 (Burda et al. 2016). The rest say nothing. A codebook’s components are its places.",
    of: ({ active_units }) => active_units,
    write: whole,
  },
  {
    name: "Activity",
    unit: "variance",
    explanation:
      "That variance for each component, largest first: near 1 for a component in full use under N(0, I), near 0 for an idle one. Bars end at 1.",
    bars: ({ activity }) => [...activity].sort((a, b) => b - a),
    top: () => 1,
    write: times,
  },
  {
    name: "Mutual information",
    unit: "nats",
    explanation:
      "I(x; z): how much z tells about which image it came from (Hoffman & Johnson 2016). It cannot exceed the logarithm of the number of images used.",
    of: ({ mutual_information }) => mutual_information,
    write: nats,
  },
  {
    name: "Aggregate KL",
    unit: "nats",
    explanation:
      "KL(q(z) ‖ p(z)): how far all codes together are from the prior. Where it is large, draws from the prior land where no image lives. It is the KL less the mutual information, so few images make it look larger than it is.",
    of: ({ aggregate_kl }) => aggregate_kl,
    write: nats,
  },
  {
    name: "Codes in use",
    unit: "perplexity",
    explanation:
      "How many entries of the codebook the images share out among themselves, were all used equally often.",
    of: ({ sampled }) => sampled.perplexity ?? null,
    write: times,
    rare: true,
  },
  {
    name: "Digits recognised",
    unit: "%",
    explanation: "How often the model’s own guess q(y | x) is the label.",
    of: ({ sampled }) => sampled.accuracy ?? null,
    write: percent,
    rare: true,
  },
  {
    group: "Pictures drawn from the prior, judged by our classifier",
    name: "Confidence",
    unit: "%",
    explanation:
      "How sure the classifier is of the digit that it sees, on average. A picture that is no digit leaves it in doubt.",
    of: ({ quality }) => quality.confidence,
    real: ({ real }) => real.confidence,
    write: percent,
  },
  {
    name: "The digit asked for",
    unit: "%",
    explanation:
      "How many pictures show the digit that the model was asked for. Only models with labels can be asked; for real images it is the classifier’s own accuracy.",
    of: ({ quality }) => quality.accuracy,
    real: ({ real }) => real.accuracy,
    write: percent,
  },
  {
    name: "Fréchet distance",
    unit: "features²",
    explanation:
      "Between the classifier’s 64 features of the pictures and of real digits: nought if they were alike. It shrinks with more pictures, so compare equal numbers; as many real digits stand beside it.",
    of: ({ quality }) => quality.frechet,
    real: ({ real }) => real.frechet,
    write: times,
    main: true,
  },
  {
    name: "Greyness",
    unit: "nats",
    explanation:
      "Mean entropy of a picture’s pixels, each taken as the chance of ink: blur is grey, and so raises it.",
    of: ({ quality }) => quality.greyness,
    real: ({ real }) => real.greyness,
    write: nats,
  },
  {
    name: "Judged as",
    unit: "%",
    explanation:
      "How many pictures are judged to be each digit, 0 to 9. The lines mark real images; a missing digit is one the model has forgotten to draw.",
    bars: ({ quality }) => shares(quality.histogram),
    marks: ({ real }) => shares(real.histogram),
    labels: Array.from({ length: 10 }, (_, digit) => String(digit)),
    top: (reports) =>
      Math.max(
        ...reports.flatMap(({ quality, real }) => [quality, real].flatMap((one) => shares(one.histogram))),
      ),
    write: percent,
  },
];

/** The rows worth showing for these reports. */
export function rowsFor(reports) {
  return rows.filter((row) => !row.rare || reports.some((report) => row.of(report) !== null));
}

/** A number as it stands in the table: none where the model has none. */
export function written(row, value) {
  if (value === null || value === undefined) return "none";
  return Number.isFinite(value) ? row.write(value) : "not finite";
}

/** What was looked at, as it stands under a model's name. */
export function extentInWords({ images, samples, draws }) {
  return `${count(images)} images, ${count(samples)} draws each, ${count(draws)} pictures`;
}

/** Everything as tab-separated lines, for a spreadsheet: a model is a column, and real images are one beside it. */
export function asText(results) {
  const reports = results.map(({ report }) => report);
  const columns = (model, real) => results.flatMap(({ report }) => [model(report), real(report)]);
  const lines = [
    ["", "unit", ...results.flatMap(({ name }) => [name, "real images"])],
    ["looked at", "", ...columns(extentInWords, () => "")],
    ...rowsFor(reports).flatMap((row) => (row.bars ? barLines(row, columns) : [numberLine(row, columns)])),
  ];
  return lines.map((line) => line.map(plain).join("\t")).join("\n");
}

function numberLine(row, columns) {
  return [
    row.name,
    row.unit,
    ...columns(
      (report) => written(row, row.of(report)),
      (report) => (row.real ? written(row, row.real(report)) : ""),
    ),
  ];
}

/** A line for each bar that has a name, else one with all. */
function barLines(row, columns) {
  if (!row.labels)
    return [
      [
        row.name,
        row.unit,
        ...columns(
          (report) => row.bars(report).map(row.write).join(" "),
          () => "",
        ),
      ],
    ];
  return row.labels.map((label, k) => [
    `${row.name} ${label}`,
    row.unit,
    ...columns(
      (report) => row.write(row.bars(report)[k]),
      (report) => row.write(row.marks(report)[k]),
    ),
  ]);
}

/** A spreadsheet reads a plain minus sign and no thin spaces. */
function plain(text) {
  return text
    .replace(/−(?=\d)/g, "-")
    .replace(/\u202f/g, "")
    .replace(/[\t\n]/g, " ");
}

function shares(histogram) {
  const all = histogram.reduce((sum, some) => sum + some, 0);
  return histogram.map((some) => (all > 0 ? some / all : 0));
}
