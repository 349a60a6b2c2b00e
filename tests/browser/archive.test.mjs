// The whole lab as one file, what is saved for papers and other programs, and the figure sheet.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { inChromium, openChromiumPage } from "./browser.mjs";
import { read, untilKept } from "./kept.mjs";
import {
  assertAccessible,
  chooseSystem,
  chosenSystem,
  drawByMouse,
  drawingStillWorks,
  open,
  pause,
  pickDigit,
  pixels,
  restart,
  set,
  shadesOf,
  showView,
  stepsDone,
  strokeOnPad,
  takeStep,
  until,
  untilAnswered,
  untilEntered,
  untilMapRests,
  untilModel,
  untilNotice,
  untilPixelsAre,
  untilPixelsChange,
  untilRestarted,
  untilStep,
} from "./page.mjs";

const test = inChromium();
const CPU = "?device=cpu&batch=32&seed=5&hidden=64&beta=2&view=train";
const CANVASES = ["#pad", "#framed", "#at-mean", "#at-sample", "#decoded"];
const PATHS = ['[data-end="a"] canvas', '[data-end="b"] canvas', '.path-row[data-kind="straight"] canvas'];

const openMenu = async (page) => {
  const menu = page.locator("#file-menu");
  if (!(await menu.evaluate(({ open: isOpen }) => isOpen))) await menu.locator("summary").first().click();
  await untilEntered(page, "files");
};

async function downloaded(page, press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

async function saveLab(page, runs) {
  await openMenu(page);
  if (runs) await page.locator("#archive-runs").selectOption(runs);
  return downloaded(page, () => page.locator("#archive-save").click());
}

async function exported(page, what, as) {
  await openMenu(page);
  await page.locator("#export-what").selectOption(what);
  await page.locator("#export-as").selectOption(as);
  return downloaded(page, () => page.locator("#export-save").click());
}

async function openLab(page, bytes, name = "lab.zip") {
  await openMenu(page);
  await page
    .locator("#archive-file")
    .setInputFiles({ name, mimeType: "application/zip", buffer: Buffer.from(bytes) });
}

/** The files of a ZIP archive, by an independent reader: its directory at the end, stored or deflated. */
function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06"));
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let k = 0; k < bytes.readUInt16LE(end + 10); k++) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + size);
    files.set(
      bytes.toString("utf8", at + 46, at + 46 + name),
      method === 8 ? inflateRawSync(content) : content,
    );
    at += 46 + name + extra + comment;
  }
  return files;
}

/** A drawing, a run of two steps and another of one, and a code edited on the run's model. */
async function workABit(page, origin) {
  await open({ page, origin }, CPU);
  const empty = await pixels(page, "#at-mean");
  await drawByMouse(page, await strokeOnPad(page));
  await untilPixelsChange(page, "#at-mean", empty);
  await page.locator("#play").click();
  await untilStep(page, 3);
  await pause(page);
  await set(page, { seed: 6 });
  await restart(page);
  await untilRestarted(page);
  await takeStep(page, 1);
  await untilKept(page, "runs", "both runs are kept", (runs) => Object.keys(runs).length === 2);
  await showView(page, "latents");
  await untilAnswered(page);
  const before = await pixels(page, "#decoded");
  const slider = page.locator("#sliders input[type=range]").first();
  await slider.focus();
  for (let k = 0; k < 8; k++) await page.keyboard.press("ArrowRight");
  await untilPixelsChange(page, "#decoded", before);
  await untilAnswered(page); // the view is not painted any more once it is left
  await showView(page, "paths");
  await page.locator('[data-end="b"] [data-part="pin"]', { hasText: "Code as B" }).click();
  await page.locator('[data-end="a"] select').selectOption("5");
  await page.locator('.path-row[data-kind="pixels"] input').check();
  await untilAnswered(page);
}

