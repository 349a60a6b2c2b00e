// The section "map": the map of latent space beside a run.

import { bringImages, digitsAndClothes } from "../many-images.mjs";
import { open, pickDigit, setMap, showView, stepsDone, until, untilStep } from "../page.mjs";
import { frameTimes } from "./frame-times.mjs";
import { residentMemory } from "./resident-memory.mjs";
import { ascending, quantile, report } from "./results.mjs";
import { withPage } from "./with-page.mjs";
import { countsIn } from "./words.mjs";

/** A window in which the map is a view of its own. */
const NARROW = { width: 1000, height: 900 };
/** Steps between two looks at the clock, and how often it is looked at with and without the map. */
const MAP_ROUNDS = { steps: 150, rounds: 12 };

export async function map(words) {
  const { rounds, steps, images, maps } = { ...MAP_ROUNDS, maps: MANY_MAPS, ...countsIn(words) };
  if (images) return withPage({ images: Number(images), maps: Number(maps) }, mapOfMany);
  for (const count of [2000, 10_000])
    await withPage({ count, rounds: Number(rounds), steps: Number(steps) }, mapWhileTraining);
}

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
