// What a person does and sees on the page, in the page's own terms.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PATIENCE_MS, SOURCE } from "./browser.mjs";

/** Opens the page and waits until drawing works; the pad is empty unless the `query` asks for the recorded digit by `demo=on`. */
export async function open({ page, origin }, query = "") {
  const asked = new URLSearchParams(query);
  if (!asked.has("demo")) asked.set("demo", "off");
  await page.goto(`${origin}/?${asked}`);
  await untilReady(page);
}

/** Drawing works on a page, or in a frame, that was opened otherwise. */
export function untilReady(page) {
  return page.locator('html[data-ready="true"]').waitFor({ state: "attached" });
}

/** All that the page needs without a network is kept. */
export function untilOffline(page) {
  return page.locator('#offline[data-ready="true"]').waitFor({ state: "attached" });
}

/** Opens a page with nothing running in it, below which a test finds the modules of the source by their names. */
export async function openIdle({ page, origin }) {
  await page.goto(`${origin}${SOURCE}`);
}

/** As under Save-Data: nothing is fetched before it is needed. */
export function loadNothingInAdvance(page) {
  return page.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true } });
  });
}

/** As in an insecure context: the page cannot compare a file with the hash in its name, and finds out by its content what is wrong. */
export function withoutHashing(page) {
  return page.addInitScript(() => Object.defineProperty(crypto, "subtle", { value: undefined }));
}

/** The names of the views that have a tab now. */
export function tabs(page) {
  return page
    .locator("#tabs [data-tab]:not([hidden])")
    .evaluateAll((all) => all.map(({ dataset }) => dataset.tab));
}

/** Shows the view `name`, where it is not shown. */
export async function showView(page, name) {
  if (await page.locator(`[data-view="${name}"]`).isVisible()) return;
  if ((await page.locator(`#tab-${name}`).count()) > 0) await page.locator(`#tab-${name}`).click();
  else await chooseCodeView(page, name);
  await page.locator(`[data-view="${name}"]`).waitFor();
  await untilEntered(page, name);
  await painted(page);
}

/** The script of the room `name` is there, where it is one that is loaded when it is first entered. */
export async function untilEntered(page, name) {
  const place = page.locator(`[data-room="${name}"]`);
  if ((await place.count()) > 0)
    await page.locator(`[data-room="${name}"][data-room-state="open"]`).waitFor({ state: "attached" });
}

/** Chooses in the select of the views of the code: "latents", "grid" or a view that shares their tab. */
export async function chooseCodeView(page, name) {
  if (!(await page.locator(".code-view:visible").count())) await page.locator("#tab-latents").click();
  await page.locator(".code-view:visible").selectOption(name);
}

/** Chooses the system in the map of the family. */
export async function chooseSystem(page, name) {
  await page.locator("#system-name").click();
  await page.locator(`#system-map [data-system="${name}"]`).click();
}

/** The name of the system chosen. */
export function chosenSystem(page) {
  return page.locator("#system-name").getAttribute("value");
}

/** The map is drawn, and nothing in it moves. */
export async function untilMapRests(page) {
  await painted(page); // what was asked so far has begun to move
  await until(page, "the map is drawn and at rest", () =>
    page
      .locator("#plane-panel")
      .evaluate(({ dataset }) => dataset.state === "drawn" && dataset.moving === "false"),
  );
}

/** Chooses in the menu of the map, which lies over it: `x` and `y` of its axes, `count` of its images, `background`. */
export async function setMap(page, choices) {
  await page.locator("#plane-options > summary").click();
  for (const [name, value] of Object.entries(choices)) {
    const field = page.locator(`#plane-${name}`);
    if (typeof value === "boolean") await field.setChecked(value);
    else await field.selectOption(value);
  }
  await page.keyboard.press("Escape");
}

/**
 * Waits until `accepts` the value of `read()`, and resolves to it; reads at each frame of the page. What the page draws a frame after this
 * value, such as the words that belong to an attribute, is painted.
 */
