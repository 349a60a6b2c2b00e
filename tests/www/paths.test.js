// Paths between two ends: what is pinned, what belongs to which model, the files, and the search for the smallest change.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Failure } from "../../www/messages/failure.js";
import { ChangeSearch } from "../../www/paths/change-search.js";
import { encodeGif, enlarge, shades } from "../../www/paths/film-encoder.js";
import { FilmExport } from "../../www/paths/film-export.js";
import { filmName, filmOrder, picturesAllowed } from "../../www/paths/film-name.js";
import { PathController } from "../../www/paths/path-controller.js";
import { FRAMES, STRIP } from "../../www/paths/path-counts.js";
import { firstEnds, modelShown, presentEnd, testEnd } from "../../www/paths/path-end.js";
import { createState } from "../../www/state.js";
import { systems } from "./schema.js";

const PIXELS = 784;
const turns = async (count = 60) => {
  for (let k = 0; k < count; k++) await new Promise(setImmediate);
};
const DIGITS = {
  pictures: Float32Array.from({ length: 10 * PIXELS }, (_, i) => Math.floor(i / PIXELS) / 10),
  labels: Uint8Array.from({ length: 10 }, (_, k) => k),
};
const gifenc = createRequire(import.meta.url)("gifenc");

function description({ latent = 2, codes = 0, labelled = false, classifier = false } = {}) {
  const posterior = codes > 0 ? "codebook" : "diagonal";
  const model = { latent, posterior, prior: "standard", labelled, classifier };
  return { model, code: { length: codes > 0 ? 49 : latent, codes } };
}

/** A viewer whose codes are the first pixel of an image, and whose pictures have the first number of a code in every pixel. */
class Viewer {
  calls = [];
  latent = 2;

  async call(action, args) {
    this.calls.push([action, args]);
    const { latent } = this;
    switch (action) {
      case "infer":
        return { mean: new Float32Array(latent).fill(args.image[0]) };
      case "path": {
        if (args.from.length !== latent) throw new Failure("length", { quantity: "code" });
        const points = new Float32Array(args.count * latent);
        for (let k = 0; k < args.count; k++)
          for (let c = 0; c < latent; c++)
            points[k * latent + c] = args.from[c] + (k / (args.count - 1)) * (args.to[c] - args.from[c]);
        return { points, spherical: args.spherical, norms: new Float32Array(args.count), nlls: undefined };
      }
      case "decode":
        return new Float32Array(PIXELS).fill(args.z[0] / 20);
      case "decode_points": {
        const pictures = new Float32Array((args.points.length / latent) * PIXELS);
        for (let k = 0; k * PIXELS < pictures.length; k++)
          pictures.fill(args.points[k * latent], k * PIXELS, (k + 1) * PIXELS);
        return pictures;
      }
      case "blend":
        return Float32Array.from({ length: args.count * PIXELS }, (_, i) => {
          const t = Math.floor(i / PIXELS) / (args.count - 1);
          return (1 - t) * args.from[0] + t * args.to[0];
        });
      case "weights":
        return new Uint8Array([1]);
      default:
        throw new Error(`no action ${action}`);
    }
  }

  asked(action) {
    return this.calls.filter(([name]) => name === action).map(([, args]) => args);
  }
}

function setup({ open = true, ...options } = {}) {
  const state = createState({ system: systems[0], values: {} });
  const viewer = new Viewer();
  const show = (source, more = {}) => {
    const shown = description(more);
    viewer.latent = shown.model.latent;
    state.code.value = new Float32Array(shown.code.length);
    state.shown.value = { source, description: shown };
  };
  show("z20", options);
  state.open.value = { ...state.open.value, paths: open };
  state.ends.value = firstEnds(DIGITS);
  const paths = new PathController({ state, viewer, digits: DIGITS });
  return { state, viewer, show, paths };
}

const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-6, `${found} is not ${expected}`);
const shades0 = (pictures) =>
  Array.from({ length: pictures.length / PIXELS }, (_, k) => pictures[k * PIXELS]);

