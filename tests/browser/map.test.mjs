// The map of latent space and the traversals, as a person uses them, compared with what Rust answers to the same request.

import assert from "node:assert/strict";
import { inChromium, SOURCE } from "./browser.mjs";
import { bringImages, exchangedDigits } from "./many-images.mjs";
import {
  assertAccessible,
  chooseCodeView,
  chooseSystem,
  drawByMouse,
  drawByTouch,
  open,
  pause,
  pickDigit,
  pixels,
  set,
  setMap,
  shadesOf,
  showView,
  stepsDone,
  takeStep,
  until,
  untilAnswered,
  untilMapRests,
  untilModel,
  untilPixelsChange,
} from "./page.mjs";

const test = inChromium();
/** A window in which the map is a view of its own. */
const NARROW = { width: 1000, height: 900 };
const MARGIN = 22; // of the plane in its canvas, CSS pixels

const panel = (page) => page.locator("#plane-panel");
const data = (page, name) => panel(page).getAttribute(`data-${name}`);

async function openMap(page) {
  await showView(page, "map");
  await untilAnswered(page);
  await untilMapRests(page);
  await page.locator("#plane").scrollIntoViewIfNeeded();
}

/** The map of the model of two components. */
async function openMapOfTwo({ page, origin }) {
  await open({ page, origin });
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await openMap(page);
}

/** What is seen: {left, top, side} of the plane in the window, and the places between which it lies. */
async function geometry(page) {
  const { x, y, width } = await page.locator("#plane").boundingBox();
  const [centreX, centreY, reach] = (await data(page, "square")).split(" ").map(Number);
  const side = width - MARGIN;
  const scale = side / (2 * reach);
  return {
    left: x + MARGIN,
    top: y,
    side,
    reach,
    at: ([across, up]) => [(across - centreX + reach) * scale, (centreY + reach - up) * scale],
    from: ([left, top]) => [left / scale + centreX - reach, centreY + reach - top / scale],
  };
}

/** Asks another worker, with the weights shown; `exchanged`: of MNIST's training images in the place of its test images. */
function ask(page, weights, requests) {
  return page.evaluate(
    async ([source, file, asked]) => {
      const { WorkerClient } = await import(`${source}worker/worker-client.js`);
      const { MNIST } = await import(`${source}data-sets/shipped.js`);
      const { shippedFiles } = await import(`${source}data-sets/shipped-files.js`);
      const bytes = new Uint8Array(await (await fetch(`${source}models/${file}`)).arrayBuffer());
      const client = new WorkerClient("cpu");
      await client.call("load", { weights: bytes.slice() });
      if (asked.view) {
        const raw = asked.exchanged && (await shippedFiles(MNIST).raw());
        const [images, labels] = raw ? [raw.trainImages, raw.trainLabels] : await shippedFiles(MNIST).test();
        const test = { ...MNIST, images, labels };
        await client.call("open_map", { test, weights: bytes });
        for (let done = 0, of = 1; done < of; )
          ({ done, of } = await client.call("encode_map", { count: asked.count }));
      }
      const before = new Float32Array(0);
      const view = asked.view && (await client.call("view_map", { components: asked.view, before }));
      const picture = asked.z && (await client.call("decode", { z: Float32Array.from(asked.z) }));
      client.close();
      return {
        ...(view && { places: [...view.places], labels: [...view.labels], share: view.share }),
        ...(picture && { picture: [...picture] }),
      };
    },
    [SOURCE, weights, requests],
  );
}

/** The first component at the cross, as the map says it. */
async function acrossAtCross(page) {
  const [, value] = /^z1 ([−\d.]+),/.exec(await page.locator("#plane-place").innerText());
  return Number(value.replace("−", "-"));
}

const slider = async (page, c) => Number(await page.locator(`#z${c}`).inputValue());

