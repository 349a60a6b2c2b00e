// The true posterior of the drawing, as a person sees it, against what Rust answers to the same requests.

import assert from "node:assert/strict";
import { inChromium, SOURCE } from "./browser.mjs";
import {
  assertAccessible,
  chooseSystem,
  drawByMouse,
  loadNothingInAdvance,
  open,
  pause,
  pickDigit,
  pixels,
  set,
  showView,
  strokeOnPad,
  takeStep,
  until,
  untilAnswered,
  untilModel,
  untilPadIsEmpty,
  untilPixelsAre,
  untilPixelsChange,
  untilTraining,
} from "./page.mjs";

const test = inChromium();

const column = (page, k) => page.locator(".posterior-of").nth(k);
const part = (page, k, name) => column(page, k).locator(`[data-part="${name}"]`);
const selector = (k, name) => `.posterior-of:nth-of-type(${k + 1}) [data-part="${name}"]`;
const sources = (page) =>
  page.locator(".posterior-of").evaluateAll((all) => all.map(({ dataset }) => dataset.source));

function untilSources(page, wanted) {
  return until(
    page,
    `the columns are ${wanted}`,
    () => sources(page),
    (now) => now.join() === wanted.join(),
  );
}

/** Every column is on its finest lattice. */
function untilDone(page) {
  return until(
    page,
    "the posteriors are computed",
    () => page.locator(".posterior-of").evaluateAll((all) => all.map(({ dataset }) => dataset.state)),
    (states) => states.length > 0 && states.every((state) => state === "done"),
  );
}

/** The numbers of a column by the names that Rust gives them. */
function numbersOf(page, k) {
  return column(page, k)
    .locator("tr[data-number]")
    .evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.dataset.number,
          Number.parseFloat(row.cells[1].textContent.replaceAll(",", "").replace("−", "-")),
        ]),
      ),
    );
}

/** What another worker computes for the weights `file` and the drawing that the page shows in black and white. */
function ask(page, file, image) {
  return page.evaluate(
    async ([source, name, pixelsOfImage]) => {
      const { WorkerClient } = await import(`${source}worker/worker-client.js`);
      const weights = new Uint8Array(await (await fetch(`${source}models/${name}`)).arrayBuffer());
      const client = new WorkerClient("cpu");
      await client.call("open_posterior", { column: 1, weights });
      await client.call("begin_posterior", { column: 1, image: Float32Array.from(pixelsOfImage), label: 0 });
      let last = null;
      for (let more = true; more; ) {
        const answer = await client.call("advance_posterior", { column: 1 });
        more = answer.more;
        last = answer.view ?? last;
      }
      client.close();
      const { numbers, side, density } = last;
      return { numbers, side, ink: density.reduce((sum, value) => sum + value, 0) };
    },
    [SOURCE, file, image],
  );
}

/** The ink of a canvas of one picture, [784]. */
function inkOf(locator) {
  return locator.evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
    return Array.from({ length: 784 }, (_, i) => 1 - data[4 * i] / 255);
  });
}