test("it begins with an 8 that becomes a 3, along three paths", async () => {
  const { state } = setup();
  await turns();
  assert.deepEqual([state.ends.value.a.label, state.ends.value.b.label], [8, 3]);
  const { rows } = state.paths.value;
  assert.deepEqual(Object.keys(rows), ["straight", "spherical", "pixels"]);
  for (const { pictures } of Object.values(rows)) {
    assert.equal(pictures.length, STRIP * PIXELS);
    for (const [k, shade] of shades0(pictures).entries()) near(shade, 0.8 - 0.05 * k);
  }
});

test("a view that is closed asks nothing, and shows the present ends when it opens", async () => {
  const { state, viewer, paths } = setup({ open: false });
  paths.swap();
  await turns();
  assert.equal(viewer.calls.length, 0);
  state.open.value = { ...state.open.value, paths: true };
  await turns();
  near(state.paths.value.rows.straight.pictures[0], 0.3);
});

test("an image is encoded anew by another model; a code of another model is replaced by its picture", async () => {
  const { state, viewer, show, paths } = setup();
  state.code.value = Float32Array.of(5, 6);
  state.codeOrigin.value = "edited";
  state.decoded.value = { pictures: new Float32Array(PIXELS).fill(0.9), strip: [] }; // still of the code before
  await paths.pin("b");
  await turns();
  near(state.ends.value.b.image[0], 0.25);
  assert.equal(state.ends.value.b.kind, "code");
  assert.deepEqual([...state.paths.value.to], [5, 6]);
  assert.deepEqual(state.paths.value.replaced, { a: false, b: false });
  viewer.calls.length = 0;
  show("ae", { latent: 3 });
  await turns();
  assert.deepEqual(state.paths.value.replaced, { a: false, b: true });
  assert.deepEqual([...state.paths.value.to], [0.25, 0.25, 0.25]);
  assert.deepEqual(
    viewer.asked("infer").map(({ image }) => image[0].toFixed(2)),
    ["0.80", "0.25"],
  );
  show("z20");
  await turns();
  assert.deepEqual([...state.paths.value.to], [5, 6], "back with its model");
});

test("a code stays with its run through the snapshots, and not with the next run", async () => {
  const { state, show, paths } = setup();
  state.runKept.value = { id: "one", step: 0 };
  show("training");
  state.code.value = Float32Array.of(1, 2);
  state.codeOrigin.value = "sample";
  await paths.pin("a");
  show("training"); // a snapshot
  await turns();
  assert.equal(state.paths.value.replaced.a, false);
  state.runKept.value = { id: "two", step: 0 };
  show("training");
  await turns();
  assert.equal(state.paths.value.replaced.a, true);
});

test("what is shown becomes an end: the drawing as the model sees it, or the code; an empty pad is none", () => {
  const { state } = setup();
  assert.equal(presentEnd(state), null);
  const framed = new Float32Array(PIXELS).fill(0.5);
  const drawn = { items: [{ points: [{ x: 0, y: 0 }], erase: false }], centre: true, corruption: null };
  state.inference.value = { framed, mean: Float32Array.of(1, 1), drawn };
  const drawing = presentEnd(state);
  assert.equal(drawing.drawn, drawn, "what the image was made of");
  assert.deepEqual([drawing.kind, drawing.image[3]], ["drawing", 0.5]);
  assert.notEqual(drawing.image, framed, "a copy");
  state.codeOrigin.value = "edited";
  const code = presentEnd(state);
  assert.deepEqual([code.kind, [...code.code], code.model], ["code", [0, 0], modelShown(state)]);
});

test("a conditional model encodes each digit with its own label and decodes with the chosen one", async () => {
  const { state, viewer } = setup({ labelled: true });
  await turns();
  assert.deepEqual(
    viewer.asked("infer").map(({ label }) => label),
    [8, 3],
  );
  state.labelChoice.value = { label: 7, inferred: true };
  await turns();
  assert.equal(viewer.asked("decode_points").at(-1).label, 7);
});

test("a codebook has no spherical path", async () => {
  const { state, viewer } = setup({ codes: 16 });
  viewer.latent = 2;
  await turns();
  assert.deepEqual(Object.keys(state.paths.value.rows), ["straight", "pixels"]);
});

