// Pens, palms, lost releases, and the raster that the model sees: in a real browser, with its own input where it has it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { inChromium } from "./browser.mjs";
import {
  drawByMouse,
  open,
  openIdle,
  painted,
  pixels,
  strokeOnPad,
  until,
  untilPadIsEmpty,
  untilPixelsAre,
  untilPixelsChange,
} from "./page.mjs";

const test = inChromium();
const TOUCH = { hasTouch: true };
const { centred, as_drawn, ...PINNED } = JSON.parse(
  await readFile(new URL("../framed-drawing.json", import.meta.url)),
);

const ACROSS = { from: [0.2, 0.5], to: [0.8, 0.5] };

/** Input as a device gives it: `touch(type, points)`, and `pen(type, point, buttons)` or `mouse` likewise. */
async function devices(page) {
  const client = await page.context().newCDPSession(page);
  const press =
    (pointerType) =>
    (type, [x, y], buttons) =>
      client.send("Input.dispatchMouseEvent", {
        type,
        x,
        y,
        pointerType,
        buttons,
        button: type === "mouseMoved" ? "none" : "left",
        clickCount: type === "mouseMoved" ? 0 : 1,
      });
  return {
    touch: (type, points) =>
      client.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      }),
    pen: press("pen"),
    mouse: press("mouse"),
  };
}

async function drawByPen({ pen }, [first, ...rest]) {
  await pen("mousePressed", first, 1);
  for (const point of rest) await pen("mouseMoved", point, 1);
  await pen("mouseReleased", rest.at(-1), 0);
}

/** The browser's own input has no eraser end: events as Chromium sends them for one. */
async function eraseByPen(page, stroke) {
  await page.locator("#pad").evaluate((pad, points) => {
    const send = (type, [x, y], button, buttons) =>
      pad.dispatchEvent(
        new PointerEvent(type, {
          pointerId: 77,
          pointerType: "pen",
          isPrimary: true,
          bubbles: true,
          cancelable: true,
          clientX: x,
          clientY: y,
          button,
          buttons,
        }),
      );
    send("pointerdown", points[0], 5, 32);
    for (const point of points) send("pointermove", point, -1, 32);
    send("pointerup", points.at(-1), 5, 0);
  }, stroke);
}

/** Three dots, the picture of each of which has come; resolves to what the model sees: a dot has no picture in between. */
async function dots(page) {
  const [low, middle, high] = await strokeOnPad(page, { from: [0.3, 0.3], to: [0.7, 0.8], points: 3 });
  let seen = await pixels(page, "#framed");
  for (const [x, y] of [middle, low, high]) {
    await page.mouse.click(x, y);
    seen = await untilPixelsChange(page, "#framed", seen);
  }
  return seen;
}

/** Every stroke is undone by `count` clicks. */
async function assertStrokes(page, count) {
  for (let k = 0; k < count; k++) {
    assert.equal(await page.locator("#pad").getAttribute("data-empty"), "false", `${k} of ${count} strokes`);
    await page.locator("#undo").click();
    await painted(page);
  }
  await untilPadIsEmpty(page);
}

test("a pen draws, and its eraser end erases", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await drawByPen(await devices(page), await strokeOnPad(page));
  await painted(page);
  const one = await pixels(page, "#pad");
  await eraseByPen(page, await strokeOnPad(page, ACROSS));
  await untilPixelsChange(page, "#pad", one);
  assert.equal(await page.locator("#eraser").getAttribute("aria-pressed"), "false");
  await page.locator("#undo").click();
  await untilPixelsAre(page, "#pad", one, "the eraser's stroke is undone");
});

test("a pen takes the stroke of a resting palm back", TOUCH, async ({ page, origin }) => {
  await open({ page, origin });
  const input = await devices(page);
  const palm = await strokeOnPad(page, { from: [0.8, 0.9], to: [0.7, 0.8], points: 4 });
  await input.touch("touchStart", [palm[0]]);
  await input.touch("touchMove", [palm[1]]);
  await input.pen("mousePressed", palm[3], 1);
  await input.touch("touchMove", [palm[2]]);
  for (const point of await strokeOnPad(page)) await input.pen("mouseMoved", point, 1);
  await input.pen("mouseReleased", palm[3], 0);
  await input.touch("touchEnd", []);
  await painted(page);
  await assertStrokes(page, 1);
});

