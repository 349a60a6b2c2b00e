import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const read = (path) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

test("the tool that writes bindings has the version of the crate in the modules", async () => {
  const [, ofModules] = /^wasm-bindgen = "(=[\d.]+)"$/m.exec(await read("Cargo.toml"));
  const [, ofTool] = /^wasm-bindgen-cli-support = "(=[\d.]+)"$/m.exec(await read("build/bindgen/Cargo.toml"));
  assert.equal(ofTool, ofModules);
});
