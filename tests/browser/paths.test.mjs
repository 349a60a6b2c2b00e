// The view of paths, as a person uses it, against what Rust answers to the same requests.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { inChromium, SOURCE } from "./browser.mjs";
import {
  assertAccessible,
  chooseSystem,
  drawByMouse,
  drawByTouch,
  open,
  painted,
  pause,
  pickDigit,
  pixels,
  scrolled,
  set,
  showView,
  strokeOnPad,
  takeStep,
  until,
  untilAnswered,
  untilModel,
  untilPadIsEmpty,
  untilPixelsChange,
  untilStep,
  untilTraining,
} from "./page.mjs";

const test = inChromium();
const PIXELS = 784;

const row = (kind) => `.path-row[data-kind="${kind}"]`;
const strip = (page, kind) => page.locator(`${row(kind)} canvas`);
const note = (page) => page.locator("#path-note").innerText();

async function openPaths({ page, origin }, query = "") {
  await open({ page, origin }, `?view=paths&${query}`);
  const state = () => page.locator("#paths-panel").getAttribute("data-state");
  await until(page, "the paths are shown", state, (now) => now === "shown");
}

/** The ink of each picture of a canvas, side by side: [n * 784], 0..=1. */
function inkOf(locator) {
  return locator.evaluate((canvas) => {
    const context = canvas.getContext("2d");
    const ink = [];
    for (let x = 0; x < canvas.width; x += 30) {
      const { data } = context.getImageData(x, 0, 28, 28);
      for (let i = 0; i < 784; i++) ink.push(1 - data[4 * i] / 255);
    }
    return ink;
  });
}

function largestDifference(found, expected) {
  assert.equal(found.length, expected.length);
  return found.reduce((most, value, k) => Math.max(most, Math.abs(value - expected[k])), 0);
}

/** What a canvas shows becomes `expected`. */
function untilInkIs(page, locator, expected, what) {
  return until(
    page,
    what,
    async () => largestDifference(await inkOf(locator), expected),
    (difference) => difference < 0.01,
  );
}

/** What another worker answers for two images, by default the test digits 8 and 3, and the weights `file`. */
function ask(page, file, { count = 11, from = 8, to = 3, label = 0 } = {}) {
  return page.evaluate(
    async ([source, asked]) => {
      const { WorkerClient } = await import(`${source}worker/worker-client.js`);
      const bytes = async (name) => new Uint8Array(await (await fetch(`${source}${name}`)).arrayBuffer());
      const client = new WorkerClient("cpu");
      const pictures = await client.call("images", { idx: await bytes("data/digits-images-idx3-ubyte") });
      const { model, code } = await client.call("load", { weights: await bytes(`models/${asked.file}`) });
      const encode = async (digit) => {
        const image = pictures.slice(digit * 784, (digit + 1) * 784);
        const noise = new Float32Array(model.latent);
        const { mean } = await client.call("infer", { image, noise, label: model.labelled ? digit : null });
        return mean;
      };
      const ends = { from: await encode(asked.from), to: await encode(asked.to) };
      const walk = async (spherical) => {
        const path = await client.call("path", { ...ends, count: asked.count, spherical });
        const decoded = await client.call("decode_points", { points: path.points, label: asked.label });
        return { norms: path.norms && [...path.norms], spherical: path.spherical, pictures: [...decoded] };
      };
      const straight = await walk(false);
      const at = (k) => Float32Array.from(straight.pictures.slice(k * 784, (k + 1) * 784));
      const blended = await client.call("blend", {
        from: at(0),
        to: at(asked.count - 1),
        count: asked.count,
      });
      const answer = {
        straight,
        spherical: code.codes > 0 ? null : await walk(true),
        pixels: { pictures: [...blended] },
      };
      client.close();
      return answer;
    },
    [SOURCE, { file, count, from, to, label }],
  );
}

test("it opens with an 8 that becomes a 3 along three paths, as Rust answers", {}, async ({
  page,
  origin,
}) => {
  await openPaths({ page, origin });
  const expected = await ask(page, "vae-z20.safetensors");
  for (const kind of ["straight", "spherical", "pixels"]) {
    const difference = largestDifference(await inkOf(strip(page, kind)), expected[kind].pictures);
    assert.ok(difference < 0.01, `${kind}: ${difference}`);
  }
  const numbers = page.locator("#path-numbers");
  assert.equal(await numbers.getAttribute("data-quantity"), "norm");
  for (const kind of ["straight", "spherical"])
    assert.ok(Math.abs(Number(await numbers.getAttribute(`data-${kind}`)) - expected[kind].norms[5]) < 0.002);
  const [straight, spherical] = ["straight", "spherical"].map((kind) => expected[kind].norms[5]);
  assert.ok(straight < 0.9 * spherical, "the straight line passes nearer to the origin");
  assert.match(await numbers.locator("[role=img]").getAttribute("aria-label"), /Spherical: .* in the middle/);
});

