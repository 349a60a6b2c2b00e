// docs/performance.json: what a run of the benchmark writes into it, and is compared with.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compareRecords, comparisonText, performanceRecord } from "../performance-record.mjs";
import { results } from "./results.mjs";

const RECORD = fileURLToPath(new URL("../../../docs/performance.json", import.meta.url));
const PACKAGE = new URL("../../../package.json", import.meta.url);

/** Versions of what was compared, by name. */
async function versions() {
  const { devDependencies } = JSON.parse(await readFile(PACKAGE, "utf8"));
  const peers = Object.entries(devDependencies).filter(([name]) => /jax|tensorflow/.test(name));
  return { ...Object.fromEntries(peers), chromium: results.peers[0]?.chromium ?? null };
}

/** The record of this run; with "record" it is written, with "compare" held against the one that was. */
export async function keepRecord(words) {
  const record = performanceRecord(results, {
    date: new Date().toISOString().slice(0, 10),
    versions: await versions(),
  });
  if (words.includes("record")) await writeFile(RECORD, `${JSON.stringify(record, null, 2)}\n`);
  if (!words.includes("compare")) return;
  const rows = compareRecords(JSON.parse(await readFile(RECORD, "utf8")), record);
  console.log(`\nCompared with docs/performance.json\n${comparisonText(rows)}`);
  if (rows.some(({ verdict }) => verdict === "worse")) process.exitCode = 1;
}
