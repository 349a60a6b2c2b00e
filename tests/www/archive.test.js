// A lab as files and back, and tables, arrays and pictures for other programs.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { historyCsv, historyOf } from "../../www/archive/history-csv.js";
import { labFiles, labOf, runFiles, runFolders } from "../../www/archive/lab-files.js";
import { fromJson, toJson } from "../../www/archive/lab-json.js";
import { MNIST } from "../../www/data-sets/shipped.js";
import { codesCsv } from "../../www/export/codes-table.js";
import { csv } from "../../www/export/csv.js";
import { npy } from "../../www/export/npy.js";
import { svg, words } from "../../www/export/svg.js";
import { sentence } from "../../www/messages/failure.js";
import { today } from "../../www/messages/format.js";
import { defaults } from "../../www/settings/values.js";
import { lossChartSvg } from "../../www/views/loss-chart-svg.js";
import { planeSvg } from "../../www/views/plane-svg.js";
import "./schema.js";

const runs = { numRuns: Number(process.env.CASES ?? 1000) };
const always = (arbitrary, holds) => fc.assert(fc.property(arbitrary, holds), runs);
const encode = (text) => new TextEncoder().encode(text);

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const pixels = fc.double({ min: 0, max: 1, noNaN: true }).map((grey) => new Float32Array(784).fill(grey));
const points = fc.array(fc.record({ x: finite, y: finite }), { minLength: 1, maxLength: 4 });
const item = fc.oneof(
  fc.record({ points, erase: fc.boolean() }),
  fc.record({ image: pixels, label: fc.nat(9) }),
);
const items = fc.array(item, { maxLength: 3 });
const column = (length) =>
  fc
    .array(fc.double(), { minLength: length, maxLength: length })
    .map((values) => Float64Array.from(values, (value) => value + 0));
const curve = fc
  .nat(4)
  .chain((n) => fc.record({ step: column(n), reconstruction: column(n), kl: column(n), total: column(n) }));
const history = fc.record({ train: curve, quick: curve, full: curve });
const losses = fc.option(
  fc
    .record({ reconstruction: fc.double(), kl: finite, total: fc.double() })
    .map((all) => ({ ...all, reconstruction: all.reconstruction + 0, total: all.total + 0 })),
);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 9 });
const id = fc
  .array(fc.constantFrom(..."0123456789abcdef"), { minLength: 32, maxLength: 32 })
  .map((all) => all.join(""));
const run = fc
  .record({
    id,
    name: fc.string({ unit: "binary", maxLength: 20 }),
    step: fc.nat(),
    begun: fc.nat(),
    history,
    losses: fc.record({ train: losses, quick: losses, full: losses }),
    checkpoint: bytes,
    weights: bytes,
    testing: fc.boolean(),
    pinned: fc.boolean(),
  })
  .map(({ id, checkpoint, weights, testing, step, ...labels }) => ({
    id,
    summary: {
      system: "vae",
      address: "?beta=2",
      made: defaults(),
      step,
      epoch: 0.5,
      time: 1e12,
      bytes: checkpoint.length + weights.length,
      ...labels,
    },
    checkpoint: { step, bytes: checkpoint, weights, testing },
  }));
const codes = fc
  .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 3 })
  .map((z) => Float32Array.from(z, (value) => value + 0));
const end = fc.oneof(
  fc.record({ kind: fc.constant("test"), image: pixels, label: fc.nat(9), index: fc.nat(19) }),
  fc.record({
    kind: fc.constant("drawing"),
    image: pixels,
    label: fc.option(fc.nat(9)),
    drawn: fc.record({
      items,
      centre: fc.boolean(),
      corruption: fc.option(fc.record({ kind: fc.constant("noise"), seed: fc.nat() })),
    }),
  }),
  fc.tuple(codes, pixels, fc.boolean()).map(([code, image, isGone]) => ({
    kind: "code",
    image,
    label: null,
    code,
    shownAs: 4,
    model: isGone ? null : { source: "z20", run: null, length: code.length, codes: 0 },
  })),
);
const dataSet = fc
  .record({
    sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    labelled: fc.boolean(),
    images: bytes,
    labels: bytes,
  })
  .map(({ sha256, labelled, images, labels }) => ({
    info: {
      key: `own-${sha256.slice(0, 16)}`,
      name: "Runes",
      classes: labelled ? ["a", "b"] : [],
      labelled,
      train: 3,
      test: 2,
      sha256,
      origin: "drawn",
      testIsTrain: false,
    },
    files: {
      trainImages: images,
      trainLabels: labelled ? labels : null,
      testImages: images,
      testLabels: labelled ? labels : null,
    },
  }));