export async function until(page, what, read, accepts = Boolean) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (accepts(value)) {
      await painted(page);
      return value;
    }
    if (Date.now() > deadline)
      assert.fail(`still waiting until ${what}; last seen: ${String(value).slice(0, 300)}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** The address bar may hold a change back for a moment. */
export function untilAddress(page, pattern) {
  return until(
    page,
    `the address has ${pattern}`,
    () => page.url(),
    (url) => pattern.test(url),
  );
}

/** What a canvas shows, to compare: its size, and a hash (FNV-1a) of its values, which are far too many to be asked for at each frame. */
export function pixels(page, selector) {
  return page.locator(selector).evaluate((canvas) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    let hash = 0x811c9dc5;
    for (const value of new Uint32Array(data.buffer)) hash = Math.imul(hash ^ value, 0x01000193);
    return `${width} x ${height}: ${hash}`;
  });
}

/** The shades of a grey canvas, row by row. */
export function shadesOf(page, selector) {
  return page.locator(selector).evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({ length: data.length / 4 }, (_, k) => data[4 * k]);
  });
}

/** What was asked of the page so far is painted: it draws once a frame. */
export function painted(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/**
 * Whatever the page has asked its workers, and what their answers have led to, is answered and painted: of a page at rest, whose pictures do
 * not change any more by themselves. Only in Chromium, in a page of browser.mjs.
 */
export async function untilAnswered(page) {
  let before = null;
  await until(page, "the workers have answered everything", async () => {
    await painted(page);
    const { made, waiting } = await page.evaluate(() => globalThis.workerRequests());
    const isAnswered = waiting === 0 && made === before;
    before = made;
    return isAnswered;
  });
}

export function untilPixelsChange(page, selector, before) {
  return until(
    page,
    `the pixels of ${selector} change`,
    () => pixels(page, selector),
    (now) => now !== before,
  );
}

/** `what`: a sentence for the message of a failure. */
export function untilPixelsAre(page, selector, wanted, what) {
  return until(
    page,
    what,
    () => pixels(page, selector),
    (now) => now === wanted,
  );
}

/** The elements that are scrolled, and how far. */
export function scrolled(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter(({ scrollTop, scrollLeft }) => scrollTop !== 0 || scrollLeft !== 0)
      .map(
        ({ tagName, id, className, scrollTop, scrollLeft }) =>
          `${tagName} ${id} ${className} ${scrollLeft} ${scrollTop}`,
      ),
  );
}

export function untilPadIsEmpty(page) {
  return until(
    page,
    "the pad is empty",
    () => page.locator("#pad").getAttribute("data-empty"),
    (empty) => empty === "true",
  );
}

/** A stroke like a 1, across the middle of the pad: points in page coordinates. */
export async function strokeOnPad(page, { from = [0.55, 0.15], to = [0.45, 0.85], points = 12 } = {}) {
  const pad = page.locator("#pad");
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  return Array.from({ length: points }, (_, i) => {
    const t = i / (points - 1);
    return [x + width * (from[0] + t * (to[0] - from[0])), y + height * (from[1] + t * (to[1] - from[1]))];
  });
}

export function drawByMouse(page, stroke) {
  return drawBy(page.mouse, stroke);
}

/** `pointer`: the page's mouse, or another that moves as it does. */
export async function drawBy(pointer, stroke) {
  const [first, ...rest] = stroke;
  await pointer.move(...first);
  await pointer.down();
  for (const point of rest) await pointer.move(...point);
  await pointer.up();
}

/** Real touches, as a touch screen sends them: Chromium makes the pointer events itself, and scrolls if it may. */
export async function drawByTouch(page, stroke) {
  const client = await page.context().newCDPSession(page);
  const touch = (type, points) =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  const [first, ...rest] = stroke;
  await touch("touchStart", [first]);
  for (const point of rest) await touch("touchMove", [point]);
  await touch("touchEnd", []);
}

export async function pickDigit(page, digit) {
  const before = await pixels(page, "#at-mean");
  await page.locator(`#image-picker button[data-index="${digit}"]`).click();
  return untilPixelsChange(page, "#at-mean", before);
}

/** Picks the digit on a page that was just opened; resolves to what is decoded from its code. */
export async function decodedOf(page, digit) {
  await until(
    page,
    "the image decoded for the empty pad is there",
    () => shadesOf(page, "#decoded"),
    (shades) => new Set(shades).size > 1,
  );
  const ofEmptyPad = await pixels(page, "#decoded");
  await pickDigit(page, digit);
  return untilPixelsChange(page, "#decoded", ofEmptyPad);
}

/** Changes the first component by keyboard and by drag; each changes the picture `decoded` before. */
export async function moveSlider(page, decoded) {
  const slider = page.locator("#sliders input[type=range]");
  await slider.focus();
  for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
  const byKeys = await untilPixelsChange(page, "#decoded", decoded);
  const { x, y, width, height } = await slider.boundingBox();
  await drawByMouse(page, [
    [x + width / 2, y + height / 2],
    [x + width * 0.3, y + height / 2],
    [x + width * 0.1, y + height / 2],
  ]);
  await untilPixelsChange(page, "#decoded", byKeys);
}

// Training.

export async function set(page, settings) {
  await showView(page, "train");
  for (const [name, value] of Object.entries(settings)) {
    const field = page.locator(`#settings [name="${name}"]`);
    await openFoldOf(page, name);
    if ((await field.evaluate((element) => element.tagName)) === "SELECT")
      await field.selectOption(String(value));
    else {
      await field.fill(String(value));
      await field.press("Tab");
    }
  }
  await painted(page);
}

/** Opens the fold of the form that the setting `name` is in, where it is in one. */
async function openFoldOf(page, name) {
  const summary = page.locator(`#settings .fold:not([open]):has([name="${name}"]) > summary`);
  if ((await summary.count()) > 0) await summary.click();
}

export const trainingState = (page) => page.locator("#train-panel").getAttribute("data-training");

