// What the training panel's views write, on elements that only remember it.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./schema.js";
import { MNIST } from "../../www/data-sets/shipped.js";
import { BEFORE_TRAINING } from "../../www/initial-state.js";
import { Failure } from "../../www/messages/failure.js";
import { defaults } from "../../www/settings/values.js";
import { LossChartView } from "../../www/views/loss-chart.js";
import { LossTableView } from "../../www/views/loss-table.js";
import { ProgressView } from "../../www/views/progress.js";

globalThis.requestAnimationFrame = (draw) => draw(0);

function fakeElement() {
  const found = new Map();
  const attributes = new Map();
  return {
    dataset: {},
    textContent: "",
    classList: { toggle() {} },
    addEventListener() {},
    getAttribute: (name) => attributes.get(name) ?? null,
    setAttribute: (name, value) => attributes.set(name, value),
    removeAttribute: (name) => attributes.delete(name),
    closest: () => null,
    querySelectorAll: () => [],
    querySelector(selector) {
      if (!found.has(selector)) found.set(selector, fakeElement());
      return found.get(selector);
    },
  };
}

const vae = defaults();
const pca = { ...vae, body: "linear", posterior: "point", likelihood: "unit_gaussian" };

/** Draws a state of the run; returns what an element says. */
function progress({ run = {}, settings = vae, ...change }) {
  const root = fakeElement();
  const view = new ProgressView(root, root, {});
  const others = { data: null, ofOtherSystem: false, playFits: false, restartFits: false, epochs: 10 };
  view.update({ run: { ...BEFORE_TRAINING, ...run }, settings, ...others, ...change });
  view.update({ run: { ...BEFORE_TRAINING, ...run, phase: "" }, settings, ...others, ...change }); // stops its clock
  return (id) => root.querySelector(`#${id}`);
}

test("every status has its words and its button", () => {
  const words = (status, change) => {
    const find = progress({ run: { status }, ...change });
    return [find("status-text").textContent, find("play").textContent];
  };
  assert.deepEqual(words("idle"), ["Ready to train", "Train"]);
  assert.deepEqual(words("starting"), ["Starting", "Pause"]);
  assert.deepEqual(words("running"), ["Training", "Pause"]);
  assert.deepEqual(words("paused"), ["Paused", "Resume"]);
  assert.deepEqual(words("failed"), ["Stopped", "Train"]);
  assert.deepEqual(words("finished"), ["All epochs done", "5 more epochs"]);
  assert.deepEqual(words("paused", { ofOtherSystem: true }), ["Paused", "Train this system"]);
  assert.deepEqual(words("idle", { settings: pca, playFits: true }), ["Ready to fit", "Fit"]);
});

test("a fit says how long it took", () => {
  const find = progress({
    run: { status: "finished", msPerStep: 1234, dataset: MNIST },
    settings: pca,
    playFits: true,
  });
  assert.equal(find("status-text").textContent, "Fitted in closed form on 60,000 images in 1.2 s");
  assert.ok(find("step").hidden && !find("closed-form-note").hidden);
});

test("the start says what it does, and the device why it was chosen", () => {
  const root = fakeElement();
  const view = new ProgressView(root, root, {});
  const props = { data: null, settings: vae, epochs: 10 };
  for (const phase of ["data", "adapter", "webgpu_module", "kernels", "cpu_module", "model"]) {
    view.update({ ...props, run: { ...BEFORE_TRAINING, phase } });
    assert.match(root.querySelector("#phase").textContent, /^· .*… 0 s$/);
  }
  const device = { kind: "cpu", adapter: null, reason: { kind: "no_webgpu", values: {} } };
  view.update({ ...props, run: { ...BEFORE_TRAINING, device } });
  assert.equal(root.querySelector("#phase").textContent, "");
  assert.equal(root.querySelector("#device-line").textContent, "CPU (WebAssembly).");
  assert.match(root.querySelector("#device-reason").textContent, /no WebGPU/);
});

