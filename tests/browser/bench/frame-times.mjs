// How long the page's main thread works for each frame, while the map moves and while it rests.

/** What the main thread does for a frame; its own callbacks come first. */
const FRAME_WORK = ["FireAnimationFrame", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize"];

const MOVES = "the map moves";
const RESTS = "the map rests";

/** Processor time of the main thread in each frame while `body` runs, ms, with whether the map was `moving`: other programs do not count. */
export async function frameTimes({ page, browser }, body) {
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
