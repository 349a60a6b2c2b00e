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

import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isOptional } from "../../build/optional-parts.mjs";
import { serve } from "../../build/serve.mjs";
import { ENGINES, SWEEP, WORKLOADS } from "../../www/bench/plan.js";
import { ROOM_SCRIPTS } from "../../www/room-scripts.js";
import { answerSource, launch, PATIENCE_MS } from "./browser.mjs";
import { farHost } from "./far-host.mjs";
import { bringImages, digitsAndClothes } from "./many-images.mjs";
import {
  drawByMouse,
  open,
  openIdle,
  pickDigit,
  setMap,
  showView,
  stepsDone,
  strokeOnPad,
  until,
  untilStep,
} from "./page.mjs";
import { runBenchmarkPage } from "./peers.mjs";
import { compareRecords, comparisonText, performanceRecord } from "./performance-record.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** With JAX or PyTorch where `PYTHON` has them: `python3 -m venv peers && peers/bin/pip install jax==0.10.2 torch`. */
const COMPARE_NATIVELY = join(ROOT, "tests/native-bench/compare.py");
const results = {
  machine: `${cpus().length} cores, ${cpus()[0].model}`,
  measured: [],
  native: [],
  peers: [],
};

function report(what, value, unit, goal = "") {
  results.measured.push({ what, value: Math.round(value * 100) / 100, unit, goal });
  console.log(
    `${what.padEnd(58)} ${String(results.measured.at(-1).value).padStart(10)} ${unit.padEnd(6)} ${goal}`,
  );
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];

const ascending = (numbers) => numbers.toSorted((a, b) => a - b);

/** Median and 95th percentile of times in ms. */
function reportTimes(what, times, goal) {
  const sorted = ascending(times);
  report(`${what}, median of ${sorted.length}`, quantile(sorted, 0.5), "ms");
  report(`${what}, 95th percentile`, quantile(sorted, 0.95), "ms", goal);
}

/** With `roundTripMs` the server seems that far away. */
async function withPage({ webgpu, roundTripMs = 0, ...more }, measure) {
  const server = await serve({ answer: answerSource() });
  const host = roundTripMs > 0 ? await farHost(server.address().port, roundTripMs) : server;
  let sent = 0;
  const counted = new Map();
  server.on("connection", (socket) => {
    counted.set(socket, 0);
    socket.on("close", () => {
      sent += socket.bytesWritten;
      counted.delete(socket);
    });
  });
  const bytesSent = () => [...counted.keys()].reduce((sum, socket) => sum + socket.bytesWritten, sent);
  const browser = await launch({ webgpu });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(PATIENCE_MS);
    await measure({ page, origin: `http://127.0.0.1:${host.address().port}`, bytesSent, browser, ...more });
  } finally {
    await browser.close();
    host.close();
    server.closeAllConnections();
    server.close();
  }
}

async function sizes() {
  const { all: site, needed } = await siteBytes();
  report("the site", site / 1e6, "MB");
  report("  without the parts that can be left out", needed / 1e6, "MB", "<= 60");
  for (const name of ["cpu", "gpu"]) {
    const folder = `${ROOT}dist/pkg/${name}`;
    const path = `${folder}/${(await readdir(folder)).find((file) => file.endsWith(".wasm"))}`;
    for (const suffix of ["", ".gz", ".br"]) {
      const goal = name === "gpu" && suffix === ".br" ? "<= 3200" : "";
      report(`${name} module, ${suffix || "raw"}`, (await stat(path + suffix)).size / 1000, "kB", goal);
    }
  }
  const { first, all } = await scriptBytes();
  const parts = "page, worker, bindings, chart, service worker";
  report(`script of a first visit (${parts}), .br`, first / 1000, "kB", "<= 150");
  report("  with every room that is loaded later", all / 1000, "kB");
}

