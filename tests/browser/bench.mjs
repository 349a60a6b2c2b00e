// How fast, how small: measured in a real Chromium on this machine. Prints tables and writes bench.json.
//
//   node tests/browser/bench.mjs                         everything, about half an hour
//   node tests/browser/bench.mjs page sizes              some sections: sizes, page, pointer, map, native, peers, sweep, marathon
//   node tests/browser/bench.mjs map rounds=12           the map of latent space beside a run, alone; steps=150 of each round
//   node tests/browser/bench.mjs map images=100000       ... of a data set of so many images, half of them digits and half of them clothes; maps=3 of them
//   node tests/browser/bench.mjs peers mlp-128 webgpu    compared with other libraries: some workloads, devices or engines
//   node tests/browser/bench.mjs peers wasm rounds=5     ... with other counts of rounds, block, warmup, marathon
//   node tests/browser/bench.mjs sweep                   CPU and WebGPU by H, Z and batch size, Latent Lab alone
//   node tests/browser/bench.mjs marathon                memory over 10,000 steps on the CPU and 300 on WebGPU, Latent Lab alone;
//                                                        marathon=500 wasm: another number of steps, on one device
//   node tests/browser/bench.mjs threads mlp-128         the CPU module with threads compared with the one without, in turns; needs
//                                                        ./build.sh threads, and runs only where it is named
//   node tests/browser/bench.mjs record                  sizes, peers and native (or the sections named), written to docs/performance.json
//   node tests/browser/bench.mjs compare                 the same, and what got worse since that file was written; then fails

import { writeFile } from "node:fs/promises";
import { map } from "./bench/map.mjs";
import { marathon } from "./bench/marathon.mjs";
import { native } from "./bench/native.mjs";
import { page } from "./bench/page.mjs";
import { peers } from "./bench/peers.mjs";
import { pointer } from "./bench/pointer.mjs";
import { keepRecord } from "./bench/record.mjs";
import { results } from "./bench/results.mjs";
import { sizes } from "./bench/sizes.mjs";
import { sweep } from "./bench/sweep.mjs";
import { threads } from "./bench/threads.mjs";
import { isRecorded } from "./bench/words.mjs";

const RESULTS = new URL("../../bench.json", import.meta.url);
const SECTIONS = { sizes, page, pointer, map, native, peers, sweep, marathon };
/** Only where they are named. */
const ASKED_FOR = { threads };
const RECORDED = ["sizes", "native", "peers"];
const words = process.argv.slice(2);
const sections = { ...SECTIONS, ...ASKED_FOR };
const named = Object.keys(sections).filter((name) => words.includes(name));
const usual = isRecorded(words) ? RECORDED : Object.keys(SECTIONS);
console.log(`${results.machine}\n`);
try {
  for (const name of named.length > 0 ? named : usual) await sections[name](words);
} finally {
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`); // also of the sections before one that failed
}
if (isRecorded(words)) await keepRecord(words);
const rows = [
  ...results.peers.flatMap(({ comparisons, sweep }) => [...comparisons, ...sweep]),
  ...results.native,
].flatMap(({ rows }) => rows);
if (rows.some(({ agrees }) => agrees === false)) process.exitCode = 1;
