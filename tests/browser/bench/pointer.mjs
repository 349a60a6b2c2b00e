// The section "pointer": from a move of the pen or of a slider to the picture.

import { open, pickDigit, strokeOnPad, untilStep } from "../page.mjs";
import { report, reportTimes } from "./results.mjs";
import { withPage } from "./with-page.mjs";

export async function pointer() {
  await withPage({}, penWhileTraining);
  await withPage({}, sliderWhileTraining);
  await withPage({}, penOverColumns);
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