test("each trouble has a sentence and a way to recover", () => {
  const shown = (trouble) => {
    const find = progress({ run: { status: "failed", trouble } });
    return [find("trouble-text").textContent, find("trouble-action").textContent];
  };
  const lost = new Failure("worker_closed");
  assert.deepEqual(shown({ kind: "lost", error: lost, resumeAt: 1200 }), [
    "Training stopped. The worker was closed.",
    "Continue from step 1,200",
  ]);
  assert.equal(shown({ kind: "lost", error: lost, resumeAt: null })[1], "Start again");
  const diverged = new Failure("training_diverged", { step: 7 });
  const [sentence, action] = shown({ kind: "diverged", error: diverged, resumeAt: 1 });
  assert.match(sentence, /infinite or NaN at step 7/);
  assert.equal(action, "Back to the last checkpoint");
  const missing = new Failure("download_status", { file: "t10k", status: 404 });
  assert.match(
    shown({ kind: "data", error: missing, resumeAt: null })[0],
    /missing\. t10k could not .* 404\. Every/,
  );
});

test("the download and the epoch have their words", () => {
  const said = (change) => {
    const find = progress(change);
    return [find("data-bytes").textContent, find("epoch-text").textContent];
  };
  assert.deepEqual(said({}), ["not loaded yet", "–"]);
  assert.equal(said({ data: { loaded: 1e6, total: 0, ready: false } })[0], "1.0 MB of …");
  assert.equal(said({ data: { loaded: 1e6, total: 4e6, ready: false } })[0], "1.0 MB of 4.0 MB");
  assert.equal(said({ data: { loaded: 4e6, total: 4e6, ready: true } })[0], "4.0 MB, ready");
  assert.equal(said({ run: { step: 10, epoch: 1.5 } })[1], "2 of 10");
  const testing = { done: 256, of: 10_000 };
  assert.equal(said({ run: { step: 10, epoch: 1, testing } })[1], "testing 256 of 10,000");
});

test("the table has the losses, and what only some models measure", () => {
  const root = fakeElement();
  const view = new LossTableView(root);
  const full = { reconstruction: 80, kl: 20, total: 100, epoch: 3, accuracy: 0.981, perplexity: 70.4 };
  const settings = { ...vae, samples: 5, codes: 128 };
  view.update({ losses: { train: null, quick: { ...full, accuracy: null }, full }, settings });
  const said = (id) => root.querySelector(`#${id}`).textContent;
  assert.equal(root.querySelector('[data-row="full"] [data-term="total"]').textContent, "100.0");
  assert.match(said("train-row"), /bound with 5 importance samples/);
  assert.equal(said("full-epoch"), "after epoch 3");
  assert.match(said("test-extra"), /98\.1 % of all\. Perplexity of the codes: 70 of 128 on all/);
});

test("the chart is described in words", () => {
  const root = fakeElement();
  const readout = { update() {}, inWords: () => "" };
  const view = new LossChartView(root, { toggle: fakeElement(), slider: fakeElement(), readout });
  const point = { step: 1000, reconstruction: 80, kl: 20, total: 100 };
  const nothing = { cell: 1, steps: [], curves: [] };
  const label = (curves, overlay = nothing) => {
    view.update({ curves: { train: [], quick: [], full: [], ...curves }, overlay, likelihood: "bernoulli" });
    return root.getAttribute("aria-label");
  };
  assert.equal(label({}), "Loss chart, empty");
  assert.match(label({ train: [point] }), /Train at step 1,000: reconstruction 80\.0, KL 20\.0$/);
  assert.match(label({ train: [point], full: [point] }), /; test on all images at step 1,000: .*20\.0$/);
  assert.equal(root.dataset.marks, "205.7 45.5");
  const other = { slot: 1, name: "wide", count: [1], terms: {} };
  assert.match(label({ train: [point] }, { ...nothing, curves: [other] }), /KL 20\.0\. Other runs: B, wide$/);
});
