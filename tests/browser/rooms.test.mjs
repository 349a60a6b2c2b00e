// The rooms whose scripts are loaded later: when, and what the page does where one does not come.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { inChromium, withoutServer } from "./browser.mjs";
import {
  drawByMouse,
  drawingStillWorks,
  drop,
  loadNothingInAdvance,
  open,
  pixels,
  showView,
  strokeOnPad,
  takeStep,
  until,
  untilEntered,
  untilNotice,
  untilPixelsChange,
  untilReady,
  untilStep,
} from "./page.mjs";

const test = inChromium();
const VIEWS = ["compare", "data", "learn", "measure", "paths", "posterior"];
const SCRIPT = /\/(\w+)-panel-[0-9a-f]{12}\.js/;
const FAILS = { provokes: [/net::ERR_/, /Failed to load resource/] };

const dist = await readdir(fileURLToPath(new URL("../../dist/", import.meta.url)));
const scripts = dist
  .map((name) => SCRIPT.exec(`/${name}`)?.[1])
  .filter(Boolean)
  .filter((name, k, all) => all.indexOf(name) === k);

const place = (page, name) => page.locator(`[data-room="${name}"]`);
const note = (page, name) => place(page, name).locator(".room-note");
const retry = (page, name) => note(page, name).locator("button");

/** The rooms whose scripts the page asks for, in that order. */
function watchScripts(page) {
  const asked = [];
  page.on("request", (request) => {
    const [, name] = SCRIPT.exec(request.url()) ?? [];
    if (name) asked.push(name);
  });
  return asked;
}

/** What the place of a room says once its script could not be loaded. */
function untilFailed(page, name, pattern) {
  return until(
    page,
    `the place of ${name} says ${pattern}`,
    () => note(page, name).innerText(),
    (words) => pattern.test(words),
  );
}

test("a script comes when its room is first entered, and no other with it", {}, async ({ page, origin }) => {
  await loadNothingInAdvance(page);
  const asked = watchScripts(page);
  await open({ page, origin });
  await drawingStillWorks(page);
  await showView(page, "train");
  assert.deepEqual(asked, [], "the daily work needs none");
  await showView(page, "compare");
  await showView(page, "latents");
  await showView(page, "compare");
  assert.deepEqual(asked, ["compare"]);
  await takeStep(page, 1);
  await showView(page, "train");
  await untilEntered(page, "runs");
  await page.locator("#runs tbody tr").first().waitFor();
  await page.locator("#file-menu > summary").click();
  await page.locator("#copy-link").waitFor();
  assert.deepEqual(asked, ["compare", "runs", "file"]);
});

test("an idle page loads them all in advance, and opens every room without a request", {}, async ({
  page,
  origin,
}) => {
  const asked = watchScripts(page);
  await open({ page, origin });
  await drawingStillWorks(page);
  await until(
    page,
    "all scripts are asked for",
    () => [...asked].sort().join(),
    (names) => names === [...scripts].sort().join(),
  );
  await untilEntered(page, "files"); // the last that is done with them
  assert.equal(
    await page.locator("#compare-columns > *").count(),
    0,
    "a room is furnished when it is entered",
  );
  for (const view of VIEWS) await showView(page, view);
  assert.equal(asked.length, scripts.length);
});

for (const view of VIEWS)
  test(`an address opens ${view}, embedded too, where nothing else is loaded`, {}, async ({
    page,
    origin,
  }) => {
    const asked = watchScripts(page);
    await page.goto(`${origin}/?embed=on&demo=off&view=${view}`);
    await untilReady(page);
    await untilEntered(page, view);
    assert.equal(await page.locator(`[data-view="${view}"]`).isVisible(), true);
    assert.equal(await note(page, view).count(), 0);
    assert.equal(asked.length, 1);
  });

/** Opens the menu, which asks for its script again. */
async function reopen(page, menu) {
  const failed = page.waitForEvent("requestfailed");
  await menu.click();
  await failed;
}