test("a lab opened in a fresh browser looks the same and is saved to the same bytes", {}, async ({
  page,
  origin,
  context,
}) => {
  await workABit(page, origin);
  const seen = await Promise.all([...CANVASES, ...PATHS].map((canvas) => pixels(page, canvas)));
  const lab = await saveLab(page);
  assert.match(lab.name, /^latent-lab-\d{4}-\d\d-\d\d\.zip$/);
  const files = unzip(lab.bytes);
  const names = [...files.keys()];
  assert.deepEqual(names.slice(0, 3), ["lab.json", "drawing.png", "weights/model.safetensors"]);
  assert.equal(
    names.filter((name) =>
      /^runs\/0[12]-vae\/(run\.json|history\.csv|checkpoint\.safetensors|weights\.safetensors)$/.test(name),
    ).length,
    8,
  );
  assert.match(
    String(files.get("runs/01-vae/history.csv")),
    /^curve,step,reconstruction,kl,total\r\ntrain,1,\d+\.\d+,/,
  );
  assert.deepEqual((await saveLab(page)).bytes, lab.bytes, "the same lab has the same bytes");

  const { context: fresh, page: other } = await openChromiumPage(context.browser());
  try {
    await open({ page: other, origin });
    await openLab(other, lab.bytes, lab.name);
    await untilNotice(other, /is open\. 2 runs were added/);
    await untilModel(other, "file");
    await showView(other, "paths");
    for (const [k, canvas] of [...CANVASES, ...PATHS].entries())
      await untilPixelsAre(other, canvas, seen[k], `${canvas} is as it was saved`);
    assert.equal(
      await other.locator("#path-note").innerText(),
      "",
      "the code is of the model that came with it",
    );
    assert.equal(await other.locator('.path-row[data-kind="pixels"] input').isChecked(), true);
    await untilKept(other, "runs", "the runs are kept", (runs) => Object.keys(runs).length === 2);
    assert.match(await other.locator("#model option:checked").innerText(), /vae-step-1/);
    assert.deepEqual((await saveLab(other)).bytes, lab.bytes, "opened and saved again");

    await openLab(other, lab.bytes);
    await untilNotice(other, /0 runs were added to those that were here\. 2 were here already/);
    assert.deepEqual((await saveLab(other)).bytes, lab.bytes, "opened twice");
  } finally {
    await fresh.close();
  }
});

test("opening a lab adds its runs, and one click brings back what was shown", {}, async ({
  page,
  origin,
}) => {
  await workABit(page, origin);
  const lab = await saveLab(page, "all");
  await page.locator("#clear").click();
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await pickDigit(page, 7);
  await untilAnswered(page);
  const seen = await Promise.all(CANVASES.map((canvas) => pixels(page, canvas)));
  await chooseSystem(page, "ae");
  await untilModel(page, "ae");
  await untilAnswered(page);
  const withAe = await Promise.all(CANVASES.map((canvas) => pixels(page, canvas)));
  assert.notDeepEqual(withAe, seen);

  await showView(page, "train");
  await takeStep(page, 1); // a run of another system, which is left alone
  await untilModel(page, "training");
  await untilAnswered(page);
  const shownRun = await pixels(page, "#at-mean");
  await openLab(page, lab.bytes);
  await untilNotice(page, /is open\. 0 runs were added to those that were here\. 2 were here already/);
  await untilModel(page, "file");
  assert.equal(await chosenSystem(page), "vae");
  assert.equal(await page.locator('#settings [name="beta"]').inputValue(), "2");
  await page.locator('#notices [data-action="Undo"]').click();
  await untilModel(page, "training");
  assert.equal(await chosenSystem(page), "ae");
  await untilPixelsAre(page, "#pad", withAe[0], "the drawing is back");
  await untilPixelsAre(page, "#at-mean", shownRun, "the run is shown again");
  assert.equal(Object.keys(await read(page, "runs")).length, 3);
});