/** Bytes of dist/: {all, needed}. */
async function siteBytes() {
  const bytes = { all: 0, needed: 0 };
  for (const entry of await readdir(`${ROOT}dist`, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const { size } = await stat(path);
    bytes.all += size;
    if (!isOptional(relative(`${ROOT}dist`, path))) bytes.needed += size;
  }
  return bytes;
}

/** What the page runs beside a wasm module, with brotli: {first, all}, without and with the rooms that are loaded later. */
async function scriptBytes() {
  const rooms = Object.values(ROOM_SCRIPTS).map((path) => basename(path, ".js"));
  const bytes = { first: 0, all: 0 };
  for (const folder of ["dist", "dist/pkg/cpu", "dist/vendor/uplot"])
    for (const name of await readdir(`${ROOT}${folder}`)) {
      if (!/\.js\.br$/.test(name) || /^(bench|replay)/.test(name)) continue;
      const { size } = await stat(`${ROOT}${folder}/${name}`);
      bytes.all += size;
      if (!rooms.some((room) => name.startsWith(`${room}-`))) bytes.first += size;
    }
  return bytes;
}

/** The first picture of a model without anyone's doing: the reconstruction of the demonstration's first points. */
async function firstPicture({ page, origin, browser, distance }) {
  await firstPictureTime(await browser.newPage(), origin); // the browser's own beginning
  const times = [];
  for (let visit = 0; visit < 5; visit++) {
    const context = await browser.newContext({ viewport: page.viewportSize() });
    times.push(await firstPictureTime(await context.newPage(), origin));
    await context.close();
  }
  const what = `navigation to the first reconstruction, ${distance}`;
  report(`${what}, median of 5 first visits`, quantile(ascending(times), 0.5), "ms");
  report("  quickest", Math.min(...times), "ms");
}

async function firstPictureTime(page, origin) {
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(() => {
    const { putImageData } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.putImageData = function (...args) {
      if (this.canvas.id === "at-mean" && performance.getEntriesByName("first-picture").length === 0)
        performance.mark("first-picture");
      return putImageData.apply(this, args);
    };
  });
  await open({ page, origin }, "?demo=on");
  const mark = await page.waitForFunction(() => performance.getEntriesByName("first-picture")[0]?.startTime);
  return mark.jsonValue();
}

/** Not by a route, which switches the cache off: what is preloaded would be fetched twice. */
async function refuseTrainingData(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setBlockedURLs", { urls: ["*data/train-*", "*data/t10k-*"] });
}

/** The training data are fetched ahead when the page is idle: measured with and without. */
async function firstReconstruction({ page, origin, bytesSent, ahead }) {
  if (!ahead) await refuseTrainingData(page);
  await open({ page, origin });
  await drawByMouse(page, await strokeOnPad(page));
  const mark = await page.waitForFunction(
    () => performance.getEntriesByName("first-reconstruction")[0]?.startTime,
  );
  const bytes = bytesSent();
  if (ahead) report("  with the training data that are fetched ahead", bytes / 1000, "kB");
  else {
    report("navigation to first reconstruction of a stroke", await mark.jsonValue(), "ms", "<= 2000");
    report("transferred before it", bytes / 1000, "kB", "<= 3000");
  }
}

async function penWhileTraining({ page, origin }) {
  await open({ page, origin }, "?device=cpu");
  await page.locator("#play").click();
  await untilStep(page, 20);
  await page.evaluate(() => performance.clearMeasures("reconstruction"));
  for (let i = 0; i < 12; i++) {
    const row = 0.2 + 0.05 * i;
    await drawAtFrameRate(
      page,
      await strokeOnPad(page, { from: [0.2, row], to: [0.8, 1 - row], points: 25 }),
    );
  }
  reportTimes("pen to pixels while training", await durations(page, "reconstruction"), "<= 50");
  report(
    "step of that training on the page",
    Number.parseFloat(await page.locator("#ms-per-step").innerText()),
    "ms",
  );
}

/** The durations that the page has measured under `name`, ms. */
function durations(page, name) {
  return page.evaluate((of) => performance.getEntriesByName(of).map(({ duration }) => duration), name);
}

/** The thumb of a slider is pulled to and fro during a run. */
async function sliderWhileTraining({ page, origin }) {
  await open({ page, origin }, "?device=cpu&epochs=100");
  await pickDigit(page, 3);
  await page.locator("#play").click();
  await untilStep(page, 20);
  const { x, y, width, height } = await page.locator("#sliders input").first().boundingBox();
  for (let k = 0; k < 12; k++) {
    const from = k % 2 === 0 ? 0.1 : 0.9;
    const along = (i) => x + width * (from + (1 - 2 * from) * (i / 24));
    await drawAtFrameRate(
      page,
      Array.from({ length: 25 }, (_, i) => [along(i), y + height / 2]),
    );
  }
  reportTimes("slider to picture while training", await durations(page, "decoded"), "<= 33");
}

const COMPARED = "?view=compare&compare=ae,z20,beta,mse&device=cpu";

/** From a move of the pen to the last of four columns that has a reconstruction of it; the next move comes after that. */
async function penOverColumns({ page, origin }) {
  await open({ page, origin }, COMPARED);
  await page.waitForFunction(() => {
    const columns = [...document.querySelectorAll(".compared")];
    return columns.length === 4 && columns.every(({ dataset }) => Number(dataset.images) >= 10_000);
  });
  await page.evaluate(watchColumns);
  const untilAnswered = () => page.waitForFunction(() => globalThis.answered.size === 4);
  const [first, ...rest] = await spiralOnPad(page);
  await page.mouse.move(...first);
  await page.mouse.down();
  await untilAnswered();
  for (const point of rest) {
    await page.mouse.move(...point);
    await untilAnswered();
  }
  await page.mouse.up();
  reportTimes("pen to all of four columns", await durations(page, "columns"));
}

/** Three turns outwards: every point changes the framed drawing, which a longer straight line would not. */
async function spiralOnPad(page) {
  const { x, y, width, height } = await page.locator("#pad").boundingBox();
  return Array.from({ length: 80 }, (_, k) => {
    const [radius, angle] = [0.05 + 0.005 * k, (3 * 2 * Math.PI * k) / 80];
    return [x + width * (0.5 + radius * Math.cos(angle)), y + height * (0.5 + radius * Math.sin(angle))];
  });
}

/** In the page: `answered` has the columns whose reconstruction is another than before the last move; once all are in it, `columns` is measured. */
function watchColumns() {
  globalThis.answered = new Set();
  let moved = 0;
  const seen = new Map(); // the sum of a canvas' pixels
  const move = ({ timeStamp, buttons }) => {
    if (buttons === 0) return;
    moved = timeStamp;
    globalThis.answered.clear();
  };
  for (const event of ["pointerdown", "pointermove"]) document.addEventListener(event, move, true);
  const { putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (...args) {
    putImageData.apply(this, args);
    if (!this.canvas.matches('.compared [data-part="reconstruction"]')) return;
    const pixels = args[0].data.reduce((sum, value, k) => (sum * 31 + value * (k + 1)) % 2147483647, 0);
    if (seen.get(this.canvas) === pixels) return;
    seen.set(this.canvas, pixels);
    if (globalThis.answered.size === 4) return;
    globalThis.answered.add(this.canvas);
    if (globalThis.answered.size === 4)
      performance.measure("columns", { start: moved, end: performance.now() });
  };
}

/** One move a frame, as a pen gives them. */
async function drawAtFrameRate(page, [first, ...rest]) {
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of rest) {
    await page.mouse.move(...point);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await page.mouse.up();
}

/** What the main thread does for a frame; its own callbacks come first. */
const FRAME_WORK = ["FireAnimationFrame", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize"];

const MOVES = "the map moves";
const RESTS = "the map rests";

/** Processor time of the main thread in each frame while `body` runs, ms, with whether the map was `moving`: other programs do not count. */
async function frameTimes({ page, browser }, body) {
  await page.evaluate(markMotion, [MOVES, RESTS]);
  await browser.startTracing(page, { categories: ["devtools.timeline", "blink.user_timing"] });
  await body();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const counts = ({ name, tdur }) =>
    name === MOVES || name === RESTS || (tdur !== undefined && FRAME_WORK.includes(name));
  const events = traceEvents.filter(counts).sort((a, b) => a.ts - b.ts);
  const frames = [];
  let [moving, before] = [false, ""];
  for (const { name, tdur } of events) {
    if (!FRAME_WORK.includes(name)) {
      moving = name === MOVES;
      if (moving && frames.length > 0) frames.at(-1).moving = true; // that frame has painted the first picture of the motion
      continue;
    }
    if (name === FRAME_WORK[0] && before !== name) frames.push({ ms: 0, moving });
    if (frames.length > 0) frames.at(-1).ms += tdur / 1000;
    before = name;
  }
  return frames;
}

/** In the page: marks where a motion of the map begins and ends. */
function markMotion([moves, rests]) {
  const panel = document.getElementById("plane-panel");
  const mark = () => performance.mark(panel.dataset.moving === "true" ? moves : rests);
  new MutationObserver(mark).observe(panel, { attributeFilter: ["data-moving"] });
}

/** A window in which the map is a view of its own. */
const NARROW = { width: 1000, height: 900 };
/** Steps between two looks at the clock, and how often it is looked at with and without the map. */
const MAP_ROUNDS = { steps: 150, rounds: 12 };

/** The map of 2,000 or 10,000 test images beside a run on the CPU: what it costs the page, and what it costs the run. */
async function mapWhileTraining({ page, origin, browser, count, rounds, steps }) {
  await page.setViewportSize(NARROW);
  await open({ page, origin }, "?device=cpu&epochs=100");
  await pickDigit(page, 3);
  await showMap(page, true);
  await setMap(page, { count: String(count) });
  await page.locator("#play").click();
  await untilStep(page, 50);
  const further = async () => untilStep(page, (await stepsDone(page)) + steps);
  const frames = ascending((await frameTimes({ page, browser }, further)).map(({ ms }) => ms));
  const what = `map of ${count} images`;
  const frame = `${what}, main thread a frame, 95th percentile of ${frames.length}`;
  report(frame, quantile(frames, 0.95), "ms", "<= 8");
  const speeds = { with: [], without: [] };
  const measure = async (shown) => {
    await showMap(page, shown);
    const [from, begun] = [await stepsDone(page), performance.now()];
    await further();
    speeds[shown ? "with" : "without"].push((performance.now() - begun) / ((await stepsDone(page)) - from));
  };
  // In turns, and each first as often as second: what else the machine does drifts.
  for (let round = 0; round < rounds; round++)
    for (const shown of round % 2 === 0 ? [true, false] : [false, true]) await measure(shown);
  report(`${what}, step of the run with it`, quantile(ascending(speeds.with), 0.5), "ms");
  report(`${what}, step of the run without it`, quantile(ascending(speeds.without), 0.5), "ms");
  const slower = ascending(speeds.with.map((ms, round) => 100 * (ms / speeds.without[round] - 1)));
  report(`${what}, slow-down, median of ${rounds} pairs`, quantile(slower, 0.5), "%", "<= 5");
  for (const [name, q] of Object.entries({ lower: 0.25, upper: 0.75 }))
    report(`${what}, slow-down, ${name} quartile`, quantile(slower, q), "%");
}

/** Maps of a run that are waited for, of many images. */
const MANY_MAPS = 3;
/** Steps between two tests of all images, of which there are more than images to train on. */
const SMALL_BATCHES = "?device=cpu&epochs=10000&batch=8";

/** The map of all test images of a large data set beside a run on the CPU: frames of the main thread, what a map takes, and memory. */
async function mapOfMany({ page, origin, browser, images, maps }) {
  const data = await digitsAndClothes(images);
  const count = data.test.labels.length;
  await page.setViewportSize(NARROW);
  await open({ page, origin }, SMALL_BATCHES);
  await bringImages(page, data);
  await showMap(page, true);
  await setMap(page, { count: "100000" });
  const mapped = () => page.locator("#plane-panel").getAttribute("data-step");
  const said = `All ${count.toLocaleString("en")} test images.`;
  await page.locator("#plane-state", { hasText: said }).waitFor();
  await page.locator("#play").click();
  await untilStep(page, 50);
  const next = async (before) => until(page, "the map has moved", mapped, (step) => step !== before);
  const first = await next(await mapped());
  const what = `map of ${count} images`;
  const memory = await residentMemory(browser, "renderer");
  let begun = performance.now();
  const times = [];
  const all = await frameTimes({ page, browser }, async () => {
    for (let k = 0, step = first; k < maps; k++) {
      step = await next(step);
      times.push(performance.now() - begun);
      begun = performance.now();
    }
  });
  const groups = { "main thread a frame": all, "while it moves": all.filter(({ moving }) => moving) };
  for (const [name, group] of Object.entries(groups)) {
    const frames = ascending(group.map(({ ms }) => ms));
    report(`${what}, ${name}, 95th percentile of ${frames.length}`, quantile(frames, 0.95), "ms", "<= 8");
    report(`${what}, ${name}, the longest`, frames.at(-1), "ms");
  }
  report(`${what}, from one to the next, median of ${maps}`, quantile(ascending(times), 0.5) / 1000, "s");
  report(`${what}, process at the first`, memory, "MiB");
  report(`${what}, process ${maps} maps later`, await residentMemory(browser, "renderer"), "MiB", "+10 %");
}

/** Shows the map or the texts, in a window too narrow for both, and waits until the map is drawn or at rest. */
async function showMap(page, shown) {
  const panel = page.locator("#plane-panel");
  await showView(page, shown ? "map" : "learn");
  const wanted = shown ? ["drawn"] : ["closed"];
  await until(
    page,
    `the map is ${wanted}`,
    () => panel.getAttribute("data-state"),
    (state) => wanted.includes(state),
  );
}

/** Opens a trainer of one module in a worker of its own, in a page that does nothing else. */
async function openTrainer({ page, origin }, module) {
  await openIdle({ page, origin });
  await page.evaluate(async (name) => {
    const { WorkerClient } = await import(new URL("worker/worker-client.js", location.href));
    const { MNIST } = await import(new URL("data-sets/shipped.js", location.href));
    const { shippedFiles } = await import(new URL("data-sets/shipped-files.js", location.href));
    const { trainingFiles } = await import(new URL("data-sets/training-files.js", location.href));
    const train = { seed: 1, batch: 128, learning_rate: 1e-3, beta: 1, epochs: 100 };
    globalThis.client = new WorkerClient(name);
    await globalThis.client.call("create", {
      options: { model: { latent: 20, hidden: 400 }, train },
      data: trainingFiles(MNIST, await shippedFiles(MNIST).raw()),
    });
  }, module);
}

/** Milliseconds per step over `steps` steps, requested `chunk` at a time, as the page does. */
function trainFor(page, steps, chunk) {
  return page.evaluate(
    async ([all, each]) => {
      const begun = performance.now();
      for (let done = 0; done < all; done += each) await globalThis.client.call("train", { steps: each });
      return (performance.now() - begun) / all;
    },
    [steps, chunk],
  );
}

/** The worker's wasm memory: importing the module again gives the one that already runs. */
function wasmMemory(page, module) {
  return page.workers()[0].evaluate(async (name) => {
    const { default: init } = await import(new URL(`./pkg/${name}/latent_lab.js`, location.href));
    return (await init()).memory.buffer.byteLength / 2 ** 20;
  }, module);
}

/** Resident memory of Chromium's processes of one kind, in MiB. */
async function residentMemory(browser, type) {
  const client = await browser.newBrowserCDPSession();
  const { processInfo } = await client.send("SystemInfo.getProcessInfo");
  await client.detach();
  const each = processInfo
    .filter((process) => process.type === type)
    .map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
    });
  return Math.max(...(await Promise.all(each)));
}

async function cpuTraining({ page, origin, browser }) {
  await openTrainer({ page, origin }, "cpu");
  report("CPU module, first step of 128", await trainFor(page, 1, 1), "ms");
  await trainFor(page, 19, 1);
  report("CPU module, step of 128", await trainFor(page, 180, 2), "ms", "<= 40");
  const [wasm, resident] = [await wasmMemory(page, "cpu"), await residentMemory(browser, "renderer")];
  await trainFor(page, 1800, 2);
  report("CPU module, wasm memory after 200 steps", wasm, "MiB");
  report("CPU module, wasm memory after 2000 steps", await wasmMemory(page, "cpu"), "MiB", "+10 %");
  report("CPU module, process after 200 steps", resident, "MiB");
  report("CPU module, process after 2000 steps", await residentMemory(browser, "renderer"), "MiB", "+10 %");
}

async function gpuTraining({ page, origin, browser }) {
  await openTrainer({ page, origin }, "gpu");
  report("GPU module on SwiftShader, first step of 128", await trainFor(page, 1, 1), "ms");
  await trainFor(page, 2, 1);
  report("GPU module on SwiftShader, step of 128", await trainFor(page, 8, 2), "ms");
  const [wasm, resident] = [await wasmMemory(page, "gpu"), await residentMemory(browser, "GPU")];
  await trainFor(page, 20, 2);
  report("GPU module, wasm memory after 11 steps", wasm, "MiB");
  report("GPU module, wasm memory after 31 steps", await wasmMemory(page, "gpu"), "MiB");
  report("GPU module, GPU process after 11 steps", resident, "MiB");
  report("GPU module, GPU process after 31 steps", await residentMemory(browser, "GPU"), "MiB");
}

/** One epoch of the command line (build.sh gives its path), with reading the data and the test at the end. */
async function nativeEpoch() {
  const folder = await mkdtemp(join(tmpdir(), "latent-lab-"));
  const begun = performance.now();
  execFileSync(
    process.env.LATENT_LAB,
    ["train", "--epochs", "1", "--out", join(folder, "bench.safetensors")],
    {
      cwd: ROOT,
      stdio: "ignore",
    },
  );
  report("native, one epoch of 468 steps and its test", (performance.now() - begun) / 1000, "s");
  await rm(folder, { recursive: true });
}

/** Round trip to a host on the same continent. */
const FAR_MS = 60;

async function page() {
  await withPage({ distance: "localhost" }, firstPicture);
  await withPage({ roundTripMs: FAR_MS, distance: `a host ${FAR_MS} ms away` }, firstPicture);
  await withPage({ ahead: false }, firstReconstruction);
  await withPage({ ahead: true }, firstReconstruction);
  await withPage({}, cpuTraining);
  await withPage({ webgpu: true }, gpuTraining);
}

async function pointer() {
  await withPage({}, penWhileTraining);
  await withPage({}, sliderWhileTraining);
  await withPage({}, penOverColumns);
}

async function map(words) {
  const { rounds, steps, images, maps } = { ...MAP_ROUNDS, maps: MANY_MAPS, ...countsIn(words) };
  if (images) return withPage({ images: Number(images), maps: Number(maps) }, mapOfMany);
  for (const count of [2000, 10_000])
    await withPage({ count, rounds: Number(rounds), steps: Number(steps) }, mapWhileTraining);
}

async function native() {
  const program = process.env.LATENT_LAB;
  if (!program) return console.log("skipped the command line: LATENT_LAB does not say where it is");
  await nativeEpoch();
  const folder = await mkdtemp(join(tmpdir(), "latent-lab-"));
  const json = join(folder, "native.json");
  execFileSync(process.env.PYTHON ?? "python3", [COMPARE_NATIVELY, program, "--json", json], {
    cwd: ROOT,
    stdio: "inherit",
  });
  results.native = JSON.parse(await readFile(json, "utf8"));
  await rm(folder, { recursive: true });
}

/** A run takes minutes: a terminal shows the status on one line. */
function watch(sentence) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${sentence}`);
}

/** Few steps where a step takes long: on the software adapter, and with convolutions. */
const COUNTS = {
  webgpu: { mlp: { rounds: 3, block: 4, warmup: 1 }, conv: { rounds: 2, block: 1, warmup: 0 } },
  wasm: { mlp: { rounds: 3, block: 50, warmup: 2 }, conv: { rounds: 3, block: 4, warmup: 1 } },
};

/** Whether the results become a record, or are compared with one. */
const isRecorded = (words) => words.includes("record") || words.includes("compare");

/** Each workload on each device by itself. */
async function peers(words) {
  const named = (all) => all.filter(({ name }) => words.includes(name));
  const counts = countsIn(words);
  const workloads = named(WORKLOADS).length > 0 ? named(WORKLOADS) : WORKLOADS;
  const devices = Object.keys(COUNTS).filter((device) => words.includes(device));
  let engines = named(ENGINES).length > 0 ? named(ENGINES) : ENGINES;
  if (devices.length > 0) engines = engines.filter(({ device }) => devices.includes(device));
  for (const workload of workloads) {
    for (const device of Object.keys(COUNTS)) {
      const some = engines.filter((engine) => engine.device === device).map(({ name }) => name);
      if (some.length === 0) continue;
      const isLong = device === "wasm" && workload.name === "mlp-128" && !isRecorded(words);
      const marathon = isLong ? 2000 : 0; // of memory, which a record leaves out
      const plan = {
        ...COUNTS[device][workload.name.split("-")[0]],
        marathon,
        ...counts,
        works: workload.name,
        engines: some,
      };
      await onBenchmarkPage({ webgpu: device === "webgpu", plan });
    }
  }
}

async function onBenchmarkPage(options) {
  const report = await runBenchmarkPage({ ...options, watch });
  watch("");
  console.log(`\n${report.text}\n${report.result}`);
  results.peers.push(report);
}

/** Counts from arguments of the form `word=7`. */
const countsIn = (words) =>
  Object.fromEntries(words.filter((word) => word.includes("=")).map((word) => word.split("=")));

/** Both devices in turns, in one browser. */
async function sweep(words) {
  const plan = { rounds: 5, block: 4, warmup: 1, ...countsIn(words), works: SWEEP.name };
  await onBenchmarkPage({ webgpu: true, plan: { ...plan, engines: "ours-webgpu,ours-wasm" } });
}

const LONG_RUNS = {
  webgpu: { block: 4, marathon: 300 },
  wasm: { block: 50, marathon: 10_000 },
};

async function marathon(words) {
  const devices = Object.keys(LONG_RUNS);
  const chosen = devices.filter((device) => words.includes(device));
  for (const device of chosen.length > 0 ? chosen : devices) {
    const plan = { rounds: 1, warmup: 0, ...LONG_RUNS[device], ...countsIn(words), works: "mlp-128" };
    await onBenchmarkPage({ webgpu: device === "webgpu", plan: { ...plan, engines: `ours-${device}` } });
  }
}

/** The CPU module with threads and the one without, in turns: the share of the time that threads take. */
async function threads(words) {
  const asked = WORKLOADS.filter(({ name }) => words.includes(name));
  for (const workload of asked.length > 0 ? asked : WORKLOADS) {
    const counts = COUNTS.wasm[workload.name.split("-")[0]];
    const plan = { ...counts, ...countsIn(words), works: workload.name, engines: "ours-wasm,ours-threads" };
    await onBenchmarkPage({ plan });
    const [one, several] = results.peers.at(-1).comparisons[0].rows;
    if (several.failed) throw new Error(several.failed);
    for (const [cadence, how] of Object.entries({ each: "every step", rare: "rarely" })) {
      const share = several.speed[cadence].median / one.speed[cadence].median;
      report(`${workload.name}, loss read ${how}: threads' share of the time`, share, "", "<= 0.65");
    }
  }
}