test("numerals stand at the places that Rust gives, in the colours of their classes", {
  viewport: NARROW,
}, async ({ page, origin }) => {
  await open({ page, origin });
  assert.equal(page.workers().length, 1, "a hidden map has no worker");
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await openMap(page);
  const axes = (await data(page, "axes")).split(" ").map((number) => number - 1);
  const { places, labels, share } = await ask(page, "vae-z2.safetensors", { view: axes, count: 2000 });
  assert.equal(labels.length, 2000);
  assert.match(
    await page.locator("#plane-share").innerText(),
    new RegExp(`${Math.round(100 * share)} % of the variance`),
  );
  const { at, side } = await geometry(page);
  const seen = await page.locator("#plane").evaluate(
    (canvas, [points, labels, margin]) => {
      const style = getComputedStyle(canvas);
      const colours = Array.from({ length: 10 }, (_, digit) => {
        const hex = style.getPropertyValue(`--class-${digit}`).trim();
        return [1, 3, 5].map((k) => Number.parseInt(hex.slice(k, k + 2), 16));
      });
      const context = canvas.getContext("2d");
      return points.map(([x, y], n) => {
        const { data: near } = context.getImageData(Math.round(x + margin) - 4, Math.round(y) - 5, 9, 11);
        return [...Array(99).keys()].some((k) =>
          colours[labels[n]].every((value, c) => Math.abs(near[4 * k + c] - value) < 3),
        );
      });
    },
    [labels.map((_, n) => at(places.slice(2 * n, 2 * n + 2))), labels, MARGIN],
  );
  const inside = labels.map((_, n) => at(places.slice(2 * n, 2 * n + 2)).every((v) => v > 8 && v < side - 8));
  const count = inside.filter(Boolean).length;
  const found = seen.filter((is, n) => is && inside[n]).length;
  assert.ok(count > 1900 && found > 0.9 * count, `${found} of ${count}: the others are covered`);
});

test("the map moves while training, its axes held, and the drawing leaves a path", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?batch=32&device=cpu&epochs=1");
  await set(page, { latent: 2 });
  await pickDigit(page, 7);
  await takeStep(page, 1);
  await openMap(page);
  const [axes, first] = [await data(page, "axes"), await pixels(page, "#plane")];
  await page.locator("#play").click();
  const steps = new Set();
  await until(page, "the map has followed four times", async () => {
    steps.add(await data(page, "step"));
    return steps.size > 4;
  });
  assert.notEqual(await pixels(page, "#plane"), first);
  assert.equal(await data(page, "axes"), axes);
  await pause(page);
  const last = String(await stepsDone(page));
  await until(
    page,
    "the map is of the last step",
    () => data(page, "step"),
    (step) => step === last,
  );
});

test("the picture under the pointer is what the viewer decodes there, and leaves with it", {}, async ({
  page,
  origin,
}) => {
  await openMapOfTwo({ page, origin });
  const { left, top, side, from } = await geometry(page);
  const before = await pixels(page, "#plane-decoded");
  const [x, y] = [Math.round(left + 0.25 * side), Math.round(top + 0.6 * side)];
  await page.mouse.move(x, y);
  await untilPixelsChange(page, "#plane-decoded", before);
  assert.match(await page.locator("#plane-at").innerText(), /pointer/);
  const axes = (await data(page, "axes")).split(" ").map((number) => number - 1);
  const place = from([x - left, y - top]);
  const z = [];
  for (const [k, component] of axes.entries()) z[component] = place[k];
  const { picture } = await ask(page, "vae-z2.safetensors", { z });
  assert.equal(picture.length, 784);
  const shown = await shadesOf(page, "#plane-decoded");
  // The place is known to about a pixel of the window: the width of the canvas is rounded there.
  for (const [k, ink] of picture.entries())
    assert.ok(Math.abs(shown[k] - 255 * (1 - ink)) < 5, `pixel ${k}: ${shown[k]} for ${ink}`);
  await page.mouse.move(left, top - 60);
  await until(
    page,
    "the cross's picture is back",
    () => pixels(page, "#plane-decoded"),
    (now) => now === before,
  );
});