test("a run that went on is kept beside the one of the archive", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await untilKept(page, "runs", "the run is kept", (runs) => Object.keys(runs).length === 1);
  const lab = await saveLab(page);
  await takeStep(page, 2);
  await untilKept(page, "runs", "its second step is kept", (runs) => Object.values(runs)[0].value.step === 2);
  await openLab(page, lab.bytes);
  await untilNotice(page, /1 run was added/);
  const runs = await untilKept(page, "runs", "both are kept", (all) => Object.keys(all).length === 2);
  assert.deepEqual(
    Object.values(runs)
      .map(({ value }) => value.step)
      .sort(),
    [1, 2],
  );
  await openLab(page, lab.bytes);
  await untilNotice(page, /0 runs were added .* 1 was here already/);
});

test("a lab is saved while a run trains, and can be opened", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await page.locator("#play").click();
  await untilStep(page, 3);
  await pause(page);
  await untilKept(page, "runs", "the run is kept", (runs) => Object.keys(runs).length === 1);
  await page.locator("#play").click();
  const step = await stepsDone(page);
  await untilStep(page, step + 3);
  const lab = await saveLab(page, "all");
  await pause(page);
  await openLab(page, lab.bytes);
  await untilNotice(page, /is open\. 1 run was added/);
  const row = page.locator("#runs tbody tr[data-run]");
  await until(
    page,
    "the table has both runs",
    () => row.count(),
    (count) => count === 2,
  );
});

test("an archive that is damaged, foreign or of a later version changes nothing", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await untilKept(page, "runs", "the run is kept", (runs) => Object.keys(runs).length === 1);
  await pickDigit(page, 4);
  await untilAnswered(page);
  const lab = await saveLab(page);
  const seen = await Promise.all(CANVASES.map((canvas) => pixels(page, canvas)));
  const changed = (at, byte) => {
    const bytes = Buffer.from(lab.bytes);
    bytes[at] ^= byte;
    return bytes;
  };
  const checkpoint = lab.bytes.indexOf("checkpoint.safetensors") + 5000;
  const refused = async (bytes, name, pattern) => {
    await openLab(page, bytes, name);
    await untilNotice(page, pattern);
    await page.locator('#notices [data-name="archive"] .notice-close').click();
  };
  await refused(
    lab.bytes.subarray(0, 3000),
    "cut.zip",
    /cut\.zip was not opened, and nothing has changed\. The archive is cut short/,
  );
  await refused(
    changed(checkpoint, 4),
    "flipped.zip",
    /flipped\.zip .* runs\/01-vae\/checkpoint\.safetensors does not have the checksum/,
  );
  await refused(Buffer.from("no archive at all"), "text.zip", /is no ZIP archive/);
  const other = await rewritten(page, new Map([["notes.txt", Buffer.from("x")]]));
  await refused(other, "foreign.zip", /\(with notes\.txt\) was not saved by this page/);

  const files = unzip(lab.bytes);
  const change = (name, edit) =>
    rewritten(page, new Map([...files, [name, Buffer.from(edit(String(files.get(name))))]]));
  const later = await change("lab.json", (text) =>
    text.replace('"version":1,"views"', '"version":2,"views"'),
  );
  await refused(later, "later.zip", /saved by a later version of this page/);
  const laterRun = await change("runs/01-vae/run.json", (text) =>
    text.replace(/"version":2}\s*$/, '"version":3}'),
  );
  await refused(laterRun, "later-run.zip", /saved by a later version of this page/);
  await refused(
    await change("lab.json", (text) => text.replace('"items"', '"itemz"')),
    "odd.zip",
    /lab\.json cannot be read/,
  );
  await refused(
    await change("runs/01-vae/history.csv", () => "a,b\r\n"),
    "csv.zip",
    /history\.csv cannot be read/,
  );
  const without = new Map(files);
  without.delete("runs/01-vae/weights.safetensors");
  await refused(
    await rewritten(page, without),
    "incomplete.zip",
    /runs\/01-vae\/weights\.safetensors is missing/,
  );
  const weights = new Map([...files, ["runs/01-vae/weights.safetensors", Buffer.from("PNG? no")]]);
  await refused(
    await rewritten(page, weights),
    "weights.zip",
    /The weights of vae in it cannot be used\. Not a valid safetensors/,
  );

  for (const [k, canvas] of CANVASES.entries()) assert.equal(await pixels(page, canvas), seen[k]);
  assert.equal(Object.keys(await read(page, "runs")).length, 1);
  await drawingStillWorks(page);
});

