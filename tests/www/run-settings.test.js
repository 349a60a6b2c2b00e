import assert from "node:assert/strict";
import { test } from "node:test";
import "./schema.js";
import { defaults } from "../../www/settings/values.js";
import { closedForms, isFitted, settingsOfRun } from "../../www/training/run-settings.js";

const vae = defaults();
const pca = { ...vae, body: "linear", posterior: "point", likelihood: "unit_gaussian" };

test("the model's settings are those of the run, the others those of the form", () => {
  const values = { ...vae, latent: 8, beta: 4 };
  assert.deepEqual(settingsOfRun({ made: null }, values), values);
  const { latent, beta } = settingsOfRun({ made: vae }, values);
  assert.deepEqual([latent, beta], [20, 4]);
});

test("before a run, the form decides whether play fits in closed form", () => {
  const run = { status: "idle", made: null };
  assert.deepEqual(closedForms(run, pca, false), { playFits: true, restartFits: true });
  assert.deepEqual(closedForms(run, vae, false), { playFits: false, restartFits: false });
});

test("a linear autoencoder that is trained is not a closed form, and only a restart makes it one", () => {
  const linear = { ...pca, closed_form: false };
  const run = { status: "paused", made: linear };
  assert.deepEqual(closedForms(run, linear, false), { playFits: false, restartFits: false });
  assert.equal(settingsOfRun(run, pca).closed_form, false);
  assert.deepEqual(closedForms(run, pca, false), { playFits: false, restartFits: false });
  assert.deepEqual(closedForms({ status: "idle", made: null }, linear, false), {
    playFits: false,
    restartFits: false,
  });
  assert.ok(!isFitted({ status: "finished", made: linear }, pca));
  assert.ok(isFitted({ status: "finished", made: pca }, linear));
});

test("a paused run continues as it was made, until another system is chosen", () => {
  const run = { status: "paused", made: vae };
  assert.deepEqual(closedForms(run, pca, false), { playFits: false, restartFits: false });
  assert.deepEqual(closedForms(run, pca, true), { playFits: true, restartFits: true });
});

test("after a fit the form decides what comes next", () => {
  const run = { status: "finished", made: pca };
  assert.ok(isFitted(run, pca));
  assert.ok(!isFitted({ ...run, status: "paused" }, pca));
  assert.deepEqual(closedForms(run, { ...pca, latent: 8 }, false), { playFits: true, restartFits: true });
});
