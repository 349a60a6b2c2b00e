// The posterior view without a browser: which models it shows, when it computes, and its colours.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./schema.js";
import { IntegratedModel } from "../../www/posterior/integrated-model.js";
import { PAIR, reasonAgainst, SHOWN, sourcesToShow } from "../../www/posterior/posterior-choice.js";
import { densityColours, densityPixels } from "../../www/views/density-colours.js";
import { spanOf } from "../../www/views/evidence-line.js";

const PLANE = { latent: 2, posterior: "diagonal", likelihood: "bernoulli" };
const shown = (source, model) => ({ source, description: { model } });

test("a posterior is computed for two components, a Gaussian posterior and binary pixels", () => {
  assert.equal(reasonAgainst(PLANE), null);
  assert.equal(reasonAgainst({ ...PLANE, posterior: "full" }), null);
  assert.equal(reasonAgainst({ ...PLANE, latent: 20 }), "components");
  assert.equal(reasonAgainst({ ...PLANE, posterior: "point" }), "point");
  assert.equal(reasonAgainst({ ...PLANE, posterior: "codebook" }), "codebook");
  assert.equal(reasonAgainst({ ...PLANE, likelihood: "unit_gaussian" }), "likelihood");
});

test("the model shown is seen where that is possible, else the pair", () => {
  assert.deepEqual(sourcesToShow(null, null), []);
  assert.deepEqual(sourcesToShow(shown("training", PLANE), null), [SHOWN]);
  assert.deepEqual(sourcesToShow(shown("training", PLANE), "pair"), PAIR);
  assert.deepEqual(sourcesToShow(shown("z20", { ...PLANE, latent: 20 }), "shown"), PAIR);
  assert.deepEqual(sourcesToShow(shown("z2", PLANE), "shown"), PAIR, "it is one of them");
});

/** A column over a worker that has three lattices, each of two pieces; `open()` lets one call be answered. */
function column({ inputs }) {
  const calls = [];
  let pieces = 0;
  const answers = {
    open_posterior: () => ({ model: PLANE }),
    begin_posterior: () => {
      pieces = 0;
    },
    advance_posterior: () => {
      pieces++;
      return { more: pieces < 6, view: pieces % 2 === 0 ? { side: pieces } : null };
    },
    decode_posterior: () => new Float32Array(784),
  };
  const worker = {
    closed: false,
    call: async (action, args) => {
      calls.push([action, args]);
      return answers[action](args);
    },
  };
  const changes = [];
  const model = new IntegratedModel({
    source: SHOWN,
    client: { open: async () => worker, close: () => calls.push(["close_posterior"]) },
    weights: async () => ({ bytes: new Uint8Array(0), step: null }),
    inputs: () => inputs,
    changed: () => changes.push(model.shown),
  });
  const count = (action) => calls.filter(([name]) => name === action).length;
  return { model, changes, count };
}

const turn = () => new Promise(setImmediate);

/** All that can be done is done. */
async function settled() {
  for (let k = 0; k < 100; k++) await turn();
}

const drawing = (ink) => ({ framed: new Float32Array(784).fill(ink) });
const label = { label: 0, inferred: true };

test("it goes on to the finest lattice, and the same drawing is not computed again", async () => {
  const inputs = { open: true, training: false, inference: drawing(1), labelChoice: label };
  const { model, count } = column({ inputs });
  model.update();
  await settled();
  assert.equal(model.shown.view.side, 6);
  assert.equal(model.shown.working, false);
  inputs.inference = drawing(1); // the same image, inferred again
  model.update();
  await settled();
  assert.equal(count("begin_posterior"), 1);
  assert.equal(count("advance_posterior"), 6);
});

test("another drawing ends it after the first lattice, so that the view follows a pen that never rests", async () => {
  const inputs = { open: true, training: false, inference: drawing(0), labelChoice: label };
  const { model, changes, count } = column({ inputs });
  model.update();
  let drawn = 0;
  const before = new Set();
  while (changes.length < 12 && drawn < 200) {
    inputs.inference = drawing(++drawn / 200);
    model.update();
    if (model.shown.view) before.add(model.shown.view);
    await turn();
  }
  await settled();
  assert.ok(before.size > 1, "there were results while it was drawn");
  assert.equal(model.shown.view.side, 6, "and the finest at the end");
  assert.ok(count("begin_posterior") > 2);
});

test("a run in training is seen on the first lattice, and one that is out of sight not at all", async () => {
  const inputs = { open: false, training: true, inference: drawing(1), labelChoice: label };
  const { model, count } = column({ inputs });
  model.update();
  await settled();
  assert.equal(count("open_posterior"), 0);
  inputs.open = true;
  model.update();
  await settled();
  assert.equal(model.shown.view.side, 2);
  model.follow();
  model.follow();
  await settled();
  assert.equal(count("open_posterior"), 1, "later weights wait a while");
  model.close();
});

test("nothing drawn leaves nothing to see", async () => {
  const inputs = { open: true, training: false, inference: drawing(1), labelChoice: label };
  const { model } = column({ inputs });
  model.update();
  await settled();
  inputs.inference = null;
  model.update();
  await settled();
  assert.equal(model.shown.view, null);
});

test("the colours of a density change evenly in lightness, from the card to its opposite", () => {
  const channel = (byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = (colours, k) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, c) => sum + weight * channel(colours[4 * k + c]), 0);
  for (const [dark, sign] of [
    [false, -1],
    [true, 1],
  ]) {
    const colours = densityColours(dark);
    const all = Array.from({ length: 256 }, (_, k) => luminance(colours, k));
    for (let k = 8; k < 256; k++) assert.ok(sign * (all[k] - all[k - 8]) > 0, `${dark} ${k}`);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    assert.ok((most + 0.05) / (least + 0.05) > 7, "the ends differ clearly");
  }
});

test("a density is painted with its second component upwards", () => {
  const pixels = densityPixels(Float32Array.of(1, 0, 0, 0), 2, false);
  const last = densityColours(false).subarray(4 * 255, 4 * 256);
  assert.deepEqual([...pixels.subarray(8, 12)], [...last], "the first value is at the bottom left");
});

test("all lines have the same length in nats, with room for the largest gap", () => {
  const view = (gap) => ({ numbers: { gap: { value: gap } } });
  assert.equal(spanOf([view(4), null, view(10)]), 15);
  assert.equal(spanOf([view(0.1)]), 1);
});