test("principal components: the code moves within their plane, and the axes can be left again", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await pickDigit(page, 3);
  await openMap(page);
  await setMap(page, { x: "principal" });
  await until(
    page,
    "principal axes",
    () => data(page, "axes"),
    (axes) => axes === "principal",
  );
  await untilMapRests(page);
  const share = Number((await page.locator("#plane-share").innerText()).match(/(\d+) %/)[1]);
  assert.ok(share > 10 && share < 60, `${share} % of twenty components`);
  const { left, top, side } = await geometry(page);
  const codes = () => Promise.all(Array.from({ length: 20 }, (_, c) => slider(page, c + 1)));
  const before = await codes();
  await page.mouse.click(left + 0.8 * side, top + 0.3 * side);
  await until(page, "many sliders move", codes, (now) => now.filter((v, c) => v !== before[c]).length > 8);
  await setMap(page, { y: "4" });
  await until(
    page,
    "two components",
    () => data(page, "axes"),
    (axes) => / 5$/.test(axes),
  );
});

test("zoom by keys and wheel, pan by mouse, and everything again by double click", {}, async ({
  page,
  origin,
}) => {
  await openMapOfTwo({ page, origin });
  const zoom = async () => Number(await data(page, "zoom"));
  const whole = await data(page, "square");
  await page.locator("#plane").focus();
  await page.keyboard.press("+");
  await until(page, "closer", zoom, (k) => k > 1.4);
  await page.keyboard.press("0");
  await until(page, "whole", zoom, (k) => k === 1);
  const { left, top, side, from } = await geometry(page);
  const [x, y] = [left + 0.3 * side, top + 0.3 * side];
  const under = from([0.3 * side, 0.3 * side]);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -400);
  await until(page, "closer by the wheel", zoom, (k) => k > 1.2);
  const closer = await geometry(page);
  for (const [k, value] of closer.from([0.3 * side, 0.3 * side]).entries())
    assert.ok(Math.abs(value - under[k]) < 0.02, "the place under the pointer stays there");
  const [square, before] = [await data(page, "square"), [await slider(page, 1), await slider(page, 2)]];
  await drawByMouse(page, [
    [x, y],
    [x + 20, y + 10],
    [x + 40, y + 20],
  ]);
  await until(
    page,
    "the map is moved",
    () => data(page, "square"),
    (now) => now !== square,
  );
  const moved = (await geometry(page)).from([0.3 * side + 40, 0.3 * side + 20]);
  for (const [k, value] of moved.entries()) assert.ok(Math.abs(value - under[k]) < 0.02, "and moves with it");
  assert.deepEqual([await slider(page, 1), await slider(page, 2)], before, "a pan leaves the code alone");
  await page.mouse.dblclick(x, y);
  await until(
    page,
    "whole",
    () => data(page, "square"),
    (now) => now === whole,
  );
});

test("two fingers zoom the map, one scrolls the page, and one on the cross takes it along", {
  hasTouch: true,
  viewport: { width: 390, height: 844 },
}, async ({ page, origin }) => {
  await openMapOfTwo({ page, origin });
  const { left, top, side } = await geometry(page);
  const client = await page.context().newCDPSession(page);
  const touch = (type, points) =>
    client.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map(([x, y], id) => ({ x: left + x * side, y: top + y * side, id })),
    });
  await touch("touchStart", [[0.4, 0.5]]);
  await touch("touchStart", [
    [0.4, 0.5],
    [0.6, 0.5],
  ]);
  for (const spread of [0.15, 0.2, 0.3])
    await touch("touchMove", [
      [0.5 - spread, 0.5],
      [0.5 + spread, 0.5],
    ]);
  await touch("touchEnd", []);
  await until(
    page,
    "two fingers zoom",
    async () => Number(await data(page, "zoom")),
    (k) => k > 1.5,
  );
  await page.locator("#plane").focus();
  await page.keyboard.press("0");
  await untilMapRests(page);

  const now = await geometry(page);
  const first = await slider(page, 1);
  const cross = now.at([first, await slider(page, 2)]);
  const point = ([x, y]) => [now.left + x, now.top + y];
  await drawByTouch(page, [cross, [cross[0] + 20, cross[1] - 10], [cross[0] + 60, cross[1] - 40]].map(point));
  await until(
    page,
    "the cross is taken along",
    () => acrossAtCross(page),
    (value) => value > first + 0.5,
  );

  const scrollTop = () => page.locator("#view-map").evaluate((view) => view.scrollTop);
  const before = await scrollTop();
  const far = [0.15, 0.12];
  const strip = Array.from({ length: 10 }, (_, k) => [left + far[0] * side, top + side * (0.9 - 0.08 * k)]);
  await drawByTouch(page, strip);
  await until(page, "one finger scrolls the view", scrollTop, (now) => now > before + 50);
});