test(
  "a cancelled touch leaves the drawing, its picture and undo as they were",
  TOUCH,
  async ({ page, origin }) => {
    await open({ page, origin });
    const framed = await dots(page);
    await painted(page);
    const before = await pixels(page, "#pad");
    const { touch } = await devices(page);
    for (const erase of [false, true]) {
      if (erase) await page.locator("#eraser").click();
      const [first, ...rest] = await strokeOnPad(page, ACROSS);
      await touch("touchStart", [first]);
      for (const point of rest) await touch("touchMove", [point]);
      await untilPixelsChange(page, "#pad", before);
      await touch("touchCancel", []);
      await untilPixelsAre(page, "#pad", before, "the stroke is gone");
      await untilPixelsAre(page, "#framed", framed, "the model sees the drawing of before");
    }
    await assertStrokes(page, 3);
  },
);

test("a second finger draws nothing", TOUCH, async ({ page, origin }) => {
  await open({ page, origin });
  const { touch } = await devices(page);
  const one = await strokeOnPad(page);
  const other = await strokeOnPad(page, { from: [0.1, 0.1], to: [0.1, 0.9] });
  await touch("touchStart", [one[0]]);
  await touch("touchStart", [one[0], other[0]]);
  for (let k = 1; k < one.length; k++) await touch("touchMove", [one[k], other[k]]);
  await touch("touchEnd", []);
  await painted(page);
  await assertStrokes(page, 1);
});

test("a stroke whose release was lost ends, and hovering leaves no ink", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const { mouse } = await devices(page);
  const [first, ...rest] = await strokeOnPad(page);
  await mouse("mousePressed", first, 1);
  for (const point of rest) await mouse("mouseMoved", point, 1);
  await painted(page);
  await mouse("mouseMoved", rest.at(-1), 0);
  await painted(page);
  const drawn = await pixels(page, "#pad");
  for (const point of await strokeOnPad(page, ACROSS)) await mouse("mouseMoved", point, 0);
  await painted(page);
  assert.equal(await pixels(page, "#pad"), drawn);
  await drawByMouse(page, await strokeOnPad(page, ACROSS));
  await untilPixelsChange(page, "#pad", drawn);
  await assertStrokes(page, 2);
});

test("the right button draws nothing and opens no menu", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await page.evaluate(() =>
    addEventListener(
      "contextmenu",
      (event) => (document.body.dataset.menu = String(!event.defaultPrevented)),
    ),
  );
  const [[x, y]] = await strokeOnPad(page);
  await page.mouse.click(x, y, { button: "right" });
  await until(page, "the menu was asked for", () => page.locator("body").getAttribute("data-menu"));
  assert.equal(await page.locator("body").getAttribute("data-menu"), "false");
  await untilPadIsEmpty(page);
});

test("quick taps are ink and neither zoom nor scroll", { ...TOUCH, isMobile: true }, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  const [[x, y]] = await strokeOnPad(page);
  const view = () => page.evaluate(() => [visualViewport.scale, scrollX, scrollY].join());
  const before = await view();
  let ink = await pixels(page, "#pad");
  for (let k = 0; k < 3; k++) {
    await page.touchscreen.tap(x, y);
    await page.touchscreen.tap(x, y + 20 * k + 20);
    ink = await untilPixelsChange(page, "#pad", ink);
  }
  await painted(page);
  assert.equal(await view(), before);
  await assertStrokes(page, 6);
});

