// What the choice of a likelihood, a posterior or another part means for the numbers and words on the page.

import { hasMeaning } from "../settings/schema.js";

const HALF_LOG_TAU = 720.4; // 392 log 2π: what 784 Gaussians of variance one cost where every pixel is met exactly

/**
 * By likelihood. `unsound`: a reconstruction worse than this knows less than nothing. `offset`: taken off the chart's
 * reconstruction, so that it shares an axis with the KL. `ceiling`: losses begin far above what is interesting, so the chart
 * ends here. `marks`: reconstructions with a meaning, in nats.
 */
export const likelihoods = {
  bernoulli: {
    unsound: 600, // one half for every pixel costs 543
    offset: 0,
    ceiling: 230,
    marks: [
      { at: 205.7, name: "205.7 average digit" },
      { at: 45.5, name: "45.5 perfect copy" },
    ],
    note: "Two marks for the reconstruction: 205.7, drawing the average digit whatever comes in; 45.5, a perfect copy of the 10,000 test images, because grey pixels cannot be predicted with certainty (44.1 for the first 512).",
  },
  unit_gaussian: {
    unsound: 870, // one half for every pixel costs 812
    offset: HALF_LOG_TAU,
    ceiling: 45,
    marks: [
      { at: 746.9, name: "average digit" },
      { at: HALF_LOG_TAU, name: "perfect copy" },
    ],
    note: "The reconstruction is −log of a density, not comparable with a cross-entropy. 720.4 of it, 392 log 2π, is the same for every picture; the chart leaves that out. Two marks: 746.9, drawing the average digit; 720.4, a perfect copy.",
  },
  learned_gaussian: {
    unsound: 870, // its variance starts at one
    offset: 0,
    ceiling: 250,
    marks: [],
    note: "The reconstruction is −log of a density, not comparable with a cross-entropy: it starts near 812 and goes below zero once the learned variance is small. It has no floor, so the chart has no marks.",
  },
};

/** By prior; codes have one of their own. `from`: where a draw comes from, for a button and a heading. */
const priors = {
  standard: { from: "N(0, I)" },
  mixture: { from: "the mixture" },
  vamp: { from: "the VampPrior" },
  codebook: { from: "code counts" },
};

/** What codes of this model are drawn from. */
export function priorOf({ posterior, prior }) {
  return priors[posterior === "codebook" ? posterior : prior];
}

/**
 * By posterior. `mean` and `sample`: how z comes about; `random`: whether two samples differ; `ordered`: whether sliders are, by their use;
 * `key`: how to read them; `note`: on the numbers.
 */
export const posteriors = {
  point: {
    mean: "z = μ",
    sample: "z = μ: no noise",
    random: false,
    ordered: false,
    key: "This model has no KL: order means nothing, and no component can be called unused. The mark under a slider is the one code μ of your drawing; σ is 0, so a sample is the same as the mean.",
    note: " A point has no KL, so that column is zero.",
  },
  diagonal: {
    mean: "z = μ",
    sample: "z = μ + σε",
    random: true,
    ordered: true,
    key: "Most used first. The bar under a slider is what the model believes about your drawing, μ ± 2σ; the last column is the mean KL of the component in nats. Under 0.05 it is called unused.",
    note: "",
  },
  full: {
    mean: "z = μ",
    sample: "z = μ + Lε",
    random: true,
    ordered: true,
    key: "Most used first. The bar under a slider is what the model believes about your drawing, μ ± 2σ of that component alone, although components may vary together; the last column is its mean share of the KL in nats. Under 0.05 it is called unused.",
    note: "",
  },
  codebook: {
    mean: "z: the codes",
    sample: "z: the same codes",
    random: false,
    ordered: false,
    key: "Each of 7 × 7 places takes one vector of the codebook; the number says which, and equal numbers share a tint. Choose a place, by arrow keys too, and give it another code: the strip shows a few of them there.",
    note: " KL here is −log of how often each place takes its code, counted place by place: a crude prior, since neighbours are not asked, and nothing is random.",
  },
};

const LINEAR = {
  key: "Each slider adds its own fixed direction to the picture, whatever the others say. Fitted in closed form, they come in order: the first keeps most of how images differ, and codes vary by 1. The mark is the one code μ of your drawing; there is no KL.",
  note: " What is above 720.4 is half the squared error, summed over pixels. A linear decoder may go below 0 or above 1: pictures are cut off there, the numbers are not.",
};

/** How to read the sliders of a model. */
export function keyTo(model) {
  return isLinear(model) ? LINEAR.key : posteriors[model.posterior].key;
}

function isLinear({ body, posterior, likelihood }) {
  return body === "linear" && posterior === "point" && likelihood === "unit_gaussian";
}

/**
 * What is trained besides the bound, and by which settings: `text(values)` in the formula, and a `note` on the numbers.
 */
const BESIDES = [
  {
    of: ({ posterior }) => posterior === "codebook",
    text: () => "pull of the codes",
    note: "The pull between the encoder and its codes is trained besides: it is no part of the bound, nor of these numbers.",
  },
  {
    of: ({ classifier }) => classifier,
    text: () => "20 · −log q(y|x) where y is told",
    note: "What the classifier pays where it is told the label is trained besides: it is no part of the bound, nor of these numbers.",
  },
  {
    of: ({ critic }) => critic,
    text: ({ critic_weight }) => `${critic_weight} · the critic’s reproach`,
    note: "The critic, and what it holds against the pictures, are trained besides: no part of the bound, nor of these numbers.",
  },
];

export function besides(values) {
  return BESIDES.filter(({ of }) => of(values));
}

/** How to read the losses of a run with these settings, in sentences. */
export function notes(values) {
  const { likelihood, posterior, samples, binarise } = values;
  const linear = isLinear(values) ? LINEAR.note : "";
  const said = [likelihoods[likelihood].note + linear + posteriors[posterior].note];
  if (samples > 1 && hasMeaning("samples", values))
    said.push(
      `The training loss is a bound shared by ${samples} draws; the tests are with one draw, a looser one.`,
    );
  if (binarise && hasMeaning("binarise", values))
    said.push(
      "Training draws each pixel on or off; the tests are still of the grey images, so the two losses are not of the same thing.",
    );
  return [...said, ...besides(values).map(({ note }) => note)].join(" ");
}

/** A chart's vertical range for losses between `least` and `most`, both already without the offset. */
export function chartRange({ ceiling }, least, most) {
  const bottom = Math.min(0, 100 * Math.floor((least ?? 0) / 100));
  return [bottom, (least ?? 0) < ceiling ? ceiling : most * 1.05];
}

/** Round numbers along that range, at most six or so. */
export function chartSplits(bottom, top) {
  const rough = (top - bottom) / 5;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = decade * [1, 2, 5, 10].find((times) => times * decade >= rough);
  const splits = [];
  for (let at = Math.ceil(bottom / step) * step; at <= top; at += step) splits.push(at);
  return splits;
}