test("of a codebook there is no map, the page says why, and the next model has one again", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?system=vq");
  await showView(page, "map");
  await until(
    page,
    "no map",
    () => data(page, "state"),
    (state) => state === "none",
  );
  assert.match(await page.locator("#plane-none").innerText(), /list of indices/);
  assert.ok(
    await page.locator('#view-latents .code-view [value="grid"]').isDisabled(),
    "nor a grid of components",
  );
  await chooseSystem(page, "ae");
  await untilModel(page, "ae");
  await untilMapRests(page);
});

test("ten thousand images, and the decoded plane behind a model of twenty components", {
  reducedMotion: "reduce",
}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=vamp");
  await pickDigit(page, 5);
  await openMap(page);
  await setMap(page, { count: "10000" });
  await until(
    page,
    "all are there",
    () => page.locator("#plane-state").innerText(),
    (text) => /^All 10,000/.test(text),
  );
  await untilAnswered(page);
  await untilMapRests(page);
  const plain = await pixels(page, "#plane");
  await setMap(page, { background: true });
  await untilPixelsChange(page, "#plane", plain);
});

/** By place: whether a pixel of the plane there has the colour of a class. */
function coloured(page, points) {
  return page.locator("#plane").evaluate(
    (canvas, [places, margin]) => {
      const style = getComputedStyle(canvas);
      const colours = Array.from({ length: 10 }, (_, digit) => {
        const hex = style.getPropertyValue(`--class-${digit}`).trim();
        return Number.parseInt(hex.slice(1), 16);
      });
      const { width, height } = canvas;
      const { data: pixels } = canvas.getContext("2d").getImageData(0, 0, width, height);
      const isColoured = (x, y) => {
        const [red, green, blue] = pixels.subarray(4 * (y * width + x));
        return colours.includes((red << 16) | (green << 8) | blue);
      };
      const near = [-1, 0, 1];
      return places.map(([x, y]) =>
        near.some((dx) => near.some((dy) => isColoured(Math.round(x + margin) + dx, Math.round(y) + dy))),
      );
    },
    [points, MARGIN],
  );
}

/** The one of `points` furthest from the others, by its distance to the nearest of them: among those that are `inside`. */
function loneliest(points, inside) {
  const cell = ([x, y]) => [Math.floor(x / 16), Math.floor(y / 16)];
  const cells = new Map();
  for (const [n, point] of points.entries()) {
    const key = cell(point).join();
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(n);
  }
  const near = [-1, 0, 1];
  const around = (point) => {
    const [column, row] = cell(point);
    return near.flatMap((dx) => near.flatMap((dy) => cells.get(`${column + dx},${row + dy}`) ?? []));
  };
  const room = (n) =>
    Math.min(
      16,
      ...around(points[n])
        .filter((other) => other !== n)
        .map((other) => Math.hypot(points[other][0] - points[n][0], points[other][1] - points[n][1])),
    );
  const sparse = [...points.keys()].filter((n) => inside[n] && around(points[n]).length < 20);
  return sparse.toSorted((a, b) => room(b) - room(a))[0];
}

