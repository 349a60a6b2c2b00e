// The map as SVG.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MNIST } from "../../www/data-sets/shipped.js";
import { planeSvg } from "../../www/views/plane-svg.js";

const COLOURS = new Proxy({}, { get: (_, name) => `colour-${String(name)}` });

/** Of `count` images on a spiral within three units of the origin, each of another class than the one before. */
function picture(count) {
  const places = new Float32Array(2 * count);
  for (let k = 0; k < count; k++) {
    const radius = (3 * k) / count;
    places.set([radius * Math.cos(k), radius * Math.sin(k)], 2 * k);
  }
  const labels = Uint8Array.from({ length: count }, (_, k) => k % 10);
  const plane = { across: Float32Array.of(1, 0), upwards: Float32Array.of(0, 1), components: [0, 1] };
  const view = { ...plane, places, labels, share: 1, contours: null, of: 60_000 };
  return planeSvg({
    view,
    dataset: MNIST,
    rings: false,
    posterior: null,
    z: null,
    trace: [],
    colours: COLOURS,
    description: "",
  });
}

const groups = (svg) =>
  [...svg.matchAll(/<g data-label="(\d)"[^>]*>(.*?)<\/g>/gs)].map(([, , content]) => content);

test("each image is the mark of its class, and of very many a dot, in the group of its class", () => {
  const [few, many] = [groups(picture(1000)), groups(picture(30_000))];
  assert.deepEqual([few.length, many.length], [10, 10]);
  for (const [label, content] of few.entries())
    assert.equal(content.split(`>${label}</text>`).length - 1, 100);
  for (const content of many) {
    assert.equal(content.split("h0").length - 1, 3000);
    assert.equal(content.includes("<text"), false);
  }
});

test("it says how many of the test images it shows", () => {
  assert.match(picture(1000), /The first 1,000 of 60,000 test images\./);
  assert.match(picture(60_000), /All 60,000 test images\./);
});
