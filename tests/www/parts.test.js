import assert from "node:assert/strict";
import { test } from "node:test";
import { chartRange, chartSplits, likelihoods, notes, posteriors, priorOf } from "../../www/training/loss-descriptions.js";
import { settings } from "../../www/settings/schema.js";
import { defaults } from "../../www/settings/values.js";

test("every likelihood and posterior that can be chosen is explained", () => {
  assert.deepEqual(Object.keys(likelihoods).sort(), [...settings.likelihood.choices].sort());
  assert.deepEqual(Object.keys(posteriors).sort(), [...settings.posterior.choices].sort());
});

test("predicting one half for every pixel counts as sound, since every model begins there", () => {
  const worst = { bernoulli: 784 * Math.log(2), unit_gaussian: 392 * Math.log(2 * Math.PI) + 784 / 8 };
  worst.learned_gaussian = worst.unit_gaussian;
  for (const [name, nats] of Object.entries(worst)) assert.ok(likelihoods[name].unsound > nats, name);
});

test("the marks lie within the chart", () => {
  for (const { marks, offset, ceiling } of Object.values(likelihoods))
    for (const { at } of marks) assert.ok(at - offset >= 0 && at - offset < ceiling);
});

test("the chart reaches below zero where a density does, and begins at zero otherwise", () => {
  assert.deepEqual(chartRange(likelihoods.bernoulli, 5, 543), [0, 230]);
  assert.deepEqual(chartRange(likelihoods.bernoulli, null, null), [0, 230]);
  assert.deepEqual(chartRange(likelihoods.learned_gaussian, -276, 812), [-300, 250]);
});

test("the chart's lines are round numbers and few", () => {
  assert.deepEqual(chartSplits(0, 230), [0, 50, 100, 150, 200]);
  assert.deepEqual(chartSplits(-300, 250), [-200, 0, 200]);
  for (const [bottom, top] of [
    [0, 45],
    [0, 1000],
    [-1200, 250],
  ]) {
    const splits = chartSplits(bottom, top);
    assert.ok(splits.length >= 3 && splits.length <= 7, `${splits}`);
  }
});

test("the notes say what is no part of the bound, and whose draws share it", () => {
  assert.doesNotMatch(notes(defaults()), /besides|draws/);
  for (const part of [{ posterior: "codebook" }, { labelled: true, classifier: true }, { critic: true }])
    assert.match(notes({ ...defaults(), ...part }), /trained besides.*no part of the bound/);
  assert.match(notes({ ...defaults(), samples: 5 }), /shared by 5 draws/);
  assert.doesNotMatch(notes({ ...defaults(), posterior: "point", samples: 5 }), /draws/);
});

test("codes are drawn from counts of their own, whatever the prior", () => {
  assert.equal(priorOf({ posterior: "diagonal", prior: "standard" }).from, "N(0, I)");
  for (const prior of settings.prior.choices)
    assert.match(priorOf({ posterior: "codebook", prior }).from, /counts/);
});