test("the picture is moved and played by keyboard, along the path that is chosen", {}, async ({
  page,
  origin,
}) => {
  await openPaths({ page, origin });
  const expected = await ask(page, "vae-z20.safetensors", { count: 61 });
  const frame = (kind, k) => expected[kind].pictures.slice(k * PIXELS, (k + 1) * PIXELS);
  const picture = page.locator("#path-picture");
  await page.locator("#path-time").focus();
  for (let k = 0; k < 20; k++) await page.keyboard.press("ArrowRight");
  await untilInkIs(page, picture, frame("straight", 20), "the picture is the twentieth");
  assert.match(await page.locator("#path-time").getAttribute("aria-valuetext"), /t = 0\.33 · \|z\| = \d/);
  await page.locator(`${row("straight")} input`).focus();
  await page.keyboard.press("ArrowDown");
  await untilInkIs(page, picture, frame("spherical", 20), "it is on the spherical path");
  await page.keyboard.press("ArrowDown");
  await untilInkIs(page, picture, frame("pixels", 20), "it is a blend");
  const width = (await strip(page, "straight").boundingBox()).width;
  await strip(page, "straight").click({ position: { x: (width * 10.5) / 11, y: 5 } });
  await untilInkIs(page, picture, frame("straight", 60), "a press on the strip goes there");

  const at = () => picture.getAttribute("data-at").then(Number);
  await page.locator("#path-play").focus();
  await page.keyboard.press("Enter");
  await until(
    page,
    "it plays",
    () => page.locator("#path-play").innerText(),
    (words) => words === "Pause",
  );
  const seen = new Set();
  await until(
    page,
    "it goes through many pictures",
    async () => seen.add(await at()).size,
    (size) => size > 8,
  );
  await page.keyboard.press("Enter");
  await painted(page);
  const stopped = await at();
  for (let k = 0; k < 5; k++) await painted(page);
  assert.equal(await at(), stopped, "it stands still");
  await untilInkIs(page, picture, frame("straight", stopped), "what is seen is where it stands");
});

test("with reduced motion nothing moves by itself", {}, async ({ page, origin }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openPaths({ page, origin });
  const before = await pixels(page, "#path-picture");
  for (let k = 0; k < 10; k++) await painted(page);
  assert.equal(await pixels(page, "#path-picture"), before);
});

test("ends are test images, drawings and codes, and can be swapped", {}, async ({ page, origin }) => {
  await openPaths({ page, origin });
  const pin = (at) => page.locator(`[data-end="${at}"] [data-part="pin"]`);
  const end = (at) => page.locator(`[data-end="${at}"] canvas`);
  assert.equal(await pin("a").isDisabled(), true, "nothing is drawn");
  await page.locator('[data-end="a"] select').selectOption("1");
  await page.locator('[data-end="b"] select').selectOption("7");
  const expected = await ask(page, "vae-z20.safetensors", { from: 1, to: 7 });
  await untilInkIs(page, strip(page, "straight"), expected.straight.pictures, "a 1 becomes a 7");
  const before = [await pixels(page, '[data-end="a"] canvas'), await pixels(page, '[data-end="b"] canvas')];
  await page.locator("#path-swap").click();
  const back = await ask(page, "vae-z20.safetensors", { from: 7, to: 1 });
  await untilInkIs(page, strip(page, "straight"), back.straight.pictures, "a 7 becomes a 1");
  assert.deepEqual(
    [await pixels(page, '[data-end="b"] canvas'), await pixels(page, '[data-end="a"] canvas')],
    before,
  );

  await drawByMouse(page, await strokeOnPad(page));
  await until(page, "the drawing can be pinned", () => pin("b").isEnabled());
  const strips = await pixels(page, `${row("straight")} canvas`);
  await pin("b").click();
  await untilPixelsChange(page, `${row("straight")} canvas`, strips);
  assert.match(await end("b").getAttribute("aria-label"), /your drawing/);
  assert.ok(largestDifference(await inkOf(end("b")), await inkOf(page.locator("#framed"))) < 0.01);

  await showView(page, "latents");
  await page.locator("#latent-sample").click();
  await untilAnswered(page); // its picture is pinned as well
  await showView(page, "paths");
  await until(
    page,
    "there is a code to pin",
    () => pin("a").innerText(),
    (words) => /Code as A/.test(words),
  );
  await pin("a").click();
  await until(
    page,
    "A is a code",
    () => end("a").getAttribute("aria-label"),
    (words) => /code/.test(words),
  );
  const decoded = await inkOf(page.locator("#decoded"));
  await until(
    page,
    "the path begins with it",
    async () => largestDifference((await inkOf(strip(page, "straight"))).slice(0, PIXELS), decoded),
    (difference) => difference < 0.01,
  );
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await until(
    page,
    "it says that the code is another model's",
    () => note(page),
    (words) => /A was a code of another model/.test(words),
  );
  await page.locator("#model").selectOption("z20");
  await until(
    page,
    "the code is its model's again",
    () => note(page),
    (words) => words === "",
  );
});

