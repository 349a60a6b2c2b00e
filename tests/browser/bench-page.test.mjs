// The benchmark page: a few steps of Latent Lab and of jax-js, on the CPU.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { linkOf } from "../../www/bench/result-link.js";
import { FORMAT } from "../../www/bench/shared-result.js";
import { inChromium } from "./browser.mjs";
import { assertAccessible, open } from "./page.mjs";

const PLAN = "works=mlp-32&engines=ours-wasm,jax-wasm,jax-threads,tfjs-wasm&rounds=1&block=4&warmup=1";
const browserTest = inChromium();

/** One step of one engine. */
const LITTLE = "works=mlp-32&engines=ours-wasm&rounds=1&block=1&warmup=0";

const finished = (page) => page.locator('html[data-benchmark="idle"]').waitFor({ state: "attached" });

/** The file that the page saves, as text. */
async function saved(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#save").click()]);
  return readFile(await download.path(), "utf8");
}

const jsonFile = (name, text) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });

/** The result of a machine of this name, as a link has it. */
function resultOf(machine) {
  const times = { q1: 1, median: 2, q3: 3 };
  const row = { workload: "mlp-32", engine: "ours-wasm", each: times, rare: times, loss: 200, agrees: true };
  return { format: FORMAT, machine, begun: "2026-01-02T03:04:05.678Z", rows: [row] };
}

browserTest(
  "an address runs a benchmark whose losses agree, and its report can be saved",
  {},
  async ({ page, origin }) => {
    await page.goto(`${origin}/bench.html?${PLAN}&run`);
    await finished(page);
    assert.equal(await page.locator("#result").innerText(), "Done.");
    const { machine, comparisons } = JSON.parse(await saved(page));
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
    const { sweep } = JSON.parse(await saved(page));
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
    const report = await saved(page);
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
      ...JSON.parse(report),
      machine: { ...JSON.parse(report).machine, sentence: machine },
    });
    await other
      .locator("#files")
      .setInputFiles([
        jsonFile("one.json", JSON.stringify(asOf("<b>Another machine</b>"))),
        jsonFile("photo.json", "no JSON"),
      ]);
    await other.locator("#result", { hasText: "photo.json was not opened. It is not a result" }).waitFor();
    assert.equal(await table.locator("thead th").count(), 3);
    assert.match(await other.locator("#received").innerText(), /2: <b>Another machine<\/b>/);
    await assertAccessible(other);
  },
);

browserTest("a run stops at once while the images load", {}, async ({ page, origin }) => {
  const asked = page.waitForRequest(/data\/train-images/);
  await page.route(/data\/train-images/, () => {}); // never answered
  await page.goto(`${origin}/bench.html?${LITTLE}&run`);
  await asked;
  await page.locator("#stop").click();
  await page.locator("#result", { hasText: "Stopped." }).waitFor();
  await finished(page);
});

browserTest("a sweep that is stopped keeps the points before", {}, async ({ page, origin }) => {
  await page.goto(`${origin}/bench.html?${LITTLE.replace("mlp-32", "sweep")}&run`);
  await page.locator("#results tbody tr").nth(1).waitFor();
  await page.locator("#stop").click();
  await finished(page);
  assert.equal(await page.locator("#result").innerText(), "Stopped.");
  const { sweep } = JSON.parse(await saved(page));
  assert.ok(sweep.length >= 2 && sweep.length < 11, `${sweep.length} points`);
});

browserTest("without times there is no link, and the saved file says so", {}, async ({ page, origin }) => {
  await page.goto(`${origin}/bench.html?${LITTLE.replace("ours-wasm", "jax-threads")}&run`);
  await finished(page);
  await page.locator("td.failed", { hasText: "isolates" }).first().waitFor();
  assert.ok(await page.locator("#link").isDisabled());
  await page.locator("#files").setInputFiles(jsonFile("mine.json", await saved(page)));
  await page
    .locator("#result", { hasText: "mine.json was not opened. It is a result without times" })
    .waitFor();
});

browserTest("without a clipboard the text is there to be copied by hand", {}, async ({ page, origin }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await page.goto(`${origin}/bench.html?${LITTLE}&run`);
  await finished(page);
  await page.locator("#copy").click();
  await page.locator("#result", { hasText: "does not give access to the clipboard" }).waitFor();
  assert.match(await page.locator("#copied").inputValue(), /^Latent Lab benchmark/);
  await page.locator("#link").click();
  await page.waitForFunction(() => document.getElementById("copied").value.includes("#result="));
  await page.evaluate(() => {
    globalThis.CompressionStream = undefined;
  });
  await page.locator("#link").click();
  await page.locator("#result", { hasText: "Nothing was copied. This browser cannot compress" }).waitFor();
  const afterStart = await page.evaluate(() => {
    document.getElementById("run").click();
    return document.getElementById("result").textContent;
  });
  assert.equal(afterStart, "", "words of before are gone");
  assert.ok(await page.locator("#copied").isHidden());
  await page.locator("#result", { hasText: "Done." }).waitFor();
});

browserTest("every link that is opened is said, and a damaged one too", {}, async ({ page, origin }) => {
  await page.goto(`${origin}/bench.html#result=AAAA`);
  await page.locator("#result", { hasText: "The result in the address was not opened" }).waitFor();
  const link = await linkOf(resultOf("Firefox/1 on Linux"));
  await page.evaluate((hash) => {
    location.hash = hash;
  }, link);
  await page.locator("#result", { hasText: /^The result in the address is opened\.$/ }).waitFor();
  assert.equal(await page.locator("#received tbody tr").count(), 1);
});

browserTest(
  "long words in a result or the name of a file leave the page as wide as the window",
  { viewport: { width: 360, height: 740 } },
  async ({ page, origin }) => {
    await page.goto(`${origin}/bench.html${await linkOf(resultOf("x".repeat(500)))}`);
    await page.locator("#received table").waitFor();
    await page.locator("#files").setInputFiles(jsonFile(`${"y".repeat(200)}.json`, "no JSON"));
    await page.locator("#result", { hasText: "was not opened" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  },
);