const lab = fc.record({
  drawing: fc.option(
    fc.record({
      items,
      cleared: fc.array(items, { maxLength: 2 }),
      centre: fc.boolean(),
      labelChoice: fc.record({ label: fc.nat(9), inferred: fc.boolean() }),
    }),
  ),
  settings: fc.record({ address: fc.string({ unit: "binary" }) }),
  code: fc.option(
    fc.record({
      origin: fc.constantFrom("drawing", "edited", "sample", "label"),
      component: fc.constant(0),
      source: fc.constantFrom("z20", "file"),
      run: fc.constant(null),
      codes: fc.constant(0),
      values: codes,
    }),
  ),
  shown: fc.record({ system: fc.string(), source: fc.string(), corruption: fc.constantFrom("none", "mask") }),
  views: fc.option(fc.record({ address: fc.string({ unit: "binary" }) })),
  ends: fc.option(fc.record({ a: end, b: end })),
  weights: fc.option(fc.record({ name: fc.string({ unit: "binary" }), bytes })),
  dataSets: fc.uniqueArray(dataSet, { maxLength: 2, selector: ({ info }) => info.key }),
  runs: fc.uniqueArray(run, { maxLength: 3, selector: (each) => each.id }),
});

function filesOf(value) {
  const ofRuns = runFolders(value.runs).flatMap(([folder, each]) => runFiles(folder, each));
  return new Map([...labFiles(value), ...ofRuns]);
}

test("a lab comes back from its files, and gives the same files again", () => {
  always(lab, (value) => {
    const files = filesOf(value);
    const read = labOf(files);
    const inOrder = runFolders(value.runs).map(([, each]) => each);
    assert.deepEqual(read, structuredClone({ ...value, runs: inOrder }));
    const again = filesOf(read);
    assert.deepEqual([...again.keys()], [...files.keys()]);
    for (const [name, content] of files) assert.deepEqual(again.get(name), content, name);
  });
});

test("whatever is changed in a file, the lab is taken or refused with a sentence", () => {
  const change = fc.record({
    file: fc.nat(),
    at: fc.nat(),
    part: fc.oneof(fc.json(), fc.string(), fc.constantFrom("", "NaN", "{}", "[]", '"__proto__"', "99")),
    cut: fc.nat(30),
  });
  always(fc.tuple(lab, change), ([value, { file, at, part, cut }]) => {
    const files = filesOf(value);
    const texts = [...files.keys()].filter((name) => /\.(json|csv)$/.test(name));
    const name = texts[file % texts.length];
    const text = new TextDecoder().decode(files.get(name));
    const place = at % text.length;
    files.set(name, encode(text.slice(0, place) + part + text.slice(place + cut)));
    takenOrRefused(files);
  });
});

test("any JSON as the description of a lab, and any file that is missing", () => {
  const described = fc.record(
    {
      format: fc.constantFrom("latent-lab", "other"),
      version: fc.constantFrom(1, 2, 0, "1"),
      runs: fc.anything(),
      weights: fc.anything(),
      drawing: fc.anything(),
      settings: fc.anything(),
      shown: fc.anything(),
      code: fc.anything(),
    },
    { requiredKeys: [] },
  );
  always(described, (value) => {
    let text;
    try {
      text = toJson(value);
    } catch {
      return; // what is no JSON
    }
    takenOrRefused(new Map([["lab.json", encode(text)]]));
  });
  always(fc.tuple(lab, fc.nat()), ([value, at]) => {
    const files = filesOf(value);
    files.delete([...files.keys()][at % files.size]);
    assert.throws(() => labOf(files), { kind: "archive_missing" });
  });
});

function takenOrRefused(files) {
  try {
    labOf(files);
  } catch (failure) {
    assert.match(String(failure.kind), /^archive_(entry|missing|later)$/, failure.stack);
    assert.ok(sentence(failure).length > 20);
  }
}

test("a later version of the lab, or of one of its entries, is said to be one", () => {
  const value = fc.sample(lab, 50).find(({ drawing, runs: all }) => drawing && all.length > 0);
  for (const [name, from, to] of [
    ["lab.json", '"version":1,"views"', '"version":2,"views"'],
    ["lab.json", /("settings":\{"value":\{.*?\},"version":)1/, "$19"],
    [`${runFolders(value.runs)[0][0]}/run.json`, /"version":2}\s*$/, '"version":3}'],
  ]) {
    const files = filesOf(value);
    const text = new TextDecoder().decode(files.get(name));
    const changed = text.replace(from, to);
    assert.notEqual(changed, text, name);
    files.set(name, encode(changed));
    assert.throws(() => labOf(files), { kind: "archive_later" }, name);
  }
});

test("numbers that are not finite survive JSON and CSV, keys are in order", () => {
  const value = { b: [Number.NaN, Number.POSITIVE_INFINITY, -0.1], a: { number: 3 } };
  assert.match(toJson(value), /^\{"a".*"b"/);
  assert.deepEqual(fromJson(encode(toJson(value)), "x"), value);
  always(history, (curves) => {
    assert.deepEqual(historyOf(encode(historyCsv(curves)), "x"), structuredClone(curves));
  });
});

/** A parser of RFC 4180 that shares nothing with the writer. */
function parsed(text) {
  const rows = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (pattern.lastIndex < text.length) {
    const [, quoted, plain, end] = pattern.exec(text);
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "\r\n") rows.push([]);
  }
  rows.pop();
  return rows;
}

