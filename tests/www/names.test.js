import assert from "node:assert/strict";
import { test } from "node:test";
import { defaults } from "../../www/settings/values.js";
import { chosen, modelName } from "../../www/settings/systems.js";

const { latent, posterior, prior, likelihood, labelled, components } = defaults();
const model = { latent, posterior, prior, likelihood, labelled, components };
const train = { beta: 1, warm_up: 0, corruption: "none" };
const vae = { name: "vae", title: "Variational autoencoder", model, train };
const beta = { name: "beta", title: "Beta-VAE", model, train: { ...train, beta: 4 } };
const systems = [vae, beta];
const made = (system, change = {}) => ({ ...chosen(defaults(), system), ...change });

test("pre-trained weights are called after their system, and by their size where there are several", () => {
  assert.equal(modelName({ source: "z2" }, systems), "Variational autoencoder, Z = 2");
  assert.equal(modelName({ source: "beta" }, systems), "Beta-VAE");
});

test("a file is called by its name", () => {
  assert.equal(modelName({ source: "file", file: "mine.safetensors" }, systems), "mine.safetensors");
});

test("a run is called after the nearest system, and what it changed", () => {
  assert.equal(modelName({ source: "training", made: made(beta) }, systems), "Beta-VAE, Z = 20");
  const other = made(vae, { latent: 8, likelihood: "unit_gaussian" });
  assert.match(
    modelName({ source: "training", made: other }, systems),
    /^Variational autoencoder, Z = 8; Likelihood of a pixel: Gaussian, variance 1$/,
  );
});