test("a lab that another program has unpacked and packed again is opened", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await untilKept(page, "runs", "the run is kept", (runs) => Object.keys(runs).length === 1);
  await pickDigit(page, 4);
  const lab = await saveLab(page);
  const files = [...unzip(lab.bytes)];
  const ways = {
    deflated: packedAgain(files),
    "other order": packedAgain(files.toReversed()),
    "streamed, with folders": packedAgain([["runs/", Buffer.alloc(0)], ...files], { streamed: true }),
    "in a folder": packedAgain([
      ["lab/", Buffer.alloc(0)],
      ...files.map(([name, bytes]) => [`lab/${name}`, bytes]),
    ]),
    stored: packedAgain(files, { method: 0 }),
  };
  for (const [way, bytes] of Object.entries(ways)) {
    await page.locator("#clear").click();
    await openLab(page, bytes, `${way}.zip`);
    await untilNotice(page, new RegExp(`${way}\\.zip is open.* 1 was here already`));
    assert.deepEqual((await saveLab(page)).bytes, lab.bytes, way);
  }
  const refused = async (bytes, name, pattern) => {
    await openLab(page, bytes, name);
    await untilNotice(page, pattern);
  };
  const cut = packedAgain(files, { cut: "runs/01-vae/history.csv" });
  await refused(cut, "cut.zip", /cut\.zip was not opened.*history\.csv does not have the checksum/);
  const bomb = packedAgain([...files, ["zeros", Buffer.alloc(200_000_000)]]);
  await refused(bomb, "bomb.zip", /bomb\.zip was not opened.*was not unpacked: its files would have 20\d MB/);
  const lying = packedAgain([...files, ["zeros", Buffer.alloc(200_000_000)]], { says: { zeros: 1000 } });
  await refused(lying, "lying.zip", /lying\.zip was not opened.*zeros does not have the checksum/);
  await drawingStillWorks(page);
});

/** The files as another program packs them: deflated, with sizes behind the contents where they are `streamed`; `cut`: the name of one that is cut short, `says`: other sizes by name. */
function packedAgain(files, { method = 8, streamed = false, cut = null, says = {} } = {}) {
  const [parts, directory] = [[], []];
  let at = 0;
  for (const [name, contents] of files) {
    const whole = method === 8 ? deflateRawSync(contents) : contents;
    const packed = name === cut ? whole.subarray(0, -9) : whole;
    const size = says[name] ?? contents.length;
    const header = (sizes) => {
      const bytes = Buffer.alloc(26);
      bytes.writeUInt16LE(20, 0);
      bytes.writeUInt16LE(streamed ? 8 : 0, 2);
      bytes.writeUInt16LE(method, 4);
      bytes.writeUInt32LE(0x5b7a_6b4c, 6);
      for (const [k, value] of sizes.entries()) bytes.writeUInt32LE(value, 10 + 4 * k);
      bytes.writeUInt16LE(name.length, 22);
      return bytes;
    };
    const sizes = [crc32(contents), packed.length, size];
    const numbers = Buffer.alloc(16, "PK\x07\x08");
    for (const [k, value] of sizes.entries()) numbers.writeUInt32LE(value, 4 + 4 * k);
    const local = [
      Buffer.from("PK\x03\x04"),
      header(streamed ? [0, 0, 0] : sizes),
      Buffer.from(name),
      packed,
    ];
    const whereAt = Buffer.alloc(14);
    whereAt.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.alloc(2), header(sizes), whereAt, Buffer.from(name));
    const written = Buffer.concat([...local, ...(streamed ? [numbers] : [])]);
    parts.push(written);
    at += written.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22, "PK\x05\x06");
  end.fill(0, 4);
  for (const offset of [8, 10]) end.writeUInt16LE(files.length, offset);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, entries, end]);
}

