import assert from "node:assert/strict";
import { test } from "node:test";
import { digest, hashedTogether, withDigits, withNames } from "../../build/hashed-names.mjs";
import { digestOf, hasDigest, isWebPage } from "../../www/files/content-digest.js";

const bytes = (text) => Buffer.from(text);

test("a name carries digits of its content, before the last suffix, and they are found again", async () => {
  for (const path of [
    "models/vae-z20.safetensors",
    "data/t10k-labels-idx1-ubyte.gz",
    "data/digits-ubyte",
    "main.js",
  ]) {
    const name = withDigits(path, digest(bytes(path)));
    const found = digestOf(`https://example.org/some/path/${name}?module=cpu`);
    assert.equal(found, digest(bytes(path)), name);
    assert.ok(await hasDigest(bytes(path), found));
    assert.ok(!(await hasDigest(bytes(`${path}.`), found)));
  }
});

test("a plain name carries none", () => {
  for (const path of ["main.js", "models/vae-z20.safetensors", "data/train-images-idx3-ubyte.gz"])
    assert.equal(digestOf(`https://example.org/${path}`), null, path);
});

test("without digits everything but a web page is taken", async () => {
  assert.ok(await hasDigest(bytes("anything"), null));
  assert.ok(!(await hasDigest(bytes("\n <!DOCTYPE html><title>Sign in</title>"), null)));
});

test("a web page is recognised by its first tag", () => {
  for (const page of [
    "<html>",
    "<!doctype html>",
    "  <HEAD>",
    "<!-- a comment --><p>",
    "<?xml version='1.0'?>",
  ])
    assert.equal(isWebPage(bytes(page)), true, page);
  for (const file of ["", "\0asm", "{}", "<", "a <html>"]) assert.equal(isWebPage(bytes(file)), false, file);
});

test("addresses in quotes get their new names, others stay", () => {
  const names = { "main.js": "main-1.js", "pkg/cpu/a.js": "pkg/cpu/a-2.js" };
  assert.equal(
    withNames('<script src="main.js"><a href="other.js">main.js', names),
    '<script src="main-1.js"><a href="other.js">main.js',
  );
  assert.equal(
    withNames('import "./a.js"; import("a.js")', names, "pkg/cpu"),
    'import "./a-2.js"; import("a-2.js")',
  );
});

test("an address keeps its query", () => {
  assert.equal(withNames('href="a.js?b=c"', { "a.js": "a-1.js" }), 'href="a-1.js?b=c"');
});

test("files that name each other get the digits of them all", () => {
  const files = [
    ["lib/a.js", bytes('import "./b.js"')],
    ["lib/b.js", bytes('import "./a.js"')],
    ["lib/LICENSE", bytes('"a.js"')],
  ];
  const [a, b, license] = hashedTogether(files);
  const [, digits] = /-(\w+)\.js$/.exec(a[1]);
  assert.deepEqual([b[1], license[1]], [`lib/b-${digits}.js`, `lib/LICENSE-${digits}`]);
  assert.equal(a[2].toString(), `import "./b-${digits}.js"`);
  assert.equal(license[2].toString(), '"a.js"');
  const changed = hashedTogether([...files.slice(1), ["lib/a.js", bytes('import "./b.js";')]]);
  assert.notEqual(changed[0][1], b[1]);
});
