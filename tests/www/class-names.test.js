// Any number of classes, from none to 62: what they are called, their marks and colours, and the images and grids that have them.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MOST_CLASSES } from "../../www/data-sets/idx.js";
import { MNIST } from "../../www/data-sets/shipped.js";
import { decodeSamples, SAMPLES } from "../../www/explore/decode-samples.js";
import { alternateRows, COLUMNS, PIXELS } from "../../www/explore/images.js";
import { decodedLabel, labelFor } from "../../www/explore/label.js";
import { labelAt, labelsOf, offeredImages } from "../../www/explore/test-images.js";
import { packed, unpacked } from "../../www/keep/entry-format.js";
import { filmName } from "../../www/paths/film-name.js";
import { firstEnds } from "../../www/paths/path-end.js";
import { classesOf, classMarks, classNames, mostProbableLabels } from "../../www/settings/class-names.js";
import { classColours } from "../../www/views/class-colours.js";
import { testImageText } from "../../www/views/class-texts.js";
import { predictionText } from "../../www/views/classes.js";
import { mapLegendSvg } from "../../www/views/map-legend-svg.js";
import { mapMarks, needsLegend } from "../../www/views/map-marks.js";
import "./schema.js";

const FASHION = [..."T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot".split(",")];
const LETTERS = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
const of = (classes) => ({ ...MNIST, key: "own-1", classes, labelled: classes.length > 0 });
const LIGHT = { ink: "#23211d", card: "#fffdf9", muted: "#645f55" };
for (const [k, colour] of [
  ..."332288 0a6fa3 157a6b 0d6b2b 6d6b12 9a6500 c0405a 7a1e4d a03a90 4d4a45".split(" "),
].entries())
  LIGHT[`class-${k}`] = `#${colour}`;
const imagesOf = (labels) => ({ pictures: new Float32Array(labels.length * PIXELS), labels });

test("marks are the names where they are short, else their first letters, else numbers", () => {
  assert.deepEqual(classMarks(MNIST.classes), MNIST.classes);
  assert.deepEqual(classMarks(LETTERS), LETTERS);
  assert.deepEqual(classMarks(FASHION), ["T-", "Tr", "P", "D", "C", "Sa", "Sh", "Sn", "B", "A"]);
  assert.deepEqual(classMarks(["letter a", "letter b"]), ["1", "2"]);
  assert.deepEqual(classMarks(["1", "10", "11"]), ["1", "10", "11"]);
});

test("whatever the classes are called, no two have the same mark, and none is longer than two characters", () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 24, unit: "grapheme-ascii" }), {
    minLength: 1,
    maxLength: MOST_CLASSES,
  });
  fc.assert(
    fc.property(names, (classes) => {
      const marks = classMarks(classes);
      assert.equal(new Set(marks).size, classes.length);
      assert.ok(marks.every((mark) => mark.length >= 1 && mark.length <= 2));
    }),
  );
});

test("62 classes have colours with a contrast of at least 3 on their page, and neighbours differ", () => {
  const colours = classColours(MOST_CLASSES, LIGHT);
  assert.equal(colours[3], LIGHT["class-3"]);
  assert.notEqual(colours[13], colours[3]);
  for (const [k, colour] of colours.entries()) {
    assert.ok(contrast(colour, LIGHT.card) >= 3, colour);
    assert.notEqual(colour, colours[k + 1]);
  }
});

test("a map without labels has one neutral mark, and a legend is there where marks are no names or many", () => {
  assert.deepEqual(mapMarks(of([]), LIGHT), { marks: ["•"], colours: [LIGHT.muted] });
  assert.deepEqual(
    [MNIST, of(LETTERS), of(FASHION), of([])].map((dataset) => needsLegend(dataset, 10_000)),
    [false, true, true, false],
  );
  for (const classes of [MNIST.classes, LETTERS, []])
    assert.equal(
      mapLegendSvg(of(classes), 10_000, 560, LIGHT).width,
      0,
      "a saved map has it where names are longer",
    );
  const { content } = mapLegendSvg(of(FASHION), 10_000, 560, LIGHT);
  for (const name of FASHION) assert.ok(content.includes(name), name);
});

test("so many images that they are dots need a legend, where they have classes", () => {
  assert.deepEqual([needsLegend(MNIST, 60_000), needsLegend(of([]), 60_000)], [true, false]);
  const { content } = mapLegendSvg(MNIST, 60_000, 560, LIGHT);
  for (const name of MNIST.classes) assert.equal(content.split(`>${name}<`).length, 2, `${name}, once`);
});

test("the names of a model's classes are the data set's, or numbers where it has another number of them", () => {
  assert.equal(classNames(of(FASHION), 10), FASHION);
  assert.deepEqual(classNames(of(FASHION), 3), ["0", "1", "2"]);
  assert.equal(classesOf({}), 10, "weights of before");
  assert.equal(classesOf({ classes: 26 }), 26);
});

test("a label that a model does not have becomes its first", () => {
  const choice = { label: 40, inferred: true };
  assert.equal(labelFor({ labelled: true, classes: 62 }, choice), 40);
  assert.equal(labelFor({ labelled: true }, choice), 0);
  assert.equal(labelFor({ labelled: true, classifier: true }, choice), null);
  const classes = Float32Array.from({ length: 26 }, (_, k) => (k === 25 ? 0.9 : 0.004));
  const state = { label: { value: null }, labelChoice: { value: choice }, inference: { value: { classes } } };
  assert.equal(decodedLabel(state), 25);
});