/** An archive of these files, written by the page's own module. */
async function rewritten(page, files) {
  const contents = [...files].map(([name, bytes]) => [name, bytes.toString("base64")]);
  const base64 = await page.evaluate(async (all) => {
    const { ArchiveWriter, default: init } = await import("/source/pkg/cpu/latent_lab.js");
    await init();
    const writer = new ArchiveWriter();
    const parts = all.flatMap(([name, text]) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      return [writer.header(name, bytes), bytes];
    });
    const whole = new Uint8Array(await new Blob([...parts, writer.finish()]).arrayBuffer());
    let binary = "";
    for (const byte of whole) binary += String.fromCharCode(byte);
    return btoa(binary);
  }, contents);
  return Buffer.from(base64, "base64");
}

test("pictures, charts and numbers are saved", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await pickDigit(page, 4);
  await page.locator("#play").click();
  await untilStep(page, 5);
  await pause(page);
  const input = await exported(page, "input", "png");
  assert.equal(input.name, "latent-lab-input.png");
  const side = input.bytes.readUInt32BE(16);
  assert.equal(side % 28, 0);
  assert.ok(side > 1000);
  const shades = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {
      width: image.width,
      height: image.height,
    });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const scale = image.width / 28;
    return Array.from(
      { length: 784 },
      (_, k) => context.getImageData((k % 28) * scale + 3, Math.floor(k / 28) * scale + 3, 1, 1).data[0],
    );
  }, input.bytes.toString("base64"));
  assert.deepEqual(shades, await shadesOf(page, "#framed"), "each pixel is a square of its shade");

  const history = String((await exported(page, "history", "csv")).bytes);
  const rows = history
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
  assert.deepEqual(rows[0], [
    "run",
    "seed",
    "settings",
    "changed",
    "curve",
    "step",
    "reconstruction",
    "kl",
    "total",
  ]);
  assert.ok(rows.length > 5 && rows.every((row) => row.length === 9));
  assert.deepEqual(rows[1].slice(0, 6), ["Variational autoencoder", "5", rows[1][2], "", "train", "1"]);
  assert.match(rows[1][2], /hidden=64/);

  for (const theme of ["light", "dark"]) {
    const chart = await exported(page, "losses", `svg_${theme}`);
    assert.equal(chart.name, `latent-lab-losses${theme === "dark" ? "-dark" : ""}.svg`);
    const points = await pointsOf(page, String(chart.bytes), '[data-curve="reconstruction-train"] path');
    const steps = rows.filter(([, , , , curve]) => curve === "train").map((row) => row.slice(5).map(Number));
    assert.equal(points.length, steps.length);
    const axis = Math.max(100, steps.at(-1)[0]); // steps from one end to the other
    const [first, last] = [points[0], points.at(-1)];
    const scale = (first[1] - last[1]) / (steps[0][1] - steps.at(-1)[1]); // pixels per nat
    for (const [k, [x, y]] of points.entries()) {
      assert.ok(Math.abs(x - (64 + (640 * steps[k][0]) / axis)) < 0.02, `step ${steps[k][0]} is at ${x}`);
      assert.ok(Math.abs(y - (first[1] + scale * (steps[k][1] - steps[0][1]))) < 0.05);
    }
  }
  const map = String((await exported(page, "map", "svg_light")).bytes);
  const numerals = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    return parsed.querySelector("parsererror") ? -1 : parsed.querySelectorAll("[data-label] text").length;
  }, map);
  assert.ok(numerals > 1900 && numerals <= 2000, `${numerals} test images`);
});

