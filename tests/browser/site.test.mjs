// The files of dist/: their names, and what names them.

import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { digest } from "../../build/hashed-names.mjs";
import { isOptional, OPTIONAL_PARTS } from "../../build/optional-parts.mjs";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const PLAIN = ["bench.html", "index.html", "manifest.webmanifest", "service-worker.js"];
const read = (path) => readFile(`${DIST}${path}`);

const entries = await readdir(DIST, { recursive: true, withFileTypes: true });
const all = entries
  .filter((entry) => entry.isFile())
  .map((entry) => posix.join(entry.parentPath ?? entry.path, entry.name).slice(DIST.length));
const isNeighbour = (path) => /\.(br|gz)$/.test(path) && all.includes(path.replace(/\.\w+$/, ""));
const files = all.filter((path) => !isNeighbour(path));

test("every file carries a hash of its content, but those whose address must stay", async () => {
  const unhashed = files.filter((path) => !/-[0-9a-f]{12}(\.\w+)*$/.test(path));
  assert.deepEqual(unhashed.sort(), PLAIN);
  for (const path of files.filter((each) => !PLAIN.includes(each) && !each.startsWith("peers/")))
    assert.ok(path.includes(`-${digest(await read(path))}`), path);
});

test("the files of another library, which name each other, carry one hash", () => {
  for (const library of ["jax-js", "tfjs"]) {
    const names = files.filter((path) => path.startsWith(`peers/${library}/`));
    assert.ok(names.length > 3);
    assert.equal(new Set(names.map((path) => /-([0-9a-f]{12})(\.\w+)*$/.exec(path)[1])).size, 1);
  }
});

test("the site without the parts that can be left out has at most 60 MB, and they are most of the rest", async () => {
  const bytes = async (paths) => {
    const sizes = await Promise.all(paths.map(async (path) => (await stat(DIST + path)).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  const [needed, whole] = [await bytes(all.filter((path) => !isOptional(path))), await bytes(all)];
  assert.ok(needed <= 60e6, `${needed / 1e6} of ${whole / 1e6} MB`);
  for (const [name, part] of Object.entries(OPTIONAL_PARTS))
    if (!["fashion", "animals", "threads"].includes(name))
      assert.ok(
        all.some((path) => part.test(path)),
        name,
      );
});

test("every file that a page, a script or the manifest names is there", async () => {
  let named = 0;
  for (const path of files.filter((each) => /\.(html|js|webmanifest)$/.test(each))) {
    const text = (await read(path)).toString();
    for (const [, name] of text.matchAll(/["'`]((?:\.\/)?[\w./-]+-[0-9a-f]{12}(?:\.\w+)*)["'`]/g)) {
      assert.ok(
        files.includes(name) || files.includes(posix.join(posix.dirname(path), name)),
        `${path}: ${name}`,
      );
      named++;
    }
  }
  assert.ok(named > 100, `${named} names were found`);
});

test("the icons are pictures of the size that the manifest gives", async () => {
  const { icons, start_url, scope } = JSON.parse(await read("manifest.webmanifest"));
  assert.deepEqual([start_url, scope], [".", "."]);
  const pictures = icons.filter(({ type }) => type === "image/png");
  assert.deepEqual(
    pictures.map(({ sizes }) => sizes),
    ["192x192", "512x512", "512x512"],
  );
  for (const { src, sizes } of pictures) {
    const bytes = await read(src);
    assert.equal(bytes.toString("latin1", 1, 4), "PNG");
    assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes);
  }
});