test("a model with twenty components is replaced by two with two, whose numbers are what Rust computes", {}, async ({
  page,
  origin,
}) => {
  await loadNothingInAdvance(page);
  await open({ page, origin });
  await pickDigit(page, 3);
  await untilAnswered(page);
  assert.equal(page.workers().length, 1, "the view has no worker before it is in sight");
  await showView(page, "posterior");
  await untilSources(page, ["z2", "full-z2"]);
  assert.match(
    await page.locator("#posterior-note").innerText(),
    /20 components.*Z = 2, and Full covariance, Z = 2/,
  );
  await untilDone(page);
  const image = await inkOf(part(page, 0, "binarised"));
  assert.ok(
    image.every((pixel) => pixel === 0 || pixel === 1),
    "every pixel is black or white",
  );
  for (const [k, file] of ["vae-z2.safetensors", "full-z2.safetensors"].entries()) {
    const { numbers, side } = await ask(page, file, image);
    assert.equal(Number(await column(page, k).getAttribute("data-side")), side);
    const found = await numbersOf(page, k);
    const expected = {
      log_evidence: numbers.log_evidence.value,
      elbo: numbers.elbo.value,
      gap: numbers.gap.value,
      amortisation_gap: numbers.amortisation_gap,
      approximation_gap: numbers.approximation_gap,
      residual: numbers.residual,
      importance: numbers.importance.mean,
    };
    for (const [name, value] of Object.entries(expected))
      assert.ok(Math.abs(found[name] - value) < 0.0011, `${name}: ${found[name]} is not ${value}`);
    const rest = found.elbo + found.gap - found.log_evidence;
    assert.ok(Math.abs(rest) < 0.003, `ELBO + KL = log p(x), up to ${rest} nats`);
    assert.ok(Math.abs(found.amortisation_gap + found.approximation_gap - found.gap) < 0.002);
    assert.ok(found.gap > 0 && found.elbo < found.log_evidence);
  }
  for (const k of [0, 1]) {
    const ends = await column(page, k).evaluate((element) => {
      const box = (name) => element.querySelector(`.evidence-track > ${name}`).getBoundingClientRect();
      return [box(".elbo").right - box(".amortisation").left, box(".approximation").right - box("b").left];
    });
    for (const distance of ends) assert.ok(Math.abs(distance) < 1.5, `the segments touch: ${ends}`);
  }
});

test("it follows the pen, and an emptied pad has no posterior", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?view=posterior");
  await untilSources(page, ["z2", "full-z2"]);
  await until(
    page,
    "the view says that nothing is drawn",
    () => part(page, 0, "state").innerText(),
    (words) => /Nothing is drawn/.test(words),
  );
  const before = await pixels(page, selector(0, "plane"));
  await drawByMouse(page, await strokeOnPad(page));
  await untilPixelsChange(page, selector(0, "plane"), before);
  await untilDone(page);
  const first = await numbersOf(page, 0);
  await pickDigit(page, 8);
  await until(
    page,
    "the numbers are of the other drawing",
    () => numbersOf(page, 0),
    ({ log_evidence: evidence }) => Number.isFinite(evidence) && evidence !== first.log_evidence,
  );
  await page.locator("#clear").click();
  await untilPadIsEmpty(page);
  await until(
    page,
    "no column has a number",
    async () => Object.values({ ...(await numbersOf(page, 0)), ...(await numbersOf(page, 1)) }),
    (all) => all.every(Number.isNaN),
  );
});

test("the cross is moved by keys and by pointer, and its picture is decoded", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?view=posterior");
  await pickDigit(page, 4);
  await untilDone(page);
  await untilAnswered(page);
  const plane = part(page, 1, "plane");
  const label = () => plane.getAttribute("aria-label");
  assert.match(await label(), /log p\(x\) is −[\d.,]+ nats, the ELBO −[\d.,]+, the gap between them [\d.]+/);
  const place = part(page, 1, "place");
  const [start, picture] = [await place.innerText(), await pixels(page, selector(1, "decoded"))];
  await plane.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("Shift+ArrowRight");
  await untilPixelsChange(page, selector(1, "decoded"), picture);
  assert.notEqual(await place.innerText(), start);
  assert.ok((await label()).includes(await place.innerText()), "the label says where the cross is");
  await page.keyboard.press("0");
  await until(
    page,
    "the cross is at the mean again",
    () => place.innerText(),
    (now) => now === start,
  );
  await untilPixelsAre(page, selector(1, "decoded"), picture, "its picture is that of the mean");
  const { x, y, width } = await plane.boundingBox();
  await page.mouse.move(x + width * 0.9, y + width * 0.1);
  await until(
    page,
    "the caption is of the pointer",
    () => part(page, 1, "at").innerText(),
    (words) => /pointer/.test(words),
  );
  await page.mouse.click(x + width * 0.3, y + width * 0.3);
  await page.mouse.move(0, 0);
  await untilPixelsChange(page, selector(1, "decoded"), picture);
  assert.notEqual(await place.innerText(), start);
});

