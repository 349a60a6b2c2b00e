// One's own data: drawn by touch and taught, brought as files, kept, and given back.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";
import { imagesFile, labelsFile } from "../../www/data-sets/idx.js";
import { inChromium, PATIENCE_MS } from "./browser.mjs";
import { untilKept } from "./kept.mjs";
import {
  assertAccessible,
  drawByMouse,
  drawByTouch,
  drop,
  open,
  showView,
  strokeOnPad,
  until,
  untilPadIsEmpty,
  untilReady,
  upload,
} from "./page.mjs";

const test = inChromium();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const part = (page, name) => page.locator(`#data-parts [value="${name}"]`).click();
const drawings = (page) => page.locator("#shelf [data-drawing]").count();
const untilDrawings = (page, count) =>
  until(
    page,
    `${count} drawings are on the shelf`,
    () => drawings(page),
    (now) => now === count,
  );

/** A stroke or a cross, each a little different. */
async function glyph(page, draw, kind, k) {
  const shift = 0.02 * k;
  if (kind === "stroke")
    return draw(page, await strokeOnPad(page, { from: [0.2 + shift, 0.2], to: [0.8, 0.8 - shift] }));
  await draw(page, await strokeOnPad(page, { from: [0.5 + shift, 0.15], to: [0.5 - shift, 0.85] }));
  await draw(page, await strokeOnPad(page, { from: [0.2, 0.5 - shift], to: [0.8, 0.5 + shift] }));
}

async function drawClass(page, draw, kind, count) {
  await page.locator('#shelf-classes [value="add"]').click();
  const before = await drawings(page);
  for (let k = 0; k < count; k++) {
    await glyph(page, draw, kind, k);
    await page.locator("#shelf-next").click();
    await untilDrawings(page, before + k + 1);
  }
}

async function openDrawing(page, origin) {
  await open({ page, origin });
  await showView(page, "data");
  await part(page, "draw");
}

/** A number of the table of what has changed. */
async function changed(page, row, column) {
  const cell = page.locator(`#teach-changed [data-row="${row}"] td`).nth(column);
  return Number.parseFloat((await cell.innerText()).replaceAll(",", ""));
}

test(
  "thirteen glyphs drawn by touch: a model taught with the others reconstructs one that it has not seen better",
  PHONE,
  async ({ page, origin }) => {
    await openDrawing(page, origin);
    await drawClass(page, drawByTouch, "stroke", 7);
    await drawClass(page, drawByTouch, "cross", 6);
    await untilPadIsEmpty(page);
    await page.locator("#shelf-use").click();
    await page.locator("#data-teach").waitFor();
    await until(
      page,
      "the drawings are the present set",
      () => page.locator("#teach-set").innerText(),
      (words) => /My drawings\. \d+ training images and [23] test images\. 2 classes\./.test(words),
    );
    await page.locator("#teach-go").click();
    const state = () => page.locator("#teach-state").innerText();
    await until(page, "the run has ended", state, (words) => /^Taught: \d+ steps/.test(words));
    for (const row of ["squared_error", "nll", "losses"]) {
      const [before, after] = [await changed(page, row, 0), await changed(page, row, 1)];
      assert.ok(after < before, `${row}: ${before} before, ${after} after`);
    }
    await assertAccessible(page);
  },
);

test("the shelf is there again after a reload; a drawing is moved, deleted and brought back", {}, async ({
  page,
  origin,
}) => {
  await openDrawing(page, origin);
  await drawClass(page, drawByMouse, "stroke", 2);
  await page.locator("#shelf-class-name").fill("slash");
  await page.locator("#shelf-class-name").press("Enter");
  await drawClass(page, drawByMouse, "cross", 1);
  await untilKept(
    page,
    "entries",
    "the shelf is kept",
    ({ shelf }) => shelf?.value.drawings.length === 3 && shelf.value.classes[0] === "slash",
  );
  await page.reload();
  await untilReady(page);
  await showView(page, "data");
  await part(page, "draw");
  await untilDrawings(page, 3);
  const first = page.locator("#shelf [data-drawing]").first();
  await first.click();
  await page.locator("#shelf-move").selectOption("1");
  await until(
    page,
    "it is moved",
    () => page.locator('#shelf section[data-name="A"] [data-drawing]').count(),
    (count) => count === 2,
  );
  await page.locator("#shelf-delete").click();
  await untilDrawings(page, 2);
  assert.ok(
    await page.evaluate(() => document.activeElement.matches("[data-drawing]")),
    "the focus is on the next drawing",
  );
  await page.locator("#shelf-undo").click();
  await untilDrawings(page, 3);
  await page.locator("#shelf-undo").click();
  await until(
    page,
    "it is in its class again",
    () => page.locator('#shelf section[data-name="slash"] [data-drawing]').count(),
    (count) => count === 2,
  );
  await assertAccessible(page);
});