for (const [name, how] of [
  ["compare", "a view"],
  ["files", "the menu"],
])
  test(
    `without a network ${how} says that it could not be loaded, and comes by another try`,
    FAILS,
    async ({ page, origin, server }) => {
      await loadNothingInAdvance(page);
      await open({ page, origin });
      const enter = page.locator(name === "files" ? "#file-menu > summary" : `#tab-${name}`);
      await withoutServer(server, async () => {
        await enter.click();
        await untilFailed(page, name, /could not be loaded.*does not answer/s);
        await retry(page, name).click();
        await untilFailed(page, name, /could not be loaded.*does not answer/s);
        assert.equal(
          await place(page, name).locator("select, input, canvas").locator("visible=true").count(),
          0,
        );
        const before = await pixels(page, "#at-mean");
        await drawByMouse(page, await strokeOnPad(page));
        await untilPixelsChange(page, "#at-mean", before);
        if (name === "files") await reopen(page, enter); // the pen has closed it
        await untilFailed(page, name, /could not be loaded/);
        await retry(page, name).focus();
      });
      await page.keyboard.press("Enter");
      await untilEntered(page, name);
      assert.equal(await note(page, name).count(), 0);
      const focused = await page.evaluate(() => document.activeElement.tagName);
      assert.equal(focused, "H2", "the focus is in what has come");
      if (name === "files") await page.locator("#copy-link").click();
      else await page.locator(".compared").first().waitFor();
      await takeStep(page, 1);
    },
  );

test(
  "training goes on without the table of runs, which is not asked for at each step",
  FAILS,
  async ({ page, origin }) => {
    await loadNothingInAdvance(page);
    const asked = watchScripts(page);
    await page.route("**/runs-panel-*.js*", (route) => route.abort());
    await open({ page, origin }, "?view=train&device=cpu&batch=32&hidden=16");
    await page.locator("#play").click();
    await untilStep(page, 50);
    await untilFailed(page, "runs", /runs-panel\.js could not be fetched/);
    assert.deepEqual(asked, ["runs", "runs"], "once, and once to find out why not");
    await page.unroute("**/runs-panel-*.js*");
    await retry(page, "runs").click();
    await page.locator("#runs tbody tr").first().waitFor();
  },
);

test("a view that failed is tried again when it is shown again", FAILS, async ({ page, origin, server }) => {
  await loadNothingInAdvance(page);
  await open({ page, origin });
  await withoutServer(server, async () => {
    await page.locator("#tab-measure").click();
    await untilFailed(page, "measure", /could not be loaded/);
    await showView(page, "latents");
  });
  await showView(page, "measure");
  assert.equal(await page.locator("#measure-go").isVisible(), true);
});

test("the sign-in page of a network in place of a script is said", { provokes: [/MIME type/] }, async ({
  page,
  origin,
}) => {
  await loadNothingInAdvance(page);
  await open({ page, origin });
  const portal = { contentType: "text/html", body: "<!doctype html><title>Sign in</title>" };
  await page.route("**/measure-panel-*.js*", (route) => route.fulfill(portal));
  await page.locator("#tab-measure").click();
  await untilFailed(page, "measure", /the server sent a web page/);
  await page.unroute("**/measure-panel-*.js*");
  await retry(page, "measure").click();
  await untilEntered(page, "measure");
});

test(
  "a saved lab that is dropped where its script does not come is refused, and weights are taken",
  FAILS,
  async ({ page, origin, server }) => {
    await loadNothingInAdvance(page);
    await open({ page, origin });
    await withoutServer(server, async () => {
      await drop(page, { name: "lab.zip", bytes: "PK" });
      await untilNotice(page, /lab\.zip was not opened, and nothing has changed.*could not be loaded/);
      await drop(page, { name: "weights.safetensors", bytes: "no weights" });
      await untilNotice(page, /weights\.safetensors/);
    });
  },
);
