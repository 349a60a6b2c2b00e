import assert from "node:assert/strict";
import { test } from "node:test";
import "./schema.js";
import { hasText } from "../../www/messages/text.js";
import { settings } from "../../www/settings/schema.js";
import { defaults } from "../../www/settings/values.js";
import {
  auxiliaryLosses,
  chartRange,
  chartSplits,
  likelihoods,
  notes,
  penaltyOf,
} from "../../www/training/loss-descriptions.js";

test("every likelihood that can be chosen is described", () => {
  assert.deepEqual(Object.keys(likelihoods).sort(), [...settings.likelihood.choices].sort());
});

test("predicting 0.5 for every pixel does not count as diverged, since every model begins there", () => {
  const worst = { bernoulli: 784 * Math.log(2), unit_gaussian: 392 * Math.log(2 * Math.PI) + 784 / 8 };
  worst.learned_gaussian = worst.unit_gaussian;
  worst.structured_gaussian = 784 * (0.125 / 0.3 ** 2 + Math.log(0.3 * Math.sqrt(2 * Math.PI)));
  for (const [name, { diverged }] of Object.entries(likelihoods)) assert.ok(diverged > worst[name], name);
});

test("the marks lie within the chart", () => {
  for (const { marks, offset, ceiling } of Object.values(likelihoods))
    for (const { at } of marks) assert.ok(at - offset >= 0 && at - offset < ceiling);
});

test("the chart reaches below zero where a density does, and begins at zero otherwise", () => {
  assert.deepEqual(chartRange(likelihoods.bernoulli, 5, 543), [0, 230]);
  assert.deepEqual(chartRange(likelihoods.bernoulli, null, null), [0, 230]);
  assert.deepEqual(chartRange(likelihoods.bernoulli, 5, 500, true), [0, 525], "with the first steps");
  assert.deepEqual(chartRange(likelihoods.bernoulli, 5, 120, true), [0, 230]);
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

test("the notes name auxiliary losses and importance samples", () => {
  assert.doesNotMatch(notes(defaults()), /auxiliary|importance/);
  for (const part of [{ posterior: "codebook" }, { labelled: true, classifier: true }, { critic: true }])
    assert.match(notes({ ...defaults(), ...part }), /auxiliary loss.*no part of the bound/);
  assert.match(notes({ ...defaults(), samples: 5 }), /with 5 importance samples/);
  assert.doesNotMatch(notes({ ...defaults(), posterior: "point", samples: 5 }), /importance/);
});

test("every likelihood, posterior and auxiliary loss has its words in the catalogue", () => {
  for (const likelihood of settings.likelihood.choices)
    for (const posterior of settings.posterior.choices)
      assert.ok(notes({ ...defaults(), likelihood, posterior }).length > 100);
  const all = { ...defaults(), posterior: "codebook", classifier: true, critic: true };
  assert.equal(auxiliaryLosses(all).length, 3);
  for (const { term, note } of auxiliaryLosses(all)) assert.ok(hasText(term) && hasText(note));
});

test("what is minimised in place of the KL is found, where it has an effect", () => {
  assert.equal(penaltyOf(defaults()), "kl");
  assert.equal(penaltyOf({ ...defaults(), divergence: "mmd", free_bits: 1 }), "mmd");
  assert.equal(penaltyOf({ ...defaults(), free_bits: 0.5 }), "free_bits");
  assert.equal(penaltyOf({ ...defaults(), free_bits: 0.5, prior: "vamp" }), "kl");
  assert.equal(penaltyOf({ ...defaults(), capacity: 25 }), "capacity");
  assert.match(notes({ ...defaults(), divergence: "mmd" }), /not in nats/);
  assert.doesNotMatch(notes(defaults()), /MMD|target/);
});