test("what a model cannot have is explained: codebooks, labels, learned priors", {}, async ({
  page,
  origin,
}) => {
  await openPaths({ page, origin }, "system=vq");
  await until(
    page,
    "the codebook has its note",
    () => note(page),
    (words) => /codebook/.test(words),
  );
  const expected = await ask(page, "vq.safetensors");
  await untilInkIs(page, strip(page, "straight"), expected.straight.pictures, "vectors are interpolated");
  assert.equal(await strip(page, "spherical").isVisible(), false);
  assert.match(await page.locator(row("spherical")).innerText(), /no prior/);
  assert.equal(await page.locator("#path-numbers").isVisible(), false);
  assert.match(await page.locator("#change-state").innerText(), /indices/);
  assert.equal(await page.locator("#change-go").isDisabled(), true);

  await chooseSystem(page, "cvae");
  await untilModel(page, "cvae");
  await until(
    page,
    "the label has its note",
    () => note(page),
    (words) => /label 0/.test(words),
  );
  const labelled = await ask(page, "cvae.safetensors");
  await untilInkIs(
    page,
    strip(page, "spherical"),
    labelled.spherical.pictures,
    "all pictures have the label",
  );

  await chooseSystem(page, "vamp");
  await untilModel(page, "vamp");
  await until(
    page,
    "a learned prior has its density",
    () => page.locator("#path-numbers").getAttribute("data-quantity"),
    (quantity) => quantity === "nll",
  );
});

test("between a digit and itself there is no great circle", {}, async ({ page, origin }) => {
  await openPaths({ page, origin });
  await page.locator('[data-end="a"] select').selectOption("3");
  await until(
    page,
    "it says so",
    () => page.locator(row("spherical")).innerText(),
    (words) => /no great circle/.test(words),
  );
  const [straight, spherical] = await Promise.all(
    ["straight", "spherical"].map((kind) => inkOf(strip(page, kind))),
  );
  assert.ok(largestDifference(straight, spherical) < 0.005);
});

test("images follow a run through its snapshots", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await set(page, { latent: 2, epochs: 50 });
  await takeStep(page, 1);
  await showView(page, "paths");
  await untilAnswered(page);
  const before = await pixels(page, `${row("straight")} canvas`);
  await page.locator("#play").click();
  await untilTraining(page, "running");
  await untilPixelsChange(page, `${row("straight")} canvas`, before);
  await untilStep(page, 20);
  await pause(page);
});

/** Presses the button and resolves to the file: {name, bytes}. */
async function save(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(button).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** The pictures of an image file as the browser decodes it, each as {width, height, grey [width * height]}. */
function decodeImage(page, bytes, type) {
  return page.evaluate(
    async ([list, kind]) => {
      const decoder = new ImageDecoder({ data: Uint8Array.from(list), type: kind });
      await decoder.tracks.ready;
      const { frameCount, animated, repetitionCount } = decoder.tracks.selectedTrack;
      const frames = [];
      for (let k = 0; k < frameCount; k++) {
        const { image } = await decoder.decode({ frameIndex: k });
        const { displayWidth: width, displayHeight: height, duration } = image;
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, width, height);
        frames.push({
          width,
          height,
          duration,
          grey: Array.from({ length: width * height }, (_, i) => data[4 * i]),
        });
        image.close();
      }
      return { frames, animated, repetitionCount };
    },
    [[...bytes], type],
  );
}

