// When a GPU's checkpoint is trusted: scores, weights and gradients, by workers whose answers the test decides.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MNIST } from "../../www/data-sets/shipped.js";
import { trainingFiles } from "../../www/data-sets/training-files.js";
import { sentence } from "../../www/messages/failure.js";
import { CheckedTrainer, compareScores, firstItems } from "../../www/training/checked-trainer.js";

const score = (change = {}) => ({ reconstruction: 80, kl: 20, usage: [12, 8], ...change });
const diagonal = { posterior: "diagonal" };

test("scores agree within rounding and no further, in each term and component", () => {
  compareScores(score(), score({ reconstruction: 80.005, usage: [12.005, 8] }), diagonal);
  for (const wrong of [
    { reconstruction: 80.02 },
    { kl: 19.98 },
    { usage: [12.02, 7.98] },
    { reconstruction: Number.NaN },
    { usage: [12, Number.NaN] },
    { reconstruction: Number.POSITIVE_INFINITY },
    { reconstruction: 20, kl: 80 },
  ]) {
    assert.throws(() => compareScores(score(), score(wrong), diagonal), {
      kind: "devices_disagree_on_score",
    });
    assert.throws(() => compareScores(score(wrong), score(), diagonal));
  }
});

test("a code of a codebook may be rounded to either side", () => {
  const codebook = { posterior: "codebook" };
  compareScores(score(), score({ kl: 20.1, usage: [12.1, 8] }), codebook);
  assert.throws(() => compareScores(score(), score({ kl: 22 }), codebook));
});

test("a density's loss may be negative or cross zero", () => {
  const near = score({ reconstruction: -20.000001, kl: 20 });
  compareScores(near, score({ reconstruction: -20.001, kl: 20 }), diagonal);
  assert.throws(() => compareScores(near, score({ reconstruction: -20.1, kl: 20 }), diagonal));
});

test("IDX files are cut after their first items", () => {
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 9, 4);
  const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6);
  const [cutImages, cutLabels] = [images, labels].map((file) => firstItems(2, file));
  assert.deepEqual([...cutLabels], [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);
  assert.deepEqual([...cutImages], [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
  assert.deepEqual(firstItems(5, labels), labels);
  assert.equal(labels[7], 3, "the file itself is left alone");
});

/** A trainer on two devices whose answers a test chooses. */
function setUp({ gpu = score(), cpu = score(), relative = 1e-6, create = () => {}, notFinite = null } = {}) {
  const calls = { gpu: [], cpu: [] };
  const client = (name, answers) => ({
    call: async (action, args) => {
      calls[name].push([action, args]);
      return answers[action](args);
    },
    close: () => calls[name].push(["close"]),
  });
  const onGpu = client("gpu", {
    score_checkpoint: () => ({ bytes: "bytes", score: gpu }),
    try_step: () => "gpu's",
  });
  const onCpu = client("cpu", {
    create,
    evaluate: () => cpu,
    checkpoint: () => "weights",
    try_step: () => "cpu's",
    largest_difference({ a, b }) {
      assert.deepEqual([a, b], ["cpu's", "gpu's"]);
      if (notFinite) throw notFinite;
      return { name: "encoder.mean.weight", relative };
    },
  });
  const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
  const files = trainingFiles(MNIST, {
    trainImages: idx,
    trainLabels: idx,
    testImages: idx,
    testLabels: idx,
  });
  const checked = new CheckedTrainer({
    gpu: onGpu,
    openCpu: async () => onCpu,
    examples: files,
    files,
  });
  return { checked, calls };
}

const config = { model: diagonal, train: { batch: 128, seed: 3 } };
const NOT_FINITE = Object.assign(new Error(), { kind: "tensor_not_finite", values: { tensor: "a.weight" } });

test("a checkpoint that agrees is handed out, with the weights as the CPU read them", async () => {
  const { checked, calls } = setUp();
  assert.deepEqual(await checked.checkpoint(config), { bytes: "bytes", weights: "weights", score: score() });
  const [[, created], , , [, step]] = calls.cpu;
  assert.deepEqual(created.options, { ...config, weights: "bytes", resume: true });
  assert.deepEqual(step.options, { model: diagonal, train: { batch: 16, seed: 3 }, weights: "weights" });
  checked.close();
  await new Promise(setImmediate);
  assert.deepEqual(calls.cpu.at(-1), ["close"]);
});

test("each kind of garbage has its sentence", async () => {
  for (const [wrong, kind] of [
    [{ gpu: score({ kl: 21 }) }, "devices_disagree_on_score"],
    [{ gpu: score({ kl: Number.NaN }) }, "devices_disagree_on_score"],
    [{ relative: 0.02 }, "devices_disagree_on_gradient"],
    [{ relative: Number.NaN }, "devices_disagree_not_finite"],
    [{ notFinite: NOT_FINITE }, "devices_disagree_not_finite"],
    [
      {
        create() {
          throw NOT_FINITE;
        },
      },
      "devices_disagree_on_weights",
    ],
  ]) {
    const { checked } = setUp(wrong);
    await assert.rejects(checked.checkpoint(config), (error) => {
      assert.equal(error.kind, kind);
      assert.doesNotMatch(sentence(error), /[{}]|Unexpected/);
      return true;
    });
  }
});

test("a run that has diverged is not blamed on the GPU, unless it also takes another step", async () => {
  const nan = score({ reconstruction: Number.NaN });
  const create = () => {
    throw NOT_FINITE;
  };
  for (const diverged of [
    { gpu: nan, cpu: nan },
    { gpu: nan, create },
  ]) {
    assert.equal(await setUp(diverged).checked.checkpoint(config), null);
    await assert.rejects(setUp({ ...diverged, relative: 1 }).checked.checkpoint(config), {
      kind: "devices_disagree_on_gradient",
    });
  }
});
