// Drives the benchmark page: Latent Lab and the other libraries in one run.

import { readFile } from "node:fs/promises";
import { serve } from "../../../build/serve.mjs";
import { asText } from "../../../www/bench/bench-report.js";
import { launch } from "../browser.mjs";
import { results } from "./results.mjs";

/** Longest wait for a whole run of the page. */
const PATIENCE_MS = 6 * 3_600_000;

/** Runs a plan, prints what the page reports and adds it to the results. */
export async function onBenchmarkPage(options) {
  const report = await runBenchmarkPage(options);
  watch("");
  console.log(`\n${report.text}\n${report.result}`);
  results.peers.push(report);
}

/** A run takes minutes: a terminal shows the status on one line. */
function watch(sentence) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${sentence}`);
}

/** Runs `plan` (the page's parameters as an object) and resolves to the page's report. With `webgpu` on the software adapter. */
async function runBenchmarkPage({ webgpu, plan }) {
  const server = await serve({ isolated: true });
  const browser = await launch({ webgpu });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("pageerror", (error) => watch(`uncaught: ${error.message}`));
    const query = new URLSearchParams({ ...plan, run: "" });
    await page.goto(`http://127.0.0.1:${server.address().port}/bench.html?${query}`);
    const watching = setInterval(
      () =>
        page
          .locator("#status")
          .innerText()
          .then(watch)
          .catch(() => {}),
      1000,
    );
    try {
      await page.locator('html[data-benchmark="idle"]').waitFor({ state: "attached" });
    } finally {
      clearInterval(watching);
    }
    const result = await page.locator("#result").innerText();
    if (await page.locator("#save").isDisabled()) throw new Error(result);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#save").click()]);
    const report = JSON.parse(await readFile(await download.path(), "utf8"));
    return { ...report, chromium: browser.version(), result, text: asText(report) };
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}