test("of sixty thousand images each is on the map as a dot, and the pointer names it and shows its picture", {
  viewport: NARROW,
  reducedMotion: "reduce",
  long: true,
}, async ({ page, origin }) => {
  const digits = await exchangedDigits();
  await open({ page, origin });
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await bringImages(page, digits);
  await openMap(page);
  const state = () => page.locator("#plane-state").innerText();
  await until(
    page,
    "it says how many it shows",
    state,
    (words) => words === "The first 2,000 of 60,000 test images.",
  );
  await setMap(page, { count: "100000" });
  await until(page, "all are there", state, (words) => words === "All 60,000 test images.");
  assert.equal(await page.locator("#plane-legend button").count(), 10, "dots do not say what they are");
  const axes = (await data(page, "axes")).split(" ").map((number) => number - 1);
  const { places } = await ask(page, "vae-z2.safetensors", { view: axes, count: 60_000, exchanged: true });
  const { at, left, top, side } = await geometry(page);
  const points = Array.from({ length: 60_000 }, (_, n) => at(places.slice(2 * n, 2 * n + 2)));
  const inside = points.map((point) => point.every((value) => value > 4 && value < side - 4));
  const seen = await coloured(
    page,
    points.filter((_, n) => inside[n]),
  );
  assert.ok(seen.length > 59_000, `${seen.length} inside`);
  const [x, y] = at([0, 0]); // of the cross, which hides what is below it
  const isBelow = ([left, top]) => Math.hypot(left - x, top - y) < 16;
  const shown = points.filter((_, n) => inside[n]);
  const hidden = shown.filter((point, k) => !seen[k] && !isBelow(point));
  assert.ok(hidden.length < 60, `${hidden.length} have no dot: ${hidden.slice(0, 5).join(" ")}`);
  const chosen = loneliest(points, inside);
  await page.mouse.move(left + points[chosen][0], top + points[chosen][1]);
  const words = `number ${(chosen + 1).toLocaleString("en")}, ${digits.test.labels[chosen]}`;
  await until(
    page,
    "the image under the pointer is named",
    () => page.locator("#plane-image-name").innerText(),
    (name) => name === words,
  );
  const image = digits.test.images.subarray(784 * chosen, 784 * (chosen + 1));
  const ink = Array.from(image, (value) => 255 - value).join();
  await until(
    page,
    "its picture is there",
    async () => (await shadesOf(page, "#plane-image")).join(),
    (shown) => shown === ink,
  );
});

test("traversals: pictures along every used component, by mouse and by keyboard", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await pickDigit(page, 8);
  await chooseCodeView(page, "grid");
  const rows = page.locator("#traversal-grid .traversal");
  await rows.first().waitFor();
  await untilAnswered(page);
  assert.ok(await page.locator("#sliders").isHidden());
  const component = Number(await rows.first().getAttribute("data-component"));
  const cells = rows.first().locator("canvas");
  const cellSeven = "#traversal-grid .traversal >> nth=0 >> canvas >> nth=7";
  assert.equal(await cells.count(), 9);
  const decoded = await pixels(page, "#decoded");
  await cells.nth(7).click();
  await untilPixelsChange(page, "#decoded", decoded);
  assert.ok(Math.abs((await slider(page, component)) - 2.25) < 0.06, "to the step of the slider");
  assert.match(await page.locator("#latent-state").innerText(), /Edited/);
  await until(
    page,
    "the picture is framed",
    () => cells.nth(7).getAttribute("aria-selected"),
    (selected) => selected === "true",
  );
  await until(
    page,
    "it is the picture of the code",
    async () => (await pixels(page, "#decoded")) === (await pixels(page, cellSeven)),
  );

  await cells.nth(7).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  const second = Number(await rows.nth(1).getAttribute("data-component"));
  assert.equal(
    await page.evaluate(() => document.activeElement.parentElement.dataset.component),
    String(second),
  );
  await page.keyboard.press("Enter");
  await until(
    page,
    "the second component is there",
    () => slider(page, second),
    (now) => Math.abs(now + 2.25) < 0.06,
  );
  assert.equal(await page.locator('#traversal-grid [tabindex="0"]').count(), 1);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await assertAccessible(page);
  await chooseCodeView(page, "latents");
  await page.locator("#sliders").waitFor();
});