/** What defeats Scribble, double-tap zoom and callouts on an iPad; the effect itself cannot be tested here. */
test("touches inside the pad are the pad's alone", TOUCH, async ({ page, origin }) => {
  await open({ page, origin });
  const found = await page.locator("#pad").evaluate((pad) => {
    const { touchAction, userSelect } = getComputedStyle(pad);
    const refused = (type) => !pad.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
    return {
      touchAction,
      userSelect,
      refused: ["touchstart", "touchmove", "dblclick", "contextmenu"].map(refused),
    };
  });
  assert.deepEqual(found, { touchAction: "none", userSelect: "none", refused: [true, true, true, true] });
  const styles = await readFile(new URL("../../www/styles/draw.css", import.meta.url), "utf8");
  assert.match(styles, /-webkit-touch-callout: none/);
  assert.match(styles, /-webkit-user-select: none/);
});

test("noise in what a page reads from a canvas does not reach the model", {}, async ({ page, origin }) => {
  await page.addInitScript(() => {
    const read = CanvasRenderingContext2D.prototype.getImageData;
    CanvasRenderingContext2D.prototype.getImageData = function (...args) {
      const image = read.apply(this, args);
      const noisy = globalThis.noisy && this.canvas.id !== "framed"; // which this test reads
      if (noisy) for (let i = 0; i < image.data.length; i++) image.data[i] = 256 * Math.random();
      return image;
    };
  });
  await open({ page, origin });
  const blank = await pixels(page, "#framed");
  const clean = await dots(page);
  await page.locator("#clear").click();
  await untilPixelsAre(page, "#framed", blank, "nothing is drawn");
  await page.evaluate(() => {
    globalThis.noisy = true;
  });
  assert.equal(await dots(page), clean);
});

/** A worker of the page, without the page: `framed` for strokes. */
function frame(page, strokes, centre) {
  return page.evaluate(
    async ({ points, lengths, erase, centre }) => {
      const { WorkerClient } = await import(new URL("worker/worker-client.js", location.href));
      const { fetchWeights } = await import(new URL("files/weights-files.js", location.href));
      const viewer = new WorkerClient("cpu");
      await viewer.opened;
      await viewer.call("load", { weights: await fetchWeights("z20") });
      const { framed } = await viewer.call("infer", {
        points: Float32Array.from(points),
        lengths: Uint32Array.from(lengths),
        erase: Uint8Array.from(erase),
        image: null,
        centre,
        noise: new Float32Array(20),
        corruption: null,
        label: 0,
      });
      return [...framed];
    },
    { ...strokes, centre },
  );
}

test("a drawing has the pixels that the command line's library gives it, to the bit", {}, async ({
  page,
  origin,
}) => {
  await openIdle({ page, origin });
  assert.deepEqual(Float32Array.from(await frame(page, PINNED, true)), Float32Array.from(centred));
  assert.deepEqual(Float32Array.from(await frame(page, PINNED, false)), Float32Array.from(as_drawn));
});

test("the pad shows what the model sees", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await page.locator("#input-options > summary").click();
  await page.locator("#centre").click();
  await drawByMouse(page, await strokeOnPad(page));
  await drawByMouse(page, await strokeOnPad(page, { from: [0.2, 0.3], to: [0.8, 0.6] }));
  await page.locator("#eraser").click();
  await drawByMouse(page, await strokeOnPad(page, { from: [0.1, 0.7], to: [0.7, 0.7] }));
  await painted(page);
  const means = (selector, channel) =>
    page.locator(selector).evaluate((canvas, channel) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      const sums = new Array(784).fill(0);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const value = data[(y * width + x) * 4 + channel] / 255;
          const cell = Math.floor((y * 28) / height) * 28 + Math.floor((x * 28) / width);
          sums[cell] += ((channel === 3 ? value : 1 - value) * 784) / (width * height);
        }
      return sums;
    }, channel);
  const pad = await means("#pad", 3);
  const difference = (framed) => Math.max(...framed.map((value, at) => Math.abs(value - pad[at])));
  await until(
    page,
    "both are the same within a few grey values",
    async () => difference(await means("#framed", 0)),
    (most) => most < 0.06,
  );
});