/** The ink at the middle of each pixel of a picture that begins at `left` and is `scale` times as large. */
function inkAt({ width, grey }, scale, left = 0) {
  return Array.from({ length: PIXELS }, (_, i) => {
    const [x, y] = [i % 28, Math.floor(i / 28)].map((at) => at * scale + Math.floor(scale / 2));
    return 1 - grey[y * width + left + x] / 255;
  });
}

test("a path is saved as a GIF, whose frames are the pictures; as a video; and as a strip", {}, async ({
  page,
  origin,
}) => {
  await openPaths({ page, origin });
  await page.locator(`${row("spherical")} input`).check();
  await page.locator("#path-export > summary").click();
  await page.locator("#film-count").fill("7");
  const gif = await save(page, "#film-gif");
  assert.equal(gif.name, "latent-lab-z20-8-to-3-spherical-12.gif");
  const expected = await ask(page, "vae-z20.safetensors", { count: 7 });
  const { frames, animated, repetitionCount } = await decodeImage(page, gif.bytes, "image/gif");
  assert.deepEqual([frames.length, animated, repetitionCount], [12, true, Number.POSITIVE_INFINITY]);
  for (const [k, of] of [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1].entries()) {
    assert.deepEqual([frames[k].width, frames[k].height, frames[k].duration], [224, 224, 40_000]);
    const pictures = expected.spherical.pictures.slice(of * PIXELS, (of + 1) * PIXELS);
    assert.ok(largestDifference(inkAt(frames[k], 8), pictures) < 0.01, `frame ${k}`);
  }
  await until(
    page,
    "it says what was saved",
    () => page.locator("#film-state").innerText(),
    (words) => words.includes(gif.name),
  );

  const png = await save(page, "#film-png");
  assert.equal(png.name, "latent-lab-z20-8-to-3-spherical-11.png");
  const {
    frames: [image],
  } = await decodeImage(page, png.bytes, "image/png");
  assert.deepEqual([image.width, image.height], [11 * 112 + 10 * 8, 112]);
  const along = await ask(page, "vae-z20.safetensors");
  for (let k = 0; k < 11; k++) {
    const pictures = along.spherical.pictures.slice(k * PIXELS, (k + 1) * PIXELS);
    assert.ok(largestDifference(inkAt(image, 4, k * 120), pictures) < 0.01, `picture ${k}`);
  }

  await page.locator("#film-back").uncheck();
  const webm = await save(page, "#film-webm");
  assert.equal(webm.name, "latent-lab-z20-8-to-3-spherical-7.webm");
  assert.equal(webm.bytes.subarray(0, 4).toString("hex"), "1a45dfa3", "it is a Matroska file");
  assert.ok(webm.bytes.length > 1000);
});

test("where no video can be recorded it says so", {}, async ({ page, origin }) => {
  await page.addInitScript(() => delete globalThis.MediaRecorder);
  await openPaths({ page, origin });
  await page.locator("#path-export > summary").click();
  assert.equal(await page.locator("#film-webm").isDisabled(), true);
  assert.match(await page.locator("#film-state").innerText(), /does not record/);
});

test("a thousand pictures are the most; the pen works meanwhile, and the file can be cancelled", {}, async ({
  page,
  origin,
}) => {
  await openPaths({ page, origin });
  await page.locator("#path-export > summary").click();
  await page.locator("#film-back").uncheck();
  await page.locator("#film-count").fill("5000");
  await page.locator("#film-count").press("Tab");
  await painted(page);
  assert.equal(await page.locator("#film-count").inputValue(), "1000");
  assert.match(await page.locator("#film-state").innerText(), /1,000/);
  let downloads = 0;
  page.on("download", () => downloads++);
  const state = () => page.locator("#path-export").getAttribute("data-state");
  await page.locator("#film-webm").click(); // it lasts forty seconds, whatever the machine
  await until(
    page,
    "pictures are recorded",
    () => page.locator("#film-state").innerText(),
    (words) => /[1-9]\d* of 1,000/.test(words),
  );
  const before = await pixels(page, "#at-mean");
  await drawByMouse(page, await strokeOnPad(page));
  await untilPixelsChange(page, "#at-mean", before);
  assert.equal(await state(), "working");
  await page.locator("#film-cancel").click();
  await until(page, "it is cancelled", state, (now) => now === "cancelled");
  await page.evaluate(() => {
    globalThis.gaps = [];
    let last = performance.now();
    const measure = (now) => {
      globalThis.gaps.push(now - last);
      last = now;
      requestAnimationFrame(measure);
    };
    requestAnimationFrame(measure);
  });
  const { bytes, name } = await save(page, "#film-gif");
  assert.equal(name, "latent-lab-z20-8-to-3-straight-1000.gif");
  const frames = bytes.reduce(
    (count, byte, at) =>
      count + (byte === 0x21 && bytes[at + 1] === 0xf9 && bytes[at + 2] === 4 && bytes[at + 7] === 0),
    0,
  );
  assert.ok(frames >= 1000, `${frames}`);
  assert.ok(
    (await page.evaluate(() => globalThis.gaps.length)) > 20,
    "the page drew while the GIF was written",
  );
  assert.equal(downloads, 1);
});