test("an empty pad adds nothing, and the undo of a drawing puts it on the pad again", {}, async ({
  page,
  origin,
}) => {
  await openDrawing(page, origin);
  await page.locator("#shelf-next").click();
  await until(
    page,
    "that is said",
    () => page.locator("#shelf-state").innerText(),
    (words) => /^Nothing new/.test(words),
  );
  assert.equal(await drawings(page), 0);
  await glyph(page, drawByMouse, "stroke", 0);
  await page.locator("#shelf-next").click();
  await untilDrawings(page, 1);
  await untilPadIsEmpty(page);
  await page.locator("#shelf-undo").click();
  await untilDrawings(page, 0);
  assert.equal(await page.locator("#pad").getAttribute("data-empty"), "false");
});

/** Images with a bar each, at another place. */
function bars(count) {
  const pixels = new Uint8Array(count * 784);
  for (let n = 0; n < count; n++)
    for (let y = 4; y < 24; y++)
      pixels.fill(255, n * 784 + y * 28 + 5 + (n % 15), n * 784 + y * 28 + 8 + (n % 15));
  return pixels;
}

/** A grey PNG of 28 x 28 pixels. */
function png(grey) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(28, 0);
  head.writeUInt32BE(28, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Array.from({ length: 28 }, (_, y) => Buffer.from([0, ...grey.subarray(28 * y, 28 * y + 28)]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A ZIP archive of stored files, [name, bytes] each. */
function zip(files) {
  const [parts, entries] = [[], []];
  let at = 0;
  for (const [name, bytes] of files) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, Buffer.from(name)]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    entries.push(
      Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, rest, Buffer.from(name)]),
    );
    parts.push(local, bytes);
    at += local.length + bytes.length;
  }
  const central = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}

const untilRead = (page, pattern) =>
  until(
    page,
    `the files are read: ${pattern}`,
    () => page.locator("#files-state").innerText(),
    (words) => pattern.test(words),
  );

test("an IDX pair that is dropped anywhere becomes the present data set; a class is renamed", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  const labels = Uint8Array.from({ length: 40 }, (_, n) => n % 2);
  await drop(
    page,
    { name: "bars-images-idx3-ubyte", bytes: imagesFile(bars(40)) },
    { name: "bars-labels-idx1-ubyte", bytes: labelsFile(labels) },
  );
  await untilRead(page, /^40 images in 2 classes/);
  const [first] = await page.locator("#files-seen .data-classes input").all();
  await first.fill("left");
  await first.press("Tab");
  await page.locator("#files-use").click();
  await page.locator("#data-present").waitFor();
  await until(
    page,
    "it is the present set",
    () => page.locator("#data-facts").innerText(),
    (words) => /32 training images and 8 test images\. 2 classes/.test(words),
  );
  await until(
    page,
    "its classes are counted",
    () => page.locator("#data-seen .data-classes").innerText(),
    (words) => /left\s+16 images/.test(words),
  );
  await assertAccessible(page);
});

test("of a zip of pictures the damaged one names itself and the rest stays; the set is given back as files", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  const picture = (n) => png(bars(n + 1).subarray(n * 784));
  const good = Array.from({ length: 12 }, (_, n) => [
    `shapes/${n % 2 ? "odd" : "even"}/${n}.png`,
    picture(n),
  ]);
  const damaged = ["shapes/odd/broken.png", picture(3).subarray(0, 40)];
  await drop(page, { name: "shapes.zip", bytes: zip([...good, damaged]) });
  await untilRead(page, /^12 images in 2 classes/);
  await page.locator("#files-refused summary").click();
  assert.match(await page.locator("#files-refused li").innerText(), /broken\.png/);
  await page.locator("#files-use").click();
  await page.locator("#data-own").waitFor();
  for (const [format, ending] of [
    ["idx", /^shapes-idx\.zip$/],
    ["png", /^shapes-png\.zip$/],
  ]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(`#data-save-${format}`).click(),
    ]);
    assert.match(download.suggestedFilename(), ending);
    const bytes = await readFile(await download.path());
    await drop(page, { name: "again.zip", bytes });
    await untilRead(page, /^12 images in 2 classes/);
    await page.locator("#files-cancel").click();
    await part(page, "set");
  }
});

test("files are picked; one's own set is deleted once that is confirmed", { timeout: PATIENCE_MS }, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await showView(page, "data");
  await part(page, "files");
  const picked = upload(Buffer.from(imagesFile(bars(10))), "bars-images-idx3-ubyte");
  await page.locator("#files-input").setInputFiles(picked);
  await untilRead(page, /^10 images without labels/);
  await page.locator("#files-use").click();
  await page.locator("#data-own").waitFor();
  await page.locator("#data-delete").click();
  assert.ok(await page.evaluate(() => document.activeElement.id === "data-delete-no"));
  await page.locator("#data-delete-yes").click();
  await until(
    page,
    "MNIST is the present set",
    () => page.locator("#data-choose").inputValue(),
    (key) => key === "mnist",
  );
  await until(
    page,
    "it is no longer offered",
    () => page.locator('#data-choose option[value^="own-"]').count(),
    (count) => count === 0,
  );
});
