// What a paper takes from the page: tables, an entry for BibTeX, the command that repeats a run, and a code as every class.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import { keptRun } from "./kept.mjs";
import {
  actOnRun,
  assertAccessible,
  chooseSystem,
  copied,
  open,
  pickDigit,
  pixels,
  runRow,
  set,
  showView,
  takeStep,
  until,
  untilAnswered,
  untilModel,
  untilPixelsAre,
  untilPixelsChange,
  untilReady,
} from "./page.mjs";
import { assertPinned } from "./ten-losses.mjs";

const test = inChromium();

const commandOf = (page, words) => copied(page, () => actOnRun(page, words, /Copy command|Copied/));

test("a run's command has the settings by which its losses can be repeated", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?device=cpu&batch=32&seed=11&view=train");
  for (let step = 1; step <= 10; step++) await takeStep(page, step);
  const { history, record } = await keptRun(page);
  assertPinned(history.train.map(({ total }) => ({ total })));
  assert.deepEqual(record.changes, []);
  const command = "latent-lab train --preset vae --seed 11 --batch 32 --epochs 1";
  assert.equal(await commandOf(page, "Variational autoencoder"), command);

  await set(page, { beta: 4 });
  await takeStep(page, 11);
  const comment = "# KL weight β was changed from 1 to 4 at step 10: the command has 1 from the start.";
  assert.equal(await commandOf(page, "Variational autoencoder"), `${comment}\n${command}`);

  await showView(page, "measure");
  await page.locator("#measure-images").selectOption("500");
  await page.locator("#measure-go").click();
  await page.locator('#measure-panel[data-state="measured"]').waitFor();
  const changed = "KL weight β from 1 to 4 at step 10";
  assert.ok(
    (await page.locator("#measure-results thead").innerText()).includes(
      `Changed while it trained: ${changed}.`,
    ),
  );
  const last = {
    text: `\t${changed}\t`,
    csv: `,${changed},`,
    markdown: `| ${changed} |`,
    latex: "to 4 at step 10 \\\\",
  };
  for (const [format, words] of Object.entries(last)) {
    await page.locator("#measure-format").selectOption(format);
    const table = await copied(page, () => page.locator("#measure-copy").click());
    const line = table.split("\n").find((each) => each.includes("changed while it trained"));
    assert.ok(format === "csv" ? table.includes(words) : line.includes(words), `${format}: ${line}`);
  }
  await page.reload();
  await untilReady(page);
  await showView(page, "train");
  await runRow(page, "Variational autoencoder").row.waitFor();
  assert.equal(await commandOf(page, "Variational autoencoder"), `${comment}\n${command}`, "a kept run's");
  await assertAccessible(page);
});

test("a command that cannot be copied is shown", { viewport: { width: 360, height: 740 } }, async ({
  page,
  origin,
}) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await open({ page, origin }, "?device=cpu&batch=8&hidden=16&likelihood=unit_gaussian&view=train");
  await takeStep(page, 1);
  await actOnRun(page, "Variational autoencoder", "Copy command");
  const { details } = runRow(page, "Variational autoencoder");
  const expected =
    "latent-lab train --preset vae --hidden 16 --likelihood unit_gaussian --seed 1 --batch 8 --epochs 1";
  assert.equal(await details.locator("textarea").inputValue(), expected);
  await assertAccessible(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.ok(!wide, "nothing is wider than the page");
});

test("a measured table is copied in each format, with an entry for BibTeX in that for LaTeX", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await showView(page, "measure");
  await page.locator("#measure-images").selectOption("500");
  await page.locator("#measure-go").click();
  await page.locator('#measure-panel[data-state="measured"]').waitFor();
  const table = async (format) => {
    await page.locator("#measure-format").selectOption(format);
    return copied(page, () => page.locator("#measure-copy").click());
  };
  const csv = (await table("csv")).trim().split("\r\n");
  assert.equal(csv.length, 2);
  assert.match(csv[1], /^"Variational autoencoder, Z = 20",/);
  assert.match(await table("markdown"), /\n\| Total \| nats \| \d+\.\d\d ± \d\.\d\d \|\n/);
  const latex = await table("latex");
  assert.match(latex, /\nTotal & nats & \$\d+\.\d\d \\pm \d\.\d\d\$ \\\\\n/);
  await assertAccessible(page);

  await showView(page, "learn");
  await page
    .locator("#about details", { has: page.locator("#cite") })
    .locator("summary")
    .click();
  const entry = await copied(page, () => page.locator("#cite button").click());
  assert.equal(entry, await page.locator("#cite-entry").inputValue());
  assert.match(entry, new RegExp(`url = \\{${origin}/\\},\n.*\n  note = \\{Version [0-9a-f]{12}\\},`));
  assert.ok(latex.includes(entry.replaceAll(/^/gm, "% ")));
  await assertAccessible(page);
});

test("the code is shown as every class, and choosing one chooses its label", {
  viewport: { width: 360, height: 740 },
}, async ({ page, origin }) => {
  await open({ page, origin }, "?system=cvae");
  await pickDigit(page, 3);
  const pictureOf = (digit) => `.label-button:has([value="${digit}"]) canvas`;
  await page.locator("#label").scrollIntoViewIfNeeded();
  await untilAnswered(page);
  const three = await pixels(page, "#decoded");
  await untilPixelsAre(page, pictureOf(3), three, "the picture of the label is that of the code");
  const seven = await pixels(page, pictureOf(7));
  assert.notEqual(seven, three);
  await page.locator(pictureOf(7)).click({ force: true });
  await untilPixelsAre(page, "#decoded", seven, "the code is decoded with the label chosen");
  assert.equal(await pixels(page, pictureOf(3)), three, "the code stays");

  await page.locator("#sliders input[type=range]").first().focus();
  await page.keyboard.press("End");
  await page.locator("#label").scrollIntoViewIfNeeded();
  await untilPixelsChange(page, pictureOf(3), three);
  await until(
    page,
    "the picture of the label is that of the code again",
    async () => (await pixels(page, pictureOf(7))) === (await pixels(page, "#decoded")),
  );
  await assertAccessible(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.ok(!wide, "nothing is wider than the page");
  await chooseSystem(page, "vae");
  await untilModel(page, "z20");
  assert.ok(await page.locator("#label").isHidden());
});