/** What another worker finds for the drawing of the test digit 8: all changes of one component and of two. */
function search(page, file, target) {
  return page.evaluate(
    async ([source, name, digit]) => {
      const { WorkerClient } = await import(`${source}worker/worker-client.js`);
      const bytes = async (path) => new Uint8Array(await (await fetch(`${source}${path}`)).arrayBuffer());
      const client = new WorkerClient("cpu");
      const pictures = await client.call("images", { idx: await bytes("data/digits-images-idx3-ubyte") });
      const weights = await bytes(`models/${name}`);
      const { model, usage } = await client.call("load", { weights: weights.slice() });
      const image = pictures.slice(8 * 784, 9 * 784);
      const { mean } = await client.call("infer", {
        image,
        noise: new Float32Array(model.latent),
        label: null,
      });
      const used = [...usage.keys()]
        .filter((c) => usage[c] > 0.01)
        .sort((a, b) => usage[b] - usage[a] || a - b);
      const judge = await bytes("models/judge.safetensors");
      await client.call("begin_change", {
        weights,
        judge,
        z: mean,
        label: 0,
        components: Uint32Array.from(used),
        target: digit,
      });
      for (;;) {
        const { stage, found } = await client.call("advance_change", {});
        if (stage !== "done") continue;
        client.close();
        const plain = ({ components, moves, distance, reading }) => ({
          components: [...components],
          moves: [...moves],
          distance,
          reading,
        });
        return {
          mean: [...mean],
          reading: found.reading,
          singles: found.singles.map(plain),
          pairs: found.pairs.map(plain),
        };
      }
    },
    [SOURCE, file, target],
  );
}

/** The search that was asked for last has ended. */
async function untilFound(page) {
  await painted(page); // what an earlier one has found is gone
  const state = () => page.locator("#change-panel").getAttribute("data-state");
  await until(page, "the search is over", state, (now) => now === "found");
}

const written = ({ components, moves }) =>
  components
    .map((c, k) => `z${c + 1}: ${moves[k] > 0 ? "+" : "−"}${Math.abs(moves[k]).toFixed(2)}`)
    .join(", ");

test("the smallest changes are those that Rust finds, and a press goes there", {}, async ({
  page,
  origin,
}) => {
  await openPaths({ page, origin });
  assert.match(await page.locator("#change-state").innerText(), /Draw something first/);
  await pickDigit(page, 8);
  for (const target of ["", "3"]) {
    await page.locator("#change-target").selectOption(target);
    await page.locator("#change-go").click();
    await untilFound(page);
    const expected = await search(page, "vae-z20.safetensors", target === "" ? null : Number(target));
    const shown = await page.locator("#change-singles li b").allInnerTexts();
    assert.deepEqual(shown, expected.singles.slice(0, 5).map(written));
    assert.deepEqual(await page.locator("#change-pairs li b").allInnerTexts(), expected.pairs.map(written));
    assert.match(
      await page.locator("#change-singles li").first().innerText(),
      new RegExp(`reads ${expected.singles[0].reading.label}`),
    );
    if (target === "3") {
      const [{ components, moves }] = expected.singles;
      await page.locator("#change-singles button").first().focus();
      await page.keyboard.press("Enter");
      await showView(page, "latents");
      const slider = page.locator(`#z${components[0] + 1}`);
      const value = await slider.evaluate((input) =>
        Number(input.parentElement.nextElementSibling.textContent.replace("−", "-")),
      );
      assert.ok(
        Math.abs(value - expected.mean[components[0]] - moves[0]) < 0.011,
        `the slider is at ${value}`,
      );
    }
  }
});

