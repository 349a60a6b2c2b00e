import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import "./schema.js";
import { DataSets } from "../../www/data-sets/data-sets.js";
import { countOf, examplesOf, imagesFile, LABELS_HEADER, labelsFile } from "../../www/data-sets/idx.js";
import { MNIST, SHIPPED } from "../../www/data-sets/shipped.js";
import { settings } from "../../www/settings/schema.js";
import { defaults } from "../../www/settings/values.js";
import { createState } from "../../www/state.js";

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

const noDigits = { pictures: new Float32Array(0), labels: new Uint8Array(0) };

/** Images of one grey value each, as a raw file. */
function greys(...values) {
  return imagesFile(Uint8Array.from(values.flatMap((value) => Array(784).fill(value))));
}

/** As DataImport.finish gives a set. */
function finished({ name = "Glyphs", classes = ["a", "b"], sha256 = "ab".repeat(32), labelled = true } = {}) {
  const labels = (...of) => (labelled ? labelsFile(Uint8Array.from(of)) : undefined);
  return {
    name,
    classes,
    sha256,
    train: 3,
    test: 2,
    test_is_train: false,
    train_images: greys(1, 2, 3),
    train_labels: labels(0, 1, 0),
    test_images: greys(10, 20),
    test_labels: labels(1, 0),
  };
}

function page() {
  const state = createState({ system: { name: "vae", model: {}, train: {} }, values: defaults() });
  const call = async (action, { idx }) => {
    assert.equal(action, "images");
    return Float32Array.from(idx.subarray(16), (byte) => byte / 255);
  };
  return { state, dataSets: new DataSets({ dataset: state.dataset, digits: noDigits, call }) };
}

test("the page starts with MNIST, and every shipped set has names for its classes", () => {
  const { state, dataSets } = page();
  assert.equal(state.dataset.value, MNIST);
  assert.deepEqual(dataSets.list.value, SHIPPED);
  for (const { classes, key } of SHIPPED) {
    assert.ok(classes.length > 0 && classes.length <= 62, key);
    for (const name of classes) assert.ok(name.length >= 1 && name.length <= 24, name);
  }
  assert.ok(settings.latent, "the schema is there");
});

test("a set that was added can be chosen, and its examples take the place of the digits", async () => {
  const { state, dataSets } = page();
  const chosen = [];
  dataSets.subscribe((info) => chosen.push(info.key));
  const { key } = await dataSets.add(finished(), { origin: "drawn" });
  assert.match(key, /^own-[0-9a-f]+$/);
  assert.equal(await dataSets.choose(key), true);
  const { name, classes, labelled, train, origin } = state.dataset.value;
  assert.deepEqual([name, classes, labelled, train, origin], ["Glyphs", ["a", "b"], true, 3, "drawn"]);
  assert.deepEqual([...dataSets.digits.labels], [0, 1], "the first of each class");
  assert.equal(Math.round(255 * dataSets.digits.pictures[0]), 20, "of the test images");
  assert.deepEqual(chosen, [key]);
  const { trainImages, trainLabels } = await dataSets.present.raw();
  assert.equal(countOf(trainImages), 3);
  assert.equal(trainLabels.length, LABELS_HEADER + 3);
});

test("a set without labels has none, whatever its classes are called", async () => {
  const { state, dataSets } = page();
  const { key } = await dataSets.add(finished({ labelled: false }));
  await dataSets.choose(key);
  assert.equal(state.dataset.value.labelled, false);
  assert.equal((await dataSets.present.raw()).trainLabels, null);
  assert.equal((await dataSets.present.test())[1], null);
  assert.equal(dataSets.digits.labels, null);
});

test("a set that cannot be had leaves the present one", async () => {
  const { state, dataSets } = page();
  globalThis.fetch = async () => new Response("", { status: 404 });
  await assert.rejects(dataSets.choose("fashion"), ({ kind }) => kind === "download_status");
  await assert.rejects(dataSets.choose("own-gone"), ({ kind }) => kind === "data_set_gone");
  assert.equal(state.dataset.value, MNIST);
  assert.equal(dataSets.choosing.value, null);
});

test("the last choice counts, even where an earlier one takes longer", async () => {
  const { state, dataSets } = page();
  const own = await dataSets.add(finished());
  let answer;
  globalThis.fetch = () => new Promise((resolve) => (answer = resolve));
  const first = dataSets.choose("fashion").catch(() => false);
  assert.equal(await dataSets.choose(own.key), true);
  answer(new Response("", { status: 404 }));
  assert.equal(await first, false);
  assert.equal(state.dataset.value.key, own.key);
});

test("what is brought again is the same set, and a removed one that was present gives way to MNIST", async () => {
  const { state, dataSets } = page();
  const first = await dataSets.add(finished());
  const again = await dataSets.add(finished({ name: "Runes" }));
  assert.equal(again.key, first.key);
  assert.deepEqual(
    dataSets.list.value.slice(SHIPPED.length).map(({ name }) => name),
    ["Runes"],
  );
  await dataSets.choose(first.key);
  globalThis.fetch = async (address) =>
    new Response(String(address).includes("images") ? greys(7) : labelsFile(Uint8Array.of(3)));
  await dataSets.remove(first.key);
  assert.equal(state.dataset.value, MNIST);
  assert.deepEqual(dataSets.list.value, SHIPPED);
  assert.throws(() => dataSets.source(first.key), /data_set_gone/);
});

test("a set is kept where it can be, and says why where it cannot", async () => {
  const { dataSets } = page();
  const unkept = await dataSets.add(finished(), { keep: true });
  assert.deepEqual([unkept.kept, unkept.failure.kind], [false, "data_set_not_kept"]);
  const written = [];
  const store = {
    dataSets: async () => [],
    writeDataSet: async (info, files) => written.push([info.key, Object.keys(files)]),
  };
  await dataSets.open(store);
  const kept = await dataSets.add(finished(), { keep: true });
  assert.deepEqual([kept.kept, kept.failure], [true, null]);
  assert.deepEqual(written, [[kept.key, ["trainImages", "trainLabels", "testImages", "testLabels"]]]);
});

test("examples are the first of each class and then the second, at most twenty", () => {
  const labels = Uint8Array.from({ length: 50 }, (_, k) => (k * 7) % 10);
  const [images, of] = examplesOf(greys(...labels), labelsFile(labels), 10);
  assert.equal(countOf(images), 20);
  assert.deepEqual(
    [...of.subarray(LABELS_HEADER)],
    [...Array(20).keys()].map((k) => k % 10),
  );
  const many = Uint8Array.from({ length: 62 }, (_, k) => k);
  assert.equal(countOf(examplesOf(greys(...many), labelsFile(many), 62)[0]), 20);
  const [all, none] = examplesOf(greys(1, 2, 3), null, 0);
  assert.equal(countOf(all), 3);
  assert.deepEqual([...none.subarray(LABELS_HEADER)], [0, 0, 0]);
});