const RECORD = join(ROOT, "docs/performance.json");

/** Versions of what was compared, by name. */
async function versions() {
  const { devDependencies } = JSON.parse(await readFile(`${ROOT}package.json`, "utf8"));
  const peers = Object.entries(devDependencies).filter(([name]) => /jax|tensorflow/.test(name));
  return { ...Object.fromEntries(peers), chromium: results.peers[0]?.chromium ?? null };
}

/** The record of this run; with "record" it is written, with "compare" held against the one that was. */
async function keepRecord(words) {
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

const SECTIONS = { sizes, page, pointer, map, native, peers, sweep, marathon };
/** Only where they are named. */
const ASKED_FOR = { threads };
const RECORDED = ["sizes", "native", "peers"];
const words = process.argv.slice(2);
const sections = { ...SECTIONS, ...ASKED_FOR };
const named = Object.keys(sections).filter((name) => words.includes(name));
const usual = isRecorded(words) ? RECORDED : Object.keys(SECTIONS);
console.log(`${results.machine}\n`);
for (const name of named.length > 0 ? named : usual) await sections[name](words);
await keepRecord(words);
await writeFile(`${ROOT}bench.json`, `${JSON.stringify(results, null, 2)}\n`);
const rows = [
  ...results.peers.flatMap(({ comparisons, sweep }) => [...comparisons, ...sweep]),
  ...results.native,
].flatMap(({ rows }) => rows);
if (rows.some(({ agrees }) => agrees === false)) process.exitCode = 1;