test("a run with two components is followed, and can be left for the pair", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?device=cpu");
  await set(page, { latent: 2, epochs: 50 });
  await takeStep(page, 1);
  await page.locator("#play").click();
  await untilTraining(page, "running");
  await untilModel(page, "training");
  await pickDigit(page, 1);
  await showView(page, "posterior");
  await untilSources(page, ["shown"]);
  const step = () => column(page, 0).getAttribute("data-step").then(Number);
  const first = await until(
    page,
    "the run has a posterior",
    () => column(page, 0).evaluate(({ dataset }) => (dataset.side > 0 ? Number(dataset.step) : 0)),
    (value) => value > 0,
  );
  await until(page, "later weights have one", step, (now) => now > first);
  await pause(page);
  const last = Number(await page.locator("#train-panel").getAttribute("data-step"));
  await until(page, "the weights are the last of the run", step, (now) => now === last);
  await untilDone(page);
  const { residual, gap } = await numbersOf(page, 0);
  assert.ok(Math.abs(residual) < 0.02 && gap > -0.001, `${residual} ${gap}`);
  await page.locator('#posterior-choice button[value="pair"]').click();
  await untilSources(page, ["z2", "full-z2"]);
  await untilDone(page);
  await page.locator('#posterior-choice button[value="shown"]').click();
  await untilSources(page, ["shown"]);
});

test("models that cannot have it say why, and one press shows a model that can", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?system=vq&view=posterior");
  const note = page.locator("#posterior-note");
  const untilNote = (pattern) =>
    until(
      page,
      `the note says ${pattern}`,
      () => note.innerText(),
      (words) => pattern.test(words),
    );
  await untilNote(/codebook/);
  await chooseSystem(page, "ae");
  await untilNote(/single point/);
  await chooseSystem(page, "mse");
  await untilNote(/20 components/);
  await part(page, 1, "use").click();
  await untilModel(page, "full-z2");
  await untilNote(/^$/);
  await untilSources(page, ["z2", "full-z2"]);
  assert.equal(await part(page, 1, "use").isVisible(), false, "it is the model shown");
});

test("weights that cannot be fetched are said, and one press asks again", { provokes: [/404/] }, async ({
  page,
  origin,
}) => {
  await page.route("**/models/full-z2*", (route) => route.fulfill({ status: 404 }));
  await open({ page, origin }, "?view=posterior");
  await pickDigit(page, 5);
  const trouble = column(page, 1).locator(".trouble");
  await trouble.waitFor();
  assert.match(await trouble.innerText(), /full-z2\.safetensors/);
  await page.unroute("**/models/full-z2*");
  await trouble.locator("button").click();
  await untilDone(page);
  assert.equal(await trouble.isVisible(), false);
});

test("on a phone the columns are below each other, and nothing is wider than the screen", {
  viewport: { width: 360, height: 640 },
  hasTouch: true,
  isMobile: true,
}, async ({ page, origin }) => {
  await open({ page, origin }, "?view=posterior");
  await pickDigit(page, 2);
  await untilDone(page);
  const wider = await page.evaluate(() =>
    [...document.querySelectorAll("body, #view-posterior, .posterior-of, .evidence")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map(({ id, className }) => id || className),
  );
  assert.deepEqual(wider, []);
  await untilAnswered(page);
  const before = await pixels(page, selector(0, "decoded"));
  const plane = part(page, 0, "plane");
  await plane.scrollIntoViewIfNeeded();
  const { x, y, width } = await plane.boundingBox();
  await page.touchscreen.tap(x + width * 0.85, y + width * 0.2);
  await untilPixelsChange(page, selector(0, "decoded"), before);
});

for (const colorScheme of ["light", "dark"])
  test(`axe finds nothing, ${colorScheme}`, { colorScheme }, async ({ page, origin }) => {
    await open({ page, origin }, "?view=posterior");
    await pickDigit(page, 6);
    await untilDone(page);
    await assertAccessible(page);
  });
