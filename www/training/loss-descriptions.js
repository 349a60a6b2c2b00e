// What a likelihood, a posterior and the other parts of a model mean for its losses: their scale, marks on the chart, notes.

import { MNIST } from "../data-sets/shipped.js";
import { text } from "../messages/text.js";
import { hasCodebook, hasMeaning, isLinear } from "../settings/schema.js";

const HALF_LOG_TAU = 720.4; // 392 log 2π: −log density of 784 Gaussians of variance one at their means

/**
 * By likelihood, in nats per image. `diverged`: a reconstruction above it is worse than that of any untrained model. `offset`:
 * subtracted from the chart's reconstruction, so that it shares an axis with the KL. `ceiling`: the top of the chart, far below the
 * first losses. `marks`: reconstructions of MNIST with a meaning.
 */
export const likelihoods = {
  bernoulli: {
    diverged: 600, // predicting 0.5 for every pixel gives 543
    offset: 0,
    ceiling: 230,
    marks: [
      { at: 205.7, name: "average_digit" },
      { at: 45.5, name: "perfect_reconstruction" },
    ],
  },
  unit_gaussian: {
    diverged: 870, // predicting 0.5 for every pixel gives 812
    offset: HALF_LOG_TAU,
    ceiling: 45,
    marks: [
      { at: 746.9, name: "average_digit" },
      { at: HALF_LOG_TAU, name: "perfect_reconstruction" },
    ],
  },
  learned_gaussian: {
    diverged: 870, // its variance starts at one
    offset: 0,
    ceiling: 250,
    marks: [],
  },
  structured_gaussian: {
    diverged: 900, // its standard deviations start at 0.3: 865
    offset: 0,
    ceiling: 250,
    marks: [],
  },
};

/** The scale of a likelihood's losses on the data set of this key: the marks are computed for MNIST. */
export function scaleOf(likelihood, data) {
  const scale = likelihoods[likelihood];
  return data === MNIST.key ? scale : { ...scale, marks: [] };
}

/** Posteriors whose KL needs a note. */
const NOTED_POSTERIORS = ["point", "codebook", "two_codebooks", "categorical", "two_layers", "flow"];

/**
 * What training minimises in place of the KL of each image: "mmd", "decomposed", "free_bits", "capacity", or "kl" where nothing is in its
 * place; as in src/train/schedule.rs.
 */
export function penaltyOf(values) {
  const { divergence, free_bits, capacity } = values;
  if (divergence !== "kl") return divergence;
  if (free_bits > 0 && hasMeaning("free_bits", values)) return "free_bits";
  return capacity > 0 && hasMeaning("capacity", values) ? "capacity" : "kl";
}

/** `of(values)`: whether it is trained; `term`: the key of its words in the formula; `note`: that of its note. */
const AUXILIARY_LOSSES = [
  {
    of: hasCodebook,
    term: "training.auxiliary_loss.codebook.term",
    note: "training.auxiliary_loss.codebook.note",
  },
  {
    of: ({ classifier }) => classifier,
    term: "training.auxiliary_loss.classifier.term",
    note: "training.auxiliary_loss.classifier.note",
  },
  {
    of: ({ critic }) => critic,
    term: "training.auxiliary_loss.critic.term",
    note: "training.auxiliary_loss.critic.note",
  },
];

/** The losses that are minimised in addition to the bound, {term, note}. */
export function auxiliaryLosses(values) {
  return AUXILIARY_LOSSES.filter(({ of }) => of(values));
}

/** How to read the losses of a run with these settings on the data set of this key: full sentences. */
export function notes(values, data = MNIST.key) {
  const { likelihood, posterior, samples, binarise } = values;
  const isOfMarks = likelihoods[likelihood].marks.length > 0;
  const said = isOfMarks && data !== MNIST.key ? [] : [text(`training.likelihood_note.${likelihood}`)];
  if (isLinear(values)) said.push(text("training.linear_note"));
  if (NOTED_POSTERIORS.includes(posterior)) said.push(text(`training.posterior_note.${posterior}`));
  if (penaltyOf(values) !== "kl") said.push(text(`training.penalty_note.${penaltyOf(values)}`));
  if (samples > 1 && hasMeaning("samples", values))
    said.push(text("training.samples_note", { count: samples }));
  if (binarise && hasMeaning("binarise", values)) said.push(text("training.binarise_note"));
  return [...said, ...auxiliaryLosses(values).map(({ note }) => text(note))].join(" ");
}

/**
 * The chart's vertical range, [bottom, top], for losses between `least` and `most` without the offset. `whole`: it includes the first
 * losses, which are far above all that follow.
 */
export function chartRange({ ceiling }, least, most, whole = false) {
  const bottom = Math.min(0, 100 * Math.floor((least ?? 0) / 100));
  const isHigher = whole && most !== null && most > ceiling;
  return [bottom, isHigher || (least ?? 0) >= ceiling ? most * 1.05 : ceiling];
}

/** About six round numbers along that range. */
export function chartSplits(bottom, top) {
  const rough = (top - bottom) / 5;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = decade * [1, 2, 5, 10].find((times) => times * decade >= rough);
  const splits = [];
  for (let at = Math.ceil(bottom / step) * step; at <= top; at += step) splits.push(at);
  return splits;
}
