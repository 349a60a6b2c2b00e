// The documents name files that exist.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "www/models/README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const FOLDERS = /^(src|www|tests|build|docs)\//;

/** `a/{b,c}.rs` as each of the paths that it stands for. */
function expanded(path) {
  const braces = /\{([^}]*)\}/.exec(path);
  if (!braces) return [path];
  return braces[1].split(",").flatMap((part) => expanded(path.replace(braces[0], part)));
}

function named(document) {
  const code = readFileSync(join(ROOT, document), "utf8").matchAll(/`([^`\s]+)`/g);
  const paths = [...code].map(([, path]) => path).filter((path) => FOLDERS.test(path));
  return paths.filter((path) => !/[<*]|NAME|FILE/.test(path)).flatMap(expanded);
}

for (const document of DOCUMENTS) {
  test(`every file that ${document} names exists`, () => {
    const missing = named(document).filter((path) => !existsSync(join(ROOT, path)));
    assert.deepEqual(missing, []);
  });

  test(`every link of ${document} leads somewhere`, () => {
    const links = [...readFileSync(join(ROOT, document), "utf8").matchAll(/\]\(([^)#:\s]+)(#[^)]*)?\)/g)];
    const missing = links
      .map(([, path]) => path)
      .filter((path) => !existsSync(join(ROOT, dirname(document), path)));
    assert.deepEqual(missing, []);
  });
}
