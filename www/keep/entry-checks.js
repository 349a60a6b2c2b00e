// What each kept value must look like: a check throws a TypeError where one does not.

import { MOST_CLASSES } from "../data-sets/idx.js";
import { LONGEST_CLASS, MOST_DRAWINGS } from "../data-sets/shelf.js";
import { names } from "../settings/schema.js";
import { clean } from "../settings/values.js";
import { CURVES, QUANTITIES } from "./kept-curves.js";
import { LONGEST_NAME } from "./run-name.js";

const PIXELS = 784;
const ORIGINS = ["drawing", "edited", "sample", "label"];

/** {items, cleared} as in explore/drawing.js, with {centre, labelChoice} of the state. */
export function drawing({ items, cleared, centre, labelChoice }) {
  for (const each of [items, ...list(cleared)]) for (const item of list(each)) drawn(item);
  must(typeof centre === "boolean", "centre");
  must(isLabel(labelChoice.label) && typeof labelChoice.inferred === "boolean", "label");
}

function drawn({ image, label, points, erase }) {
  if (image) {
    must(image instanceof Float32Array && image.length === PIXELS, "image");
    must(image.every((value) => value >= 0 && value <= 1) && isLabelOrNone(label), "image");
    return;
  }
  must(list(points).length > 0 && typeof erase === "boolean", "stroke");
  must(
    points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
    "points",
  );
}

/** {classes, current, drawings} as in data-sets/shelf.js. */
export function shelf({ classes, current, drawings }) {
  must(list(classes).length <= MOST_CLASSES && classes.every(isClassName), "classes");
  const isLabel = (label) => label === null || (isCount(label) && label < classes.length);
  must(isLabel(current) && list(drawings).length <= MOST_DRAWINGS, "current");
  must(
    drawings.every(({ id, label, pixels }) => isCount(id) && isLabel(label) && isBytes(pixels, PIXELS)),
    "drawings",
  );
}

function isClassName(name) {
  return typeof name === "string" && name !== "" && [...name].length <= LONGEST_CLASS;
}

function isBytes(value, length) {
  return value instanceof Uint8Array && value.length === length;
}

/** {address}: the query that brings system and settings back, or what views show; what it asks for is checked as that of any address. */
export function settings({ address }) {
  must(typeof address === "string", "address");
}

/** {system, source, corruption}: the model shown, the system chosen with it, and the corruption of the drawing. */
export function shown({ system, source, corruption }) {
  for (const value of [system, source, corruption]) must(typeof value === "string", "text");
}

/** {name, bytes} of weights loaded by hand; the viewer checks what is in them. */
export function file({ name, bytes }) {
  must(typeof name === "string" && bytes instanceof Uint8Array && bytes.length > 0, "file");
}

/**
 * {origin, component, source, run, codes, values}: `source` of the model, `run`: the id of the run whose it is, if any, `codes` vectors in
 * its codebook (0: none), `values` [Z].
 */
export function latentCode({ origin, component, source, codes, values }) {
  must(ORIGINS.includes(origin) && typeof source === "string" && isCount(codes), "origin");
  must(values instanceof Float32Array && isCount(component) && component < values.length, "component");
  must(
    values.every((value) => (codes > 0 ? isCount(value) && value < codes : Number.isFinite(value))),
    "values",
  );
}

/** {a, b}: the ends of the paths, as in paths/path-end.js, but for the `model` of a code: {source, run, length, codes}, or null where it is gone. */
export function ends({ a, b }) {
  for (const { kind, image, label, ...end } of [a, b]) {
    must(image instanceof Float32Array && image.length === PIXELS && image.every(Number.isFinite), "image");
    must(Object.hasOwn(ENDS, kind) && isLabelOrNone(label), "end");
    ENDS[kind](end);
  }
}

const ENDS = {
  test: ({ index }) => must(isCount(index), "index"),
  drawing({ drawn: { items, centre, corruption } }) {
    for (const item of list(items)) drawn(item);
    must(typeof centre === "boolean", "centre");
    must(
      corruption === null || (typeof corruption.kind === "string" && isCount(corruption.seed)),
      "corruption",
    );
  },
  code({ code, shownAs, model }) {
    must(code instanceof Float32Array && code.length > 0 && code.every(Number.isFinite), "code");
    must(isLabel(shownAs), "label");
    if (model === null) return;
    must(typeof model.source === "string" && isCount(model.codes) && model.length === code.length, "model");
    must(model.run === null || typeof model.run === "string", "run");
  },
};

