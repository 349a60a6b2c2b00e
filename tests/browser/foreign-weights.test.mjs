// Weights files of other programs: what the page asks, says and refuses.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inChromium } from "./browser.mjs";
import {
  downloadWeights,
  drawingStillWorks,
  open,
  pickDigit,
  safetensors,
  safetensorsHeader,
  set,
  untilLoss,
  untilModel,
  untilNotice,
  untilPixelsAre,
  untilStep,
  upload,
} from "./page.mjs";

const test = inChromium();
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const shipped = (name) => readFile(join(ROOT, `www/models/${name}.safetensors`));

/** The file as Python's save_file writes it again: without metadata, with other names, and with further tensors of zeros. */
function savedAgain(bytes, { rename = (name) => name, further = {} } = {}) {
  const { __metadata__: _, ...tensors } = safetensorsHeader(bytes);
  const numbers = bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
  const renamed = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]));
  let end = numbers.length;
  for (const [name, length] of Object.entries(further)) {
    renamed[name] = { dtype: "F32", shape: [length], data_offsets: [end, end + 4 * length] };
    end += 4 * length;
  }
  return safetensors(renamed, Buffer.concat([numbers, Buffer.alloc(end - numbers.length)]));
}

async function answer(page, label) {
  await page.locator(`#notices button[data-action="${label}"]`).click();
  await untilModel(page, "file");
}

test("a likelihood that the file does not tell is asked, and each answer loads it", {}, async (site) => {
  const { page } = site;
  await open(site, "?system=mse");
  await untilModel(page, "mse");
  const original = await pickDigit(page, 9);
  const file = upload(savedAgain(await shipped("mse")));
  await page.locator("#file").setInputFiles(file);
  await untilNotice(page, /mine\.safetensors: .*Bernoulli .* Gaussian with variance 1 .* Which one was it\?/);
  await untilModel(page, "mse");
  await answer(page, "Gaussian, variance 1");
  await untilNotice(page, /mine\.safetensors is loaded\. Its settings were inferred/);
  await untilPixelsAre(page, "#at-mean", original, "the file gives the same picture");
  await page.locator("#model").selectOption("mse");
  await untilModel(page, "mse");
  await page.locator("#file").setInputFiles(file);
  await answer(page, "Bernoulli");
});

test("a learned variance is a parameter of the file: nothing is asked", {}, async (site) => {
  await open(site);
  await site.page.locator("#file").setInputFiles(upload(savedAgain(await shipped("sigma"))));
  await untilModel(site.page, "file");
});

test("what is converted or not used is said, and Download writes a file of ours", {}, async (site) => {
  const { page } = site;
  await open(site);
  const rename = (name) => `module.${name}`;
  const bytes = savedAgain(await shipped("vae-z20"), { rename, further: { "ema.decay": 1, scratch: 3 } });
  await page.locator("#file").setInputFiles(upload(bytes));
  await answer(page, "Bernoulli");
  await untilNotice(page, /The prefix module\. was removed .* not used: ema\.decay, scratch\./);

  await page.locator("#notices button", { hasText: "Close" }).click(); // it lies over the lower end of the view
  const header = safetensorsHeader((await downloadWeights(page)).bytes);
  assert.equal(JSON.parse(header.__metadata__.model).likelihood, "bernoulli");
  assert.ok(header["encoder.mean.weight"] && !header.scratch, "names of ours and nothing else");
});

test("training starts from a file of another program", {}, async (site) => {
  const { page } = site;
  await open(site, "?batch=32");
  const rename = (name) => `_orig_mod.${name}`;
  await page.locator("#file").setInputFiles(upload(savedAgain(await shipped("vae-z20"), { rename })));
  await answer(page, "Bernoulli");
  await set(page, { from: "file" });
  await page.locator("#step").click();
  await untilStep(page, 1);
  assert.ok((await untilLoss(page, "train")) < 150, "the first step already knows digits");
});

const ZIP_ENTRY = "archive/data.pkl";

/** A stored zip archive of one entry without content, cut after it: enough for its name. */
function checkpoint() {
  const header = Buffer.alloc(30);
  header.write("PK\x03\x04");
  header.writeUInt16LE(ZIP_ENTRY.length, 26);
  return Buffer.concat([header, Buffer.from(ZIP_ENTRY)]);
}

for (const [what, file, pattern] of [
  [
    "an HTML page named .safetensors",
    upload(Buffer.from("<!doctype html><title>404</title><p>Not found</p>")),
    /mine\.safetensors was refused\. The file is a web page, not weights/,
  ],
  [
    "a PyTorch checkpoint",
    upload(checkpoint(), "model.pt"),
    /model\.pt was refused\. The file is a PyTorch checkpoint.*torch\.load.*save_file/s,
  ],
  [
    "a Git LFS pointer",
    upload(Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1307000\n")),
    /The file is a Git LFS pointer/,
  ],
]) {
  test(`${what} is refused by what it is`, {}, async (site) => {
    await open(site);
    await site.page.locator("#file").setInputFiles(file);
    await untilNotice(site.page, pattern);
    await untilModel(site.page, "z20");
    await drawingStillWorks(site.page);
  });
}
