// The chart library without what the page does not use of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { uplotLines } from "../../build/uplot-lines.mjs";

const SOURCE = readFileSync(new URL("../../node_modules/uplot/dist/uPlot.esm.js", import.meta.url), "utf8");

test("lines and points are left of the ways to draw a curve", async () => {
  const code = Buffer.from(await uplotLines(SOURCE)).toString();
  const { default: uPlot } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  assert.deepEqual(Object.keys(uPlot.paths).sort(), ["linear", "points"]);
});

test("another version of the library, which adds them otherwise, ends the build", async () => {
  await assert.rejects(uplotLines("export default {};"), /paths\.stepped/);
});
