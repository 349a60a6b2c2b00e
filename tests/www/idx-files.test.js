import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { IdxFiles, inflate, isDamagedData } from "../../www/data-sets/idx-files.js";
import { idxFiles } from "../../www/data-sets/shipped.js";
import { sentence } from "../../www/messages/failure.js";

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

/** A server whose answer to a file is its name's letters, or what `answers` has for it; remembers what was asked. */
function server(answers = {}) {
  const asked = [];
  globalThis.fetch = async (address) => {
    const name = address.pathname.split("/").at(-1);
    asked.push(name);
    return answers[name]?.(asked) ?? new Response(name);
  };
  return asked;
}
const FILES = idxFiles({ folder: "", train: 60_000, test: 10_000 });
const mnist = () => new IdxFiles(FILES, () => true);
const TEST = FILES.slice(2).map(({ name }) => name);

test("the test images come without the training images", async () => {
  const asked = server();
  const [images, labels] = await mnist().test();
  assert.deepEqual(asked.sort(), [...TEST].sort());
  assert.equal(new TextDecoder().decode(images), TEST[0]);
  assert.equal(new TextDecoder().decode(labels), TEST[1]);
});

test("each file is fetched once, whatever the order of calls", async () => {
  const asked = server();
  const dataset = mnist();
  await Promise.all([dataset.test(), dataset.load(), dataset.raw(), dataset.test()]);
  await dataset.raw();
  assert.deepEqual(asked.sort(), FILES.map(({ name }) => name).sort());
});

test("training's progress counts the bytes that the evaluation has fetched", async () => {
  server();
  const dataset = mnist();
  await dataset.test();
  let last;
  await dataset.load((progress) => {
    last = progress;
  });
  const whole = FILES.reduce((sum, { name }) => sum + name.length, 0);
  assert.deepEqual(last, { loaded: whole, total: whole });
});

test("a file that failed is fetched again, and the others are not", async () => {
  const broken = { [TEST[1]]: (asked) => (asked.length <= 2 ? new Response("", { status: 500 }) : null) };
  const asked = server(broken);
  const dataset = mnist();
  await assert.rejects(dataset.test(), (error) => {
    assert.equal(sentence(error), `${TEST[1]} could not be fetched: the server answers 500.`);
    return true;
  });
  await dataset.test();
  assert.deepEqual(
    asked.filter((name) => name === TEST[0]),
    [TEST[0]],
  );
});

test("test images that were refused are fetched again", async () => {
  const asked = server();
  const dataset = mnist();
  await dataset.load();
  await dataset.forgetTest();
  await dataset.raw();
  assert.equal(asked.length, FILES.length + TEST.length);
});

test("what is handed out is a copy", async () => {
  server();
  const dataset = mnist();
  const [images] = await dataset.test();
  images.fill(0);
  const [again] = await dataset.test();
  assert.notEqual(again[0], 0);
});

test("a gzip file that cannot be decompressed is damaged data, and names the file", async () => {
  const damaged = new Uint8Array([0x1f, 0x8b, 1, 2, 3]);
  await assert.rejects(inflate(damaged, "t10k-images.gz"), (error) => {
    assert.ok(isDamagedData(error));
    assert.equal(error.values.file, "t10k-images.gz");
    return true;
  });
});