export function untilTraining(page, ...states) {
  return until(
    page,
    `training is ${states.join(" or ")}`,
    () => trainingState(page),
    (now) => states.includes(now),
  );
}

export async function stepsDone(page) {
  return Number(await page.locator("#train-panel").getAttribute("data-step"));
}

export function untilStep(page, step) {
  return until(
    page,
    `step ${step}`,
    () => stepsDone(page),
    (now) => now >= step,
  );
}

/** A number of the table of losses, NaN while it is "–". */
export async function loss(page, row, term = "total") {
  await showView(page, "train");
  const cell = page.locator(`#losses [data-row="${row}"] [data-term="${term}"]`);
  return Number.parseFloat((await cell.innerText()).replaceAll(",", ""));
}

/** Takes step number `step` of a run that is at rest. */
export async function takeStep(page, step) {
  await page.locator("#step").click();
  await untilStep(page, step);
  await untilTraining(page, "paused");
}

/** The row of the table of runs that has these words, and the one that opens below it. */
export function runRow(page, words) {
  const row = page.locator("#runs tbody tr[data-run]", { hasText: words });
  return { row, details: row.locator("xpath=following-sibling::tr[1]") };
}

/** Opens the details of a run, where they are closed, and presses the button there. */
export async function actOnRun(page, words, action) {
  await showView(page, "train");
  const { row, details } = runRow(page, words);
  if (!(await details.isVisible())) await row.locator(".run-more button").click();
  await details.locator("button", { hasText: action }).click();
}

/** Restarts the run with the same seed. */
export async function restart(page) {
  await showView(page, "train");
  await page.locator("#restart").click();
}

/** The steps begin again, and the run can be trained: a press of Train while it starts would pause it. */
export async function untilRestarted(page) {
  await until(
    page,
    "the steps begin again",
    () => stepsDone(page),
    (step) => step === 0,
  );
  await until(
    page,
    "the run has started",
    () => trainingState(page),
    (state) => state !== "starting",
  );
}

/** Recovers a run that failed, and trains. */
export async function recover(page) {
  await page.locator("#trouble-action").click();
  await untilTraining(page, "paused", "running");
  if ((await trainingState(page)) === "paused") await page.locator("#play").click();
}

/** The columns of the comparison are of these models. */
export function untilCompared(page, ...sources) {
  return until(
    page,
    `the columns are of ${sources}`,
    () => page.locator(".compared").evaluateAll((all) => all.map(({ dataset }) => dataset.source)),
    (now) => now.join() === sources.join(),
  );
}

/** Drops files, {name, bytes} each, on the page; `bytes` may be a text. */
export function drop(page, ...files) {
  const given = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") }));
  return page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    for (const type of ["dragover", "drop"])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, given);
}

/** What `press` copies. */
export async function copied(page, press) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await press();
  return until(page, "something is copied", () => page.evaluate(() => navigator.clipboard.readText()));
}

/** A weights file as a person picks it. */
export function upload(buffer, name = "mine.safetensors") {
  return { name, mimeType: "application/octet-stream", buffer };
}

/** The pictures are those of the model `wanted` ("z20", "training", "file", ..), and no newer ones are to come. */
export function untilModel(page, wanted) {
  return until(
    page,
    `the model is ${wanted}`,
    () => page.locator("html").evaluate(({ dataset }) => (dataset.showing === "false" ? dataset.model : "")),
    (model) => model === wanted,
  );
}

/** A safetensors file: an eight-byte length, a JSON header, the numbers. */
export function safetensors(header, numbers) {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, numbers]);
}

/** The header of a safetensors file. */
export function safetensorsHeader(bytes) {
  return JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());
}

/** Saves the model shown; its bytes and the name suggested for the file. */
export async function downloadWeights(page) {
  await showView(page, "train");
  const file = page.locator("#weights-file");
  if (!(await file.evaluate(({ open: isOpen }) => isOpen))) await file.locator("summary").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

export function untilLoss(page, row, accepts = Number.isFinite) {
  return until(page, `the ${row} loss is as wanted`, () => loss(page, row), accepts);
}

/** Pauses a run, which may have been asked for only now: a run that goes on shows its steps before it trains. */
export async function pause(page) {
  await untilTraining(page, "running");
  await page.locator("#play").click();
  await untilTraining(page, "paused");
}

/** Text of the notices on the page. */
export async function untilNotice(page, pattern) {
  return until(
    page,
    `a notice says ${pattern}`,
    () => page.locator("#notices").innerText(),
    (text) => pattern.test(text),
  );
}

export function untilTrouble(page, pattern) {
  return until(
    page,
    `the training panel says ${pattern}`,
    () => page.locator("#trouble-text").innerText(),
    (text) => pattern.test(text),
  );
}

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** axe finds no violations. */
export async function assertAccessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target).join("; ")})`,
  );
  assert.deepEqual(found, []);
}

/** A drawing still gets its reconstruction. */
export async function drawingStillWorks(page) {
  await pickDigit(page, 3);
  await pickDigit(page, 7);
}
