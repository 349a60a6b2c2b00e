// Every kind of posterior and prior has its descriptions for the sliders, and its words.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  posteriors,
  priorOf,
  slidersKey,
  USED_NATS,
  usedIn,
} from "../../www/explore/posterior-descriptions.js";
import { text } from "../../www/messages/text.js";
import { reasonAgainst } from "../../www/posterior/posterior-choice.js";
import { hasCodebook } from "../../www/settings/schema.js";
import schema from "./schema.json" with { type: "json" };
import "./schema.js";

const { posterior, prior } = schema.settings;

test("every posterior of the schema is described", () => {
  assert.deepEqual(Object.keys(posteriors).sort(), [...posterior.choices].sort());
  for (const kind of posterior.choices) {
    for (const at of ["mean", "sample"]) assert.ok(text(`explore.posterior.${kind}.${at}`));
    assert.ok(text(`explore.sliders_key.${slidersKey({ posterior: kind })}`, { used: USED_NATS }));
  }
});

test("every prior of the schema has a name, and indices have priors of their own", () => {
  for (const kind of prior.choices) {
    assert.ok(text(`explore.prior.${priorOf({ posterior: "diagonal", prior: kind })}`));
    assert.match(
      text(`explore.sample_prior.${priorOf({ posterior: "codebook", prior: kind })}`),
      /frequency/,
    );
    assert.match(
      text(`explore.sample_prior.${priorOf({ posterior: "categorical", prior: kind })}`),
      /uniform/,
    );
  }
});

test("every kind has words in the view of the true posterior, or a reason why it is not there", () => {
  const { likelihood } = schema.settings;
  for (const kind of posterior.choices)
    for (const latent of [2, 20])
      for (const each of likelihood.choices) {
        const reason = reasonAgainst({ posterior: kind, latent, likelihood: each });
        const key = reason === null ? `posterior.facts.${kind}` : `posterior.against.${reason}`;
        assert.ok(text(key, { name: "a model", latent }));
      }
  for (const kind of prior.choices) assert.ok(text(`posterior.prior.${kind}`));
});

test("a model with indices says how many in a comparison", () => {
  for (const kind of ["categorical", ...posterior.choices.filter((each) => hasCodebook({ posterior: each }))])
    assert.match(text(`compare.facts.${kind}`, { places: 30, codes: 10 }), /30.*10/);
});

test("only the sliders of principal components are read as fixed directions", () => {
  const pca = { body: "linear", posterior: "point", likelihood: "unit_gaussian" };
  assert.equal(slidersKey(pca), "linear");
  for (const change of [{ body: "mlp" }, { likelihood: "bernoulli" }, { posterior: "diagonal" }])
    assert.notEqual(slidersKey({ ...pca, ...change }), "linear");
});

test("a component is used where its mean KL exceeds the bound", () => {
  assert.equal(usedIn(Float32Array.from([1.2, 0.011, 0.009, 0])), 2);
});