test("a table is read as it was, and no text is a formula", () => {
  const cell = fc.oneof(
    finite,
    fc.string({ unit: "binary" }),
    fc.constantFrom("=1+1", "@SUM(A1)", "+1", "-1", '"', "a,b", "\r\n", "\t=1"),
  );
  const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 4 });
  always(rows, (table) => {
    const read = parsed(csv(table));
    assert.equal(read.length, table.length);
    for (const [r, row] of table.entries())
      for (const [c, value] of row.entries()) {
        if (typeof value === "number") assert.equal(Number(read[r][c]), value);
        else {
          assert.equal(read[r][c].replace(/^'(?=[=+\-@\t\r])/, ""), value.replace(/^'(?=[=+\-@\t\r])/, ""));
          assert.doesNotMatch(read[r][c], /^[=+\-@\t\r]/);
        }
      }
  });
});

test("arrays are NumPy's, and a table of codes has a column for each number", () => {
  always(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 300 })), ([n, z]) => {
    const values = Float32Array.from({ length: n * z }, (_, k) => k / 7);
    const file = npy(values, [n, z]);
    assert.deepEqual([...file.subarray(0, 8)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const start = 10 + file[8] + 256 * file[9];
    assert.equal(start % 64, 0);
    const head = new TextDecoder().decode(file.subarray(10, start));
    const [, descr, fortran, ...shape] =
      /^\{'descr': '(.*)', 'fortran_order': (\w+), 'shape': \((\d+), (\d+)\), \} *\n$/.exec(head);
    assert.deepEqual([descr, fortran, ...shape.map(Number)], ["<f4", "False", n, z]);
    const view = new DataView(file.buffer, start);
    assert.deepEqual(
      Float32Array.from({ length: n * z }, (_, k) => view.getFloat32(4 * k, true)),
      values,
    );
    assert.equal(file.length, start + 4 * n * z);
  });
  assert.equal(
    codesCsv(Float32Array.of(0.5, -1, 2, 3), { count: 2, labels: Uint8Array.of(1, 0), names: ["2", "7"] }),
    "index,label,z1,z2\r\n0,7,0.5,-1\r\n1,2,2,3\r\n",
  );
});

test("words in SVG are escaped, and pictures have no number that is none", () => {
  assert.equal(
    svg("text", { x: 1.23456, name: '"<&>' }, words("a < b & \u0000")),
    '<text x="1.23" name="&quot;&lt;&amp;&gt;">a &lt; b &amp; \ufffd</text>',
  );
  const colours = new Proxy({}, { get: () => "#123456" });
  const point = (step) => ({ step, reconstruction: 200 - step, kl: step / 10, total: 200 });
  const curves = { train: [1, 2, 3].map(point), quick: [point(3)], full: [point(3)] };
  const band = { mean: [150, 140], least: [149, 139], most: [151, 141] };
  const term = { reconstruction: band, kl: band, total: band };
  const overlay = {
    cell: 1,
    steps: [1, 2],
    curves: [{ slot: 0, name: "<other> & co", seeds: 2, count: [2, 2], terms: term }],
  };
  const view = {
    places: Float32Array.of(0, 0, 1, 1),
    labels: Uint8Array.of(3, 7),
    across: [1, 0],
    upwards: [0, 1],
    components: [0, 1],
    share: 0.5,
    contours: [Float32Array.of(0, 0, 1, 1)],
  };
  const posterior = { mean: [0.5, 0.5], covariance: [0.1, 0, 0, 0.2] };
  const parts = {
    dataset: MNIST,
    rings: true,
    posterior,
    z: [0, 1],
    trace: [
      [0, 0],
      [0.5, 0.5],
    ],
    colours,
    description: "d",
  };
  for (const picture of [
    ...["bernoulli", "unit_gaussian", "learned_gaussian"].map((likelihood) =>
      lossChartSvg({ curves, overlay, likelihood, colours, description: "d" }),
    ),
    lossChartSvg({
      curves: { train: [], quick: [], full: [] },
      overlay: { cell: 1, steps: [], curves: [] },
      likelihood: "bernoulli",
      colours,
      description: "d",
    }),
    planeSvg({ view, ...parts }),
    planeSvg({ view, ...parts, rings: false, posterior: null, z: null, trace: [], side: 300 }),
  ]) {
    assert.doesNotMatch(picture, /NaN|undefined|Infinity|\[object/);
    assert.equal(
      picture.match(/<[a-zA-Z]+/g).length,
      picture.match(/<\/[a-zA-Z]+>|\/>/g).length,
      "every element is closed",
    );
  }
});

test("a file's name has the day where the person is", () => {
  assert.equal(today(new Date(2026, 0, 5, 23, 59)), "2026-01-05");
});
