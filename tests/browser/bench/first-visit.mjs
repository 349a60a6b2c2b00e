// How long a first visit waits, and for how many bytes.

import { PATIENCE_MS } from "../browser.mjs";
import { drawByMouse, open, strokeOnPad } from "../page.mjs";
import { ascending, quantile, report } from "./results.mjs";

/** The first picture of a model without anyone's doing: the reconstruction of the demonstration's first points. */
export async function firstPicture({ page, origin, browser, distance }) {
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
export async function firstReconstruction({ page, origin, bytesSent, ahead }) {
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
