// The benchmark page: a few steps of Latent Lab and of jax-js, on the CPU.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { inChromium } from "./browser.mjs";
import { assertAccessible, open } from "./page.mjs";

const PLAN = "works=mlp-32&engines=ours-wasm,jax-wasm,jax-threads,tfjs-wasm&rounds=1&block=4&warmup=1";
const browserTest = inChromium();

const finished = (page) => page.locator('html[data-benchmark="idle"]').waitFor({ state: "attached" });

browserTest(
  "an address runs a benchmark whose losses agree, and its report can be saved",
  {},
  async ({ page, origin }) => {
    await page.goto(`${origin}/bench.html?${PLAN}&run`);
    await finished(page);
    assert.equal(await page.locator("#result").innerText(), "Done.");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#save").click()]);
    const { machine, comparisons } = JSON.parse(await readFile(await download.path(), "utf8"));
    assert.ok(machine.cores > 0);
    const [{ compared, rows }] = comparisons;
    assert.equal(compared.step, 10);
    assert.deepEqual(
      rows.map(({ engine }) => engine.name),
      ["ours-wasm", "jax-wasm", "jax-threads", "tfjs-wasm"],
    );
    const [ours, jax, threads, tfjs] = rows;
    assert.match(threads.failed, /isolates/);
    for (const row of [ours, jax, tfjs]) {
      assert.ok(row.agrees && row.loss > 50 && row.loss < 600, `a loss of ${row.loss}`);
      assert.ok(row.speed.each.median > 0 && row.speed.rare.median > 0 && row.first.milliseconds > 0);
      assert.ok(row.first.bytes > 10_000 && row.memory.wasm > 1);
    }
    assert.ok(Math.abs(ours.loss / jax.loss - 1) < 1e-3, "the same losses but for rounding");
    assert.equal(await page.locator("tr.not-equal").count(), 0);
  },
);

browserTest(
  "the sweep has a table for each size and is part of the saved report",
  {},
  async ({ page, origin }) => {
    await page.goto(`${origin}/bench.html?works=sweep&engines=ours-wasm&rounds=1&block=1&warmup=0&run`);
    await finished(page);
    assert.equal(await page.locator("#result").innerText(), "Done.");
    assert.equal(await page.locator("#results table").count(), 3);
    assert.equal(await page.locator("#results tbody tr").count(), 11);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#save").click()]);
    const { sweep } = JSON.parse(await readFile(await download.path(), "utf8"));
    const batches = sweep.filter(({ workload }) => workload.varied === "batch");
    assert.deepEqual(
      batches.map(({ workload }) => workload.batch),
      [8, 32, 128, 512],
    );
    for (const { rows } of sweep)
      assert.ok(rows.length === 1 && rows[0].speed.rare.median > 0 && rows[0].loss > 50);
  },
);

browserTest("the lab itself loads nothing of the other libraries", {}, async ({ page, origin }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await open({ page, origin });
  assert.deepEqual(
    asked.filter((url) => /\/(peers|bench)\//.test(url)),
    [],
  );
});

browserTest(
  "the benchmark page fits a phone and axe finds nothing",
  { viewport: { width: 360, height: 740 } },
  async ({ page, origin }) => {
    await page.goto(`${origin}/bench.html?${PLAN.replace("jax-wasm,", "")}`);
    await finished(page);
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator("#results table").first().waitFor();
    await finished(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    await assertAccessible(page);
  },
);

browserTest(
  "results of others stand side by side, from a file and from a link",
  { permissions: ["clipboard-read", "clipboard-write"] },
  async ({ page, origin, context }) => {
    await page.goto(`${origin}/bench.html?${PLAN.replace("jax-wasm,jax-threads,tfjs-wasm", "jax-wasm")}&run`);
    await finished(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#save").click()]);
    const saved = await readFile(await download.path(), "utf8");
    await page.locator("#link").click();
    await page.locator("#result", { hasText: "link is copied" }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(link.startsWith(`${origin}/bench.html#result=`) && link.length < 2000, link);

    const other = await context.newPage();
    await other.goto(link);
    await finished(other);
    const table = other.locator("#received table");
    assert.equal(await table.locator("tbody tr").count(), 2);
    const asOf = (machine) => ({
      ...JSON.parse(saved),
      machine: { ...JSON.parse(saved).machine, sentence: machine },
    });
    const file = (name, text) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });
    await other
      .locator("#files")
      .setInputFiles([
        file("one.json", JSON.stringify(asOf("<b>Another machine</b>"))),
        file("photo.json", "no JSON"),
      ]);
    await other.locator("#result", { hasText: "photo.json was not opened. It is not a result" }).waitFor();
    assert.equal(await table.locator("thead th").count(), 3);
    assert.match(await other.locator("#received").innerText(), /2: <b>Another machine<\/b>/);
    await assertAccessible(other);
  },
);