test("of many classes the most probable ones are shown, in the order of the classes", () => {
  const shares = Float32Array.from(LETTERS, (_, k) => (k % 7 === 0 ? 0.1 : 0));
  assert.deepEqual(mostProbableLabels(shares, 3), [0, 7, 14]);
  assert.deepEqual(mostProbableLabels(Float32Array.of(1), 3), [0]);
  assert.match(predictionText(Float32Array.of(1), ["cat"]), /^Predicted class: cat \(/);
});

test("every label is decoded: few of them in rows, many one after the other for a single code", async () => {
  const z = Float32Array.from({ length: 2 * SAMPLES }, (_, k) => k);
  for (const [model, columns, codes, labels] of [
    [{ labelled: false }, COLUMNS, SAMPLES, 1],
    [{ labelled: true }, 10, 2, 10],
    [{ labelled: true, classes: 3 }, 3, 2, 3],
    [{ labelled: true, classes: 62 }, COLUMNS, 1, 62],
  ]) {
    const asked = [];
    const decode = async (part, label) => {
      asked.push([part.length / 2, label]);
      return new Float32Array((part.length / 2) * PIXELS).fill(label);
    };
    const grid = await decodeSamples(decode, z, model);
    assert.equal(grid.columns, columns);
    assert.deepEqual(
      asked,
      Array.from({ length: labels }, (_, label) => [codes, label]),
    );
    assert.equal(grid.pictures.length, codes * labels * PIXELS);
    if (model.labelled) assert.equal(grid.pictures[PIXELS], 1, "labels are side by side");
  }
});

test("a grid of any number of test images leaves its last row blank where it is not full", () => {
  const above = new Float32Array(13 * PIXELS).fill(0.25);
  const both = alternateRows(above, above.slice().fill(0.75), COLUMNS);
  const first = (k) => both[k * PIXELS];
  assert.equal(both.length, 4 * COLUMNS * PIXELS);
  assert.deepEqual([0, 10, 20, 22, 30, 32].map(first), [0.25, 0.75, 0.25, 0.25, 0.75, 0.75]);
  assert.ok([23, 29, 33, 39].every((k) => Number.isNaN(first(k))));
});

test("test images can be chosen: one of each class, all of more than ten, the first without labels", () => {
  const pairs = imagesOf(Uint8Array.of(0, 0, 1, 1, 2, 2));
  assert.deepEqual(offeredImages(pairs, of(["a", "b", "c"])), [0, 2, 4]);
  const many = imagesOf(Uint8Array.from({ length: 20 }, (_, k) => k));
  assert.equal(offeredImages(many, of(LETTERS)).length, 20);
  const none = { ...many, labels: null };
  assert.equal(offeredImages(none, of([])).length, 10);
  assert.deepEqual([labelAt(many, 7), labelAt(none, 7)], [7, null]);
  assert.deepEqual([...labelsOf(none)], Array(20).fill(0));
  assert.deepEqual(
    [testImageText(2, 5, FASHION), testImageText(null, 5, [])],
    ["Test image: Pullover", "Test image 6"],
  );
});

test("paths begin with test images of any data set, and their files are called by them", () => {
  const { a, b } = firstEnds(imagesOf(Uint8Array.of(0, 0, 1, 1)));
  assert.deepEqual([a.index, b.index, b.label], [0, 3, 1]);
  const lonely = firstEnds({ pictures: new Float32Array(PIXELS), labels: null });
  assert.deepEqual([lonely.a.index, lonely.b.index, lonely.a.label], [0, 0, null]);
  const name = (ends) => filmName({ source: "z2", ends, path: "straight", count: 5, suffix: "gif" });
  assert.equal(name({ a, b }), "latent-lab-z2-0-to-1-straight-5.gif");
  assert.equal(name(lonely), "latent-lab-z2-test-1-to-test-1-straight-5.gif");
});

test("a drawing and ends that were kept when a label was called a digit come back", () => {
  const image = new Float32Array(PIXELS);
  const stroke = { points: [{ x: 0, y: 0 }], erase: false };
  const drawing = {
    items: [{ image, digit: 7 }, stroke],
    cleared: [[stroke]],
    centre: true,
    labelChoice: { digit: 7, inferred: true },
  };
  assert.deepEqual(unpacked("drawing", { version: 1, value: drawing }), {
    ...drawing,
    items: [{ image, label: 7 }, stroke],
    labelChoice: { label: 7, inferred: true },
  });
  const drawn = { items: [{ image, digit: 2 }], centre: true, corruption: null };
  const a = { kind: "digit", image, digit: 8, index: 8 };
  const b = { kind: "drawing", image, digit: null, drawn };
  const ends = {
    a: { kind: "test", image, label: 8, index: 8 },
    b: { kind: "drawing", image, label: null, drawn: { ...drawn, items: [{ image, label: 2 }] } },
  };
  assert.deepEqual(unpacked("ends", { version: 1, value: { a, b } }), ends);
  assert.equal(unpacked("ends", packed("ends", ends)), ends);
});

function contrast(first, second) {
  const [a, b] = [first, second].map(luminance).sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

/** As in WCAG 2.2. */
function luminance(colour) {
  const linear = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}
