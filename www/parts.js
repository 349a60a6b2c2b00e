// What the choice of a likelihood or a posterior means for the numbers and words on the page.

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

/** By prior. `from`: where a draw comes from, for a button and a heading. */
export const priors = {
  standard: { from: "N(0, I)" },
  mixture: { from: "the mixture" },
  vamp: { from: "the VampPrior" },
};

/** By posterior. `sample`: how z comes about; `random`: whether two samples differ; `key`: how to read the sliders. */
export const posteriors = {
  point: {
    sample: "z = μ: no noise",
    random: false,
    ordered: false,
    key: "This model has no KL: order means nothing, and no component can be called unused. The mark under a slider is the one code μ of your drawing; σ is 0, so a sample is the same as the mean.",
    note: " A point has no KL, so that column is zero.",
  },
  diagonal: {
    sample: "z = μ + σε",
    random: true,
    ordered: true,
    key: "Most used first. The bar under a slider is what the model believes about your drawing, μ ± 2σ; the last column is the mean KL of the component in nats. Under 0.05 it is called unused.",
    note: "",
  },
  full: {
    sample: "z = μ + Lε",
    random: true,
    ordered: true,
    key: "Most used first. The bar under a slider is what the model believes about your drawing, μ ± 2σ of that component alone, although components may vary together; the last column is its mean share of the KL in nats. Under 0.05 it is called unused.",
    note: "",
  },
};

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