test("the pictures between those of the strips are decoded once somebody plays", async () => {
  const { state, paths } = setup();
  await turns();
  assert.equal(state.paths.value.rows.straight.frames, null);
  paths.wantFrames();
  await turns(200);
  for (const { frames, pictures } of Object.values(state.paths.value.rows)) {
    assert.equal(frames.length, FRAMES * PIXELS);
    for (let k = 0; k < STRIP; k++) near(frames[6 * k * PIXELS], pictures[k * PIXELS]);
  }
});

test("a failure of a replaced model is left to the new one", async () => {
  const { state, viewer, show } = setup();
  viewer.latent = 3; // the worker has other weights already
  await turns();
  show("ae", { latent: 3 });
  await turns();
  assert.equal(state.paths.value.source, "ae");
});

test("a file's name says model, ends, path and number of pictures", () => {
  const ends = firstEnds(DIGITS);
  const name = filmName({ source: "z20", ends, path: "spherical", count: 120, suffix: "gif" });
  assert.equal(name, "latent-lab-z20-8-to-3-spherical-120.gif");
  const drawn = { a: { kind: "drawing", label: 0 }, b: { kind: "code", label: null } };
  assert.equal(
    filmName({ source: "file", ends: drawn, path: "pixels", count: 11, suffix: "png" }),
    "latent-lab-file-drawing-to-code-pixels-11.png",
  );
});

test("a file shows the path there, and back without an end twice", () => {
  assert.deepEqual(filmOrder(4, false), [0, 1, 2, 3]);
  assert.deepEqual(filmOrder(4, true), [0, 1, 2, 3, 2, 1]);
  assert.deepEqual(filmOrder(2, true), [0, 1]);
});

test("a file never holds more than a thousand pictures", () => {
  for (const [typed, back, count, corrected] of [
    [61, true, 61, false],
    [1000, false, 1000, false],
    [1001, false, 1000, true],
    [1000, true, 501, true],
    [1, false, 2, true],
    [Number.NaN, false, 2, true],
    [10.4, false, 10, true],
  ]) {
    const allowed = picturesAllowed(typed, back);
    assert.deepEqual([allowed.count, allowed.corrected], [count, corrected]);
    assert.ok(filmOrder(allowed.count, back).length <= 1000);
  }
});

test("pixels are enlarged without being smoothed, ink is dark", () => {
  const picture = new Float32Array(PIXELS);
  picture[29] = 1;
  picture[30] = 0.5;
  const large = enlarge(shades(picture, 0), 2);
  assert.equal(large.length, 4 * PIXELS);
  for (const at of [2 * 56 + 2, 2 * 56 + 3, 3 * 56 + 2, 3 * 56 + 3]) assert.equal(large[at], 0);
  assert.equal(large[2 * 56 + 4], 128);
  assert.equal(large[0], 255);
});

test("a GIF has as many frames as it should, and stops where nobody wants it any more", async () => {
  const pictures = Float32Array.from({ length: 3 * PIXELS }, (_, i) => (i % 7) / 7);
  const load = async () => gifenc;
  const bytes = await encodeGif(pictures, [0, 1, 2, 1], { report() {}, wanted: () => true, load });
  assert.equal(new TextDecoder().decode(bytes.subarray(0, 6)), "GIF89a");
  const frames = bytes.filter((byte, at) => byte === 0x21 && bytes[at + 1] === 0xf9 && bytes[at + 2] === 4);
  assert.equal(frames.length, 4);
  assert.equal(bytes.at(-1), 0x3b);
  const many = Array.from({ length: 1000 }, (_, k) => k % 3);
  const reported = [];
  const stopped = await encodeGif(pictures, many, {
    report: (done) => reported.push(done),
    wanted: () => reported.length < 2,
    load,
  });
  assert.equal(stopped, null);
  assert.equal(reported.length, 2);
  assert.ok(reported[1] < 1000, "between slices the page may do something else");
});

test("a file that is cancelled is not offered", async () => {
  const { state, paths } = setup();
  await turns();
  const saved = [];
  const film = new FilmExport({ state, paths, save: (...file) => saved.push(file) });
  const made = film.make("gif", { path: "straight", count: 5, back: false });
  assert.equal(state.film.value.status, "working");
  film.cancel();
  assert.equal(state.film.value.status, "cancelled");
  await made;
  assert.deepEqual([saved.length, state.film.value.status], [0, "cancelled"]);
});