/**
 * {system, address, made, step, epoch, time, bytes, losses, history}: `made` and `losses` as in the state; `time`: when it was
 * kept, in ms since 1970; `bytes`: size of its checkpoint; `history`: as in kept-curves.js. Runs of before have no {begun, name, pinned}:
 * when it was begun, the name that a person gave it, or "", and whether it stays at the top of the list; no `record` of their
 * settings, as in settings/settings-record.js; and no `dataset` {key, name, sha256, train}, which was MNIST.
 */
export function runSummary({ system, address, made, step, epoch, time, bytes, losses, history, ...more }) {
  must(typeof system === "string" && typeof address === "string", "system");
  runLabels(more);
  if (more.record) settingsRecord(more.record);
  if (more.dataset) runData(more.dataset);
  for (const name of names.filter((each) => each in made))
    must(Object.is(clean(name, String(made[name])).value, made[name]), "settings"); // so that -0 is none of them
  must(isCount(step) && isCount(bytes) && Number.isFinite(epoch) && Number.isFinite(time), "step");
  for (const curve of CURVES) {
    must(losses[curve] === null || typeof losses[curve].total === "number", "losses");
    const columns = QUANTITIES.map((quantity) => history[curve][quantity]);
    for (const column of columns)
      must(column instanceof Float64Array && column.length === columns[0].length, "history");
  }
}

function runLabels({ begun = 0, name = "", pinned = false }) {
  must(Number.isFinite(begun) && typeof pinned === "boolean", "labels");
  must(typeof name === "string" && [...name].length <= LONGEST_NAME, "name");
}

/**
 * {train, changes, since}: settings of training, [{step, name, from, to}] where they were changed, and the step from which on that is
 * known. Runs of before have no `branches`, steps at which they branched off from another.
 */
function settingsRecord({ train, changes, since, branches = [] }) {
  const isValue = (name, value) =>
    !names.includes(name) || Object.is(clean(name, String(value)).value, value);
  must(isCount(since) && typeof train === "object", "record");
  must(
    Object.entries(train).every(([name, value]) => isValue(name, value)),
    "record",
  );
  must(list(branches).every(isCount), "branches");
  for (const { step, name, from, to } of list(changes))
    must(isCount(step) && typeof name === "string" && isValue(name, from) && isValue(name, to), "changes");
}

/** {step, bytes, weights, testing}: what a trainer resumes from, and its weights alone; the trainer checks what is in them. */
export function checkpoint({ step, bytes, weights, testing }) {
  must(isCount(step) && typeof testing === "boolean", "step");
  must(bytes instanceof Uint8Array && bytes.length > 0, "bytes");
  must(weights instanceof Uint8Array && weights.length > 0, "weights");
}

/** {step, epoch, weights}: weights that a run had earlier; the viewer checks what is in them. */
export function snapshot({ step, epoch, weights }) {
  must(isCount(step) && Number.isFinite(epoch), "step");
  must(weights instanceof Uint8Array && weights.length > 0, "weights");
}

/** A data set of a person, as in the state, without its files. */
export function dataSet({ key, name, classes, labelled, train, test, sha256, origin, testIsTrain }) {
  must(/^own-[0-9a-f]+$/.test(key) && typeof name === "string" && /^[0-9a-f]{64}$/.test(sha256), "data set");
  must(list(classes).length <= MOST_CLASSES, "classes");
  for (const each of classes) must(typeof each === "string" && [...each].length <= LONGEST_CLASS, "class");
  must(isCount(train) && train > 0 && isCount(test) && test > 0, "count");
  must(typeof labelled === "boolean" && typeof testIsTrain === "boolean", "labelled");
  must(["drawn", "files"].includes(origin), "origin");
}

/** Its raw IDX files; the worker that gets them checks what is in them. */
export function dataSetFiles({ trainImages, trainLabels, testImages, testLabels }) {
  for (const each of [trainImages, testImages]) must(each instanceof Uint8Array && each.length > 0, "images");
  for (const each of [trainLabels, testLabels]) must(each === null || each instanceof Uint8Array, "labels");
}

/** {key, name, sha256, train}: what a run says of its data set. */
function runData({ key, name, sha256, train }) {
  must(typeof key === "string" && typeof name === "string" && isCount(train), "data set");
  must(sha256 === null || typeof sha256 === "string", "data set");
}

function must(holds, what) {
  if (!holds) throw new TypeError(what);
}

function list(value) {
  must(Array.isArray(value), "list");
  return value;
}

function isCount(value) {
  return Number.isInteger(value) && value >= 0;
}

/** The index of a class. */
function isLabel(value) {
  return isCount(value) && value < MOST_CLASSES;
}

function isLabelOrNone(value) {
  return value === null || isLabel(value);
}
