import assert from "node:assert/strict";
import { test } from "node:test";
import { leavingOut } from "../../build/optional-parts.mjs";

test("a build leaves out the parts that are named, and nothing else", () => {
  const isLeftOut = leavingOut(" benchmark fashion");
  for (const path of ["peers/jax-js/index.js", "data/fashion/LICENSE", "models/fashion-judge.safetensors"])
    assert.ok(isLeftOut(path), path);
  for (const path of [
    "models/vae-z20.safetensors",
    "models/animals-vae.safetensors",
    "data/digits-images-idx3-ubyte",
  ])
    assert.ok(!isLeftOut(path), path);
  const threads = leavingOut("threads");
  assert.ok(threads("pkg/threads/latent_lab.js") && threads("thread-0123456789ab.js"));
  assert.ok(!threads("pkg/cpu/latent_lab.js") && !threads("worker.js"));
  const compressed = leavingOut("compressed");
  assert.ok(compressed("index.html.gz") && compressed("index.html.br"));
  assert.ok(!compressed("index.html") && !compressed("data/train-labels-idx1-ubyte-be721fe6ac3b.gz"));
  assert.ok(!leavingOut("")("peers/jax-js/index.js"));
});

test("a part that does not exist is refused, with those that do", () => {
  assert.throws(
    () => leavingOut("fashion weights"),
    /"weights".*benchmark, fashion, animals, sprites, threads, compressed/,
  );
});