// The smallest change.

/** The evaluator's worker, with three components and one piece of pairs. */
function searchWorker() {
  const calls = [];
  let done = 0;
  return {
    calls,
    opened: Promise.resolve(),
    async call(action, args) {
      calls.push([action, args]);
      await new Promise(setImmediate);
      if (action === "begin_change") done = 0;
      if (action !== "advance_change") return undefined;
      done += 1;
      const stage = done <= 3 ? "singles" : done === 4 ? "pairs" : "done";
      return {
        stage,
        done,
        of: 3,
        found: { reading: { label: 8, probability: 0.9 }, singles: [], pairs: [] },
      };
    },
  };
}

function setupSearch(options) {
  const { state, viewer, show } = setup({ open: false, latent: 3, ...options });
  const worker = searchWorker();
  const fetchJudge = async () => new Uint8Array([2]);
  const search = new ChangeSearch({ state, viewer, openWorker: () => worker, fetchJudge });
  state.inference.value = { mean: Float32Array.of(1, 2, 3), classes: null };
  const asked = (action) => worker.calls.filter(([name]) => name === action).map(([, args]) => args);
  return { state, viewer, show, worker, search, asked };
}

test("a search goes on piece by piece until it is done, over the components that are used", async () => {
  const { state, search, asked } = setupSearch();
  state.usage.value = Float32Array.of(1, 0.001, 2);
  await search.start(3);
  const [begun] = asked("begin_change");
  assert.deepEqual([...begun.components], [2, 0]);
  assert.deepEqual([[...begun.z], begun.target, begun.label], [[1, 2, 3], 3, 0]);
  assert.equal(asked("advance_change").length, 5);
  assert.equal(state.change.value.status, "found");
  assert.equal(state.change.value.reading.label, 8);
  await turns(2);
  assert.equal(asked("end_change").length, 1);
});

test("a search that is stopped asks for no further piece and keeps what it has", async () => {
  const { state, search, asked, worker } = setupSearch();
  const call = worker.call.bind(worker);
  worker.call = async (action, args) => {
    const answer = await call(action, args);
    if (action === "advance_change" && asked(action).length === 2) search.stop();
    return answer;
  };
  await search.start(null);
  assert.equal(asked("advance_change").length, 2);
  assert.deepEqual([state.change.value.status, state.change.value.reading.label], ["stopped", 8]);
});

test("another search takes the place of the first", async () => {
  const { state, search, asked } = setupSearch();
  const first = search.start(1);
  await turns(3);
  await search.start(2);
  await first;
  assert.equal(state.change.value.target, 2);
  assert.equal(state.change.value.status, "found");
  assert.ok(asked("begin_change").length <= 2);
});

test("an empty pad and a codebook are not searched; another model forgets what was found", async () => {
  const { state, show, search, asked } = setupSearch();
  state.inference.value = null;
  await search.start(null);
  assert.equal(asked("begin_change").length, 0);
  state.inference.value = { mean: Float32Array.of(1, 2, 3), classes: null };
  await search.start(null);
  show("training", { latent: 3 });
  assert.equal(state.change.value.status, "idle");
  show("vq", { codes: 8 });
  state.inference.value = { mean: new Float32Array(49), classes: null };
  await search.start(null);
  assert.equal(asked("begin_change").length, 1);
});

test("a worker that fails says so", async () => {
  const { state, search, worker } = setupSearch();
  worker.call = async () => {
    throw new Failure("worker_silent", { action: "begin_change", seconds: 120 });
  };
  await search.start(null);
  assert.deepEqual([state.change.value.status, state.change.value.trouble.kind], ["failed", "worker_silent"]);
});

test("test digits are copied", () => {
  const end = testEnd(DIGITS, 4);
  assert.deepEqual([end.kind, end.index, end.label, end.image.length], ["test", 4, 4, PIXELS]);
  assert.notEqual(end.image.buffer, DIGITS.pictures.buffer);
});