/** The attributes of the elements that `selector` finds in an SVG document, and its title. */
function partsOf(page, document, selector) {
  return page.evaluate(
    ([text, wanted]) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      if (parsed.querySelector("parsererror")) return null;
      const attributes = (element) =>
        Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
      const found = [...parsed.querySelectorAll(wanted)];
      const words = [...parsed.querySelectorAll("text")].map(({ textContent }) => textContent);
      const sizes = [...parsed.querySelectorAll("[font-size]")].map((each) =>
        Number(each.getAttribute("font-size")),
      );
      return { title: parsed.querySelector("title").textContent, words, sizes, found: found.map(attributes) };
    },
    [document, selector],
  );
}

test("strips and numbers of paths, posteriors and columns of the comparison are saved", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?compare=cvae,z2");
  await pickDigit(page, 4);
  await showView(page, "paths");
  await page.locator('#paths-panel[data-state="shown"]').waitFor();
  await untilAnswered(page);
  await showView(page, "posterior");
  await page.locator('.posterior-of[data-source="full-z2"][data-state="done"]').waitFor();
  await showView(page, "compare");
  await page.locator('.compared[data-source="z2"]:not([data-images="0"])').waitFor();
  await page.locator('.compared[data-source="z2"] [data-part="map"][data-components]').waitFor();
  await untilAnswered(page);

  const strip = await exported(page, "path_spherical", "png");
  assert.equal(strip.name, "latent-lab-path-spherical.png");
  assert.equal(strip.bytes.readUInt32BE(16) % (11 * 28 + 20), 0, "eleven pictures side by side");

  const numbers = String((await exported(page, "path_numbers", "svg_light")).bytes);
  const straight = await pointsOf(page, numbers, '[data-line="straight"]');
  assert.equal(straight.length, 61);
  assert.ok(
    straight[30][1] > Math.max(straight[0][1], straight[60][1]),
    "its middle is nearer to the origin",
  );

  for (const [theme, ink] of [
    ["light", "#23211d"],
    ["dark", "#eceae4"],
  ]) {
    const plane = String((await exported(page, "posterior-full-z2", `svg_${theme}`)).bytes);
    const { title, words, sizes, found } = await partsOf(
      page,
      plane,
      "image, [data-part=approximation] path, text",
    );
    assert.equal(title, "Posterior, Full covariance, Z = 2");
    assert.equal(found.filter(({ href }) => href?.startsWith("data:image/png;base64,")).length, 1);
    assert.equal(found.filter(({ d }) => d).length, 6, "the mean and two ellipses, each with its halo");
    assert.ok(found.some(({ fill }) => fill === ink));
    assert.ok(Math.min(...sizes) >= 13);
    assert.ok(
      words.some((line) => /^log p\(x\) = −\d+\.\d{3}, ELBO = −\d+/.test(line)),
      words.join(),
    );
  }
  const column = String((await exported(page, "compared-1-column", "svg_dark")).bytes);
  const { words, found } = await partsOf(page, column, "image");
  assert.equal(found.length, 5, "reconstruction, path, prior, box and digits");
  assert.ok(words.includes("Drawing, at the mean, given the label 4"), words.join());
  const losses = String((await exported(page, "compared-losses", "svg_light")).bytes);
  const bars = (await partsOf(page, losses, "[data-term]")).found;
  assert.deepEqual(
    bars.map((each) => each["data-term"]),
    ["reconstruction", "kl", "reconstruction", "kl"],
  );
  const map = await exported(page, "compared-2-map", "png_light");
  assert.ok(map.bytes.readUInt32BE(16) > 2000, "for print");
});