test("what no single component does is said, and pairs are shown; the class that it is needs no search", {}, async ({
  page,
  origin,
}) => {
  await openPaths({ page, origin }, "system=beta");
  await pickDigit(page, 1);
  const outcomes = { none: 0, already: 0, pairs: 0 };
  for (let digit = 0; digit < 10; digit++) {
    await page.locator("#change-target").selectOption(String(digit));
    await page.locator("#change-go").click();
    await untilFound(page);
    const words = await page.locator("#change-state").innerText();
    const singles = await page.locator("#change-singles li").count();
    if (/the class wanted/.test(words)) outcomes.already += 1;
    else assert.equal(/No single component makes it/.test(words), singles === 0, words);
    if (/No single component/.test(words)) outcomes.none += 1;
    if (singles === 0) outcomes.pairs += await page.locator("#change-pairs li").count();
  }
  assert.equal(outcomes.already, 1);
  assert.ok(outcomes.none > 0 && outcomes.pairs > 0, JSON.stringify(outcomes));
});

test("a search is stopped, and begins anew", {}, async ({ page, origin }) => {
  await openPaths({ page, origin }, "system=conv");
  await untilModel(page, "conv");
  await pickDigit(page, 8);
  await page.locator("#change-go").click();
  await until(
    page,
    "it can be stopped",
    () => page.locator("#change-go").innerText(),
    (words) => words === "Stop",
  );
  await page.locator("#change-go").click();
  await until(
    page,
    "it is stopped",
    () => page.locator("#change-state").innerText(),
    (words) => /Stopped/.test(words),
  );
  await page.locator("#change-go").click();
  await untilFound(page);
  await drawByMouse(page, await strokeOnPad(page));
  await until(
    page,
    "the drawing is another one",
    () => page.locator("#change-state").innerText(),
    (words) => /search again/.test(words),
  );
  await page.locator("#clear").click();
  await untilPadIsEmpty(page);
  await until(page, "there is nothing to search", () => page.locator("#change-go").isDisabled());
});

test("in the comparison the same ends go through all models", {}, async ({ page, origin }) => {
  await openPaths({ page, origin });
  await page.locator('[data-end="a"] select').selectOption("4");
  await page.locator('[data-end="b"] select').selectOption("9");
  await showView(page, "compare");
  const path = (k) => page.locator(".compared").nth(k).locator('[data-part="path"]');
  for (const [k, file] of ["ae-z2.safetensors", "vae-z2.safetensors"].entries()) {
    await until(page, `column ${k} has its path`, () => path(k).isVisible());
    const expected = await ask(page, file, { count: 10, from: 4, to: 9 });
    await untilInkIs(page, path(k), expected.straight.pictures, `column ${k} shows a 4 that becomes a 9`);
  }
});

test("on a phone nothing sticks out, and touches work", {
  viewport: { width: 360, height: 640 },
  hasTouch: true,
  isMobile: true,
}, async ({ page, origin }) => {
  await openPaths({ page, origin });
  await drawByTouch(page, await strokeOnPad(page));
  await until(page, "the drawing can be pinned", () =>
    page.locator('[data-end="a"] [data-part="pin"]').isEnabled(),
  );
  const before = await pixels(page, '[data-end="a"] canvas');
  await page.locator('[data-end="a"] [data-part="pin"]').tap();
  await untilPixelsChange(page, '[data-end="a"] canvas', before);
  await page.locator("#path-export > summary").tap();
  await page.locator("#change-go").tap();
  await untilFound(page);
  const wider = await page.evaluate(() =>
    [...document.querySelectorAll("body, #view-paths, #view-paths *")]
      .filter(
        (each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible",
      )
      .map(({ id, className }) => id || className),
  );
  assert.deepEqual(wider, []);
  assert.ok(
    (await scrolled(page)).every((each) => / 0 \d+$/.test(each)),
    "nothing is pushed sideways",
  );
  await page.locator("#change-singles button").first().tap();
});

for (const [width, colorScheme] of [
  [1280, "light"],
  [1280, "dark"],
  [360, "light"],
  [360, "dark"],
])
  test(`axe finds nothing, ${colorScheme}, ${width} px`, {
    colorScheme,
    viewport: { width, height: 900 },
  }, async ({ page, origin }) => {
    await openPaths({ page, origin });
    await pickDigit(page, 8);
    await page.locator("#path-export > summary").click();
    await page.locator("#change-go").click();
    await untilFound(page);
    await assertAccessible(page);
  });