test("the codes of a codebook are saved as a picture, as bars and as a table", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?system=vq");
  await pickDigit(page, 4);
  await page.locator('#code-usage[data-state="counted"]').waitFor();
  await untilAnswered(page);
  const codes = await page.locator("#code-grid button").allInnerTexts();
  const grid = String((await exported(page, "code_grid", "svg_light")).bytes);
  const cells = (await partsOf(page, grid, "[data-code]")).found;
  assert.deepEqual(
    cells.map((each) => each["data-code"]),
    codes,
  );
  const [first] = await page
    .locator("#code-grid button")
    .evaluateAll((all) => all.map((each) => getComputedStyle(each).backgroundColor));
  assert.equal(cells[0].fill.replaceAll(" ", ", "), first);
  const table = String((await exported(page, "code_counts", "csv")).bytes)
    .trimEnd()
    .split("\r\n");
  assert.equal(table[0], "code,count,principal_1,principal_2");
  const counts = table.slice(1).map((line) => Number(line.split(",")[1]));
  assert.equal(counts.length, 128);
  assert.equal(
    counts.reduce((sum, each) => sum + each, 0),
    2000 * 49,
  );
  const bars = String((await exported(page, "code_usage", "svg_dark")).bytes);
  const heights = (await partsOf(page, bars, "[data-part=bars] rect")).found.map(({ height }) =>
    Number(height),
  );
  assert.deepEqual(
    heights,
    heights.toSorted((a, b) => b - a),
  );
  assert.ok(
    Math.abs(heights[1] / heights[0] - counts.toSorted((a, b) => b - a)[1] / Math.max(...counts)) < 1e-3,
  );
});

/** The points of a path in an SVG document. */
function pointsOf(page, document, selector) {
  return page.evaluate(
    ([text, wanted]) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      if (parsed.querySelector("parsererror")) return [];
      const numbers = parsed
        .querySelector(wanted)
        .getAttribute("d")
        .match(/-?[\d.]+/g)
        .map(Number);
      return Array.from({ length: numbers.length / 2 }, (_, k) => numbers.slice(2 * k, 2 * k + 2));
    },
    [document, selector],
  );
}

test("codes of the test images are saved for NumPy and for spreadsheets", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  const { bytes } = await exported(page, "codes", "npy");
  assert.equal(bytes.toString("latin1", 1, 6), "NUMPY");
  const length = bytes.readUInt16LE(8);
  const head = bytes.toString("latin1", 10, 10 + length);
  assert.match(head, /'descr': '<f4', 'fortran_order': False, 'shape': \(10000, 2\), \} *\n$/);
  assert.equal((10 + length) % 64, 0);
  assert.equal(bytes.length, 10 + length + 4 * 20_000);
  const table = String((await exported(page, "codes", "csv")).bytes)
    .trimEnd()
    .split("\r\n");
  assert.equal(table[0], "index,label,z1,z2");
  assert.equal(table.length, 10_001);
  for (const row of [0, 1, 9999]) {
    const values = [0, 1].map((k) => bytes.readFloatLE(10 + length + 4 * (2 * row + k)));
    assert.deepEqual(table[row + 1].split(",").slice(2).map(Number), values);
  }
  assert.match(table[1], /^0,7,/); // the first test image is a seven
});

for (const [format, colorScheme] of [
  ["A4", "light"],
  ["Letter", "dark"],
])
  test(`the figure sheet is one page of ${format}`, { colorScheme }, async ({ page, origin }) => {
    await open({ page, origin }, CPU);
    await pickDigit(page, 5);
    await page.locator("#play").click();
    await untilStep(page, 5);
    await pause(page);
    await untilMapRests(page);
    const pdf = await page.pdf({ format, preferCSSPageSize: false });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g) ?? [];
    assert.equal(pages.length, 1);
    assert.equal(await page.locator("#sheet").count(), 0, "it is gone after printing");
  });

test("the menu is accessible and closes by Escape", { viewport: { width: 360, height: 640 } }, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await page.locator("#file-menu > summary").focus();
  await page.keyboard.press("Enter");
  await page.locator("#archive-save").waitFor();
  await assertAccessible(page);
  const { x, width } = await page.locator("#file-menu .menu-body").boundingBox();
  assert.ok(x >= 0 && x + width <= 360, `from ${x} to ${x + width}`);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#archive-save").isVisible(), false);
});
