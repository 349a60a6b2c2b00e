// Links, hidden parts, and the page within another page.

import assert from "node:assert/strict";
import { strokesToText } from "../../www/share/drawing-text.js";
import { inChromium, openChromiumPage } from "./browser.mjs";
import { untilKept } from "./kept.mjs";
import {
  assertAccessible,
  copied,
  drawByMouse,
  open,
  painted,
  pickDigit,
  pixels,
  set,
  setMap,
  showView,
  strokeOnPad,
  takeStep,
  until,
  untilAnswered,
  untilCompared,
  untilMapRests,
  untilModel,
  untilNotice,
  untilReady,
} from "./page.mjs";

const test = inChromium();
const WINDOW = { viewport: { width: 1280, height: 720 } };
const PICTURES = ["#pad", "#framed", "#at-mean", "#decoded", "#strip", "#plane"];

async function copyLink(page) {
  await page.locator("#file-menu > summary").click();
  const link = await copied(page, () => page.locator("#copy-link").click());
  await page.locator("#share-note", { hasText: "Link copied" }).waitFor();
  await page.keyboard.press("Escape");
  return link;
}

const seen = async (page) => {
  await page.mouse.move(5, 5);
  await untilAnswered(page);
  await untilMapRests(page);
  return Promise.all(PICTURES.map((selector) => pixels(page, selector)));
};

/** A page of its own browser profile at an address. */
async function elsewhere({ context, address }) {
  const { page } = await openChromiumPage(context.browser(), WINDOW);
  await page.goto(address);
  await untilReady(page);
  return page;
}

test("a link shows somebody else the same pixels", WINDOW, async ({ page, context, origin }) => {
  await open({ page, origin });
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await drawByMouse(page, await strokeOnPad(page));
  await drawByMouse(page, await strokeOnPad(page, { from: [0.2, 0.4], to: [0.8, 0.45] }));
  await untilMapRests(page);
  await page.locator("#z2").focus();
  for (let k = 0; k < 7; k++) await page.keyboard.press("ArrowRight");
  await page.locator("#plane").focus();
  for (let k = 0; k < 2; k++) await page.keyboard.press("+");
  await untilMapRests(page);
  const address = await copyLink(page);
  assert.match(address, /weights=z2.*camera=.*#.*drawing=.*code=/);
  await until(
    page,
    "the bar keeps to the settings",
    () => page.url(),
    (url) => !url.includes("#"),
  );
  const here = await seen(page);
  const other = await elsewhere({ context, address });
  await untilModel(other, "z2");
  await untilMapRests(other);
  const there = await seen(other);
  for (const [k, selector] of PICTURES.entries())
    assert.equal(there[k] === here[k], true, `${selector} is the same`);
  assert.equal(await other.locator("#notices .notice").count(), 0);
  await other.locator("#clear").click();
  await until(
    other,
    "what is not seen any more leaves the address",
    () => other.url(),
    (url) => !url.includes("drawing="),
  );
  await other.context().close();
});

test("a test digit, settings, the comparison and the view come with a link", {}, async ({
  page,
  context,
  origin,
}) => {
  await open({ page, origin }, "?system=beta&beta=7&seed=12345");
  await pickDigit(page, 8);
  await page.locator("#model").selectOption("beta-20");
  await untilModel(page, "beta-20");
  await setMap(page, { x: "4", y: "7" });
  await showView(page, "compare");
  await page.locator("#compare-stories button").nth(2).click();
  const address = await copyLink(page);
  const other = await elsewhere({ context, address });
  await untilModel(other, "beta-20");
  await untilCompared(other, "ae", "noise", "z20");
  assert.equal(await other.locator("#bar-beta").inputValue(), "7");
  await untilAlike(page, other, "#framed");
  await showView(other, "latents");
  await until(
    other,
    "the axes are those of the link",
    () => other.locator("#plane-panel").getAttribute("data-axes"),
    (axes) => axes === "5 8",
  );
  await showView(other, "train");
  assert.equal(await other.locator('#settings [name="seed"]').inputValue(), "12345");
  await other.context().close();
});

/** What all canvases in `view` show, once it is at rest. */
async function picturesOf(page, view) {
  await untilAnswered(page);
  const all = page.locator(`[data-view="${view}"] canvas`).filter({ visible: true });
  return all.evaluateAll((canvases) => canvases.map((each) => each.toDataURL()));
}

/** What `view` shows in `other` becomes what it shows in `page`. */
async function untilViewIsAlike(page, other, view) {
  const expected = await picturesOf(page, view);
  const now = () => picturesOf(other, view);
  await until(
    other,
    `${view} is as in the page that the link is from`,
    now,
    (all) => `${all}` === `${expected}`,
  );
}

/** What `selector` shows in `other` becomes what it shows in `page`. */
async function untilAlike(page, other, selector) {
  await untilAnswered(page);
  const expected = await pixels(page, selector);
  const now = () => pixels(other, selector);
  await until(other, `${selector} is as in the page that the link is from`, now, (it) => it === expected);
}

test("a link has the ends of the paths, the path and the place on it, and what is random", {}, async ({
  page,
  context,
  origin,
}) => {
  await open({ page, origin });
  await page.locator("#input-options > summary").click();
  await page.locator("#corruption").selectOption("noise");
  await page.keyboard.press("Escape");
  await drawByMouse(page, await strokeOnPad(page));
  await page.locator("#resample").click();
  await showView(page, "paths");
  await page.locator('[data-end="a"] [data-part="pin"]').click();
  await showView(page, "latents");
  const slider = page.locator("#sliders input[type=range]").first();
  await slider.focus();
  for (let k = 0; k < 8; k++) await page.keyboard.press("ArrowRight");
  await untilAnswered(page); // the picture is pinned as well
  await showView(page, "paths");
  await page.locator('[data-end="b"] [data-part="pin"]', { hasText: "Code as B" }).click();
  await page.locator('.path-row[data-kind="spherical"] input').check();
  await page.locator("#path-time").focus();
  for (let k = 0; k < 17; k++) await page.keyboard.press("ArrowRight");
  await page.locator('#path-picture[data-frames="true"][data-at="17"]').waitFor();
  const address = await copyLink(page);
  assert.match(address, /course=spherical&place=17.*#.*a=drawing\..*b=code\./);

  const other = await elsewhere({ context, address });
  await other.locator('#path-picture[data-frames="true"][data-at="17"]').waitFor();
  await untilViewIsAlike(page, other, "paths");
  for (const selector of ["#framed", "#at-mean", "#at-sample"]) await untilAlike(page, other, selector);
  await showView(page, "train");
  await showView(other, "train");
  await untilAlike(page, other, "#prior");
  assert.equal(await other.locator("#notices .notice").count(), 0);

  await showView(other, "paths");
  await other.locator("#path-swap").click();
  await until(
    other,
    "what is not seen any more leaves the address",
    () => other.url(),
    (url) => !/a=drawing|kept=off/.test(url) && url.includes("course=spherical"),
  );
  await other.context().close();
});

test("a code of other weights is an end in a link, and a run's is there as its picture", {}, async ({
  page,
  context,
  origin,
}) => {
  await open({ page, origin }, "?hidden=16&device=cpu&batch=8");
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  await page.locator("#latent-sample").click();
  await untilAnswered(page); // the picture is pinned as well
  await showView(page, "paths");
  await page.locator('[data-end="a"] [data-part="pin"]', { hasText: "Code as A" }).click();
  await takeStep(page, 1);
  await untilModel(page, "training");
  await showView(page, "latents");
  await page.locator("#latent-sample").click();
  await untilAnswered(page); // the picture is pinned as well
  await showView(page, "paths");
  await page.locator('[data-end="b"] [data-part="pin"]', { hasText: "Code as B" }).click();
  await page.locator("#model").selectOption("z20");
  await untilModel(page, "z20");
  await until(
    page,
    "both codes are of other models",
    () => page.locator("#path-note").innerText(),
    (note) => /A was a code.*B was a code/.test(note),
  );
  const address = await copyLink(page);
  assert.match(address, /#a=code\..*\.z2&b=picture\./);
  const other = await elsewhere({ context, address });
  await untilAlike(page, other, '[data-end="a"] canvas');
  await untilAlike(page, other, '[data-end="b"] canvas');
  await other.locator("#model").selectOption("z2");
  await until(
    other,
    "with its weights it is a code again",
    () => other.locator("#path-note").innerText(),
    (note) => /^B was a code/.test(note),
  );
  await other.context().close();
});

test(
  "a link has the models and crosses of Posterior, the background of the map, and the label of Compare",
  WINDOW,
  async ({ page, context, origin }) => {
    await open({ page, origin });
    await page.locator("#model").selectOption("z2");
    await untilModel(page, "z2");
    await pickDigit(page, 6);
    await page.locator("#clear").click();
    await drawByMouse(page, await strokeOnPad(page));
    await showView(page, "posterior");
    await page.locator('.posterior-of[data-source="full-z2"][data-state="done"]').waitFor();
    await page.locator('.posterior-of[data-source="full-z2"] [data-part="use"]').click();
    await untilModel(page, "full-z2");
    const plane = page.locator('.posterior-of[data-source="z2"] .posterior-plane');
    await plane.focus();
    for (let k = 0; k < 3; k++) await page.keyboard.press("ArrowUp");
    await page.mouse.move(5, 5);
    await showView(page, "latents");
    await page.locator("#plane-options > summary").click();
    await page.locator("#plane-background").check();
    await page.keyboard.press("Escape");
    await showView(page, "posterior");
    const address = await copyLink(page);
    assert.match(address, /weights=full-z2.*label=6&infer=on.*background=on.*cross=z2/);

    const other = await elsewhere({ context, address });
    await untilModel(other, "full-z2");
    await other.locator('.posterior-of[data-source="full-z2"][data-state="done"]').waitFor();
    await untilViewIsAlike(page, other, "posterior");
    await showView(other, "latents");
    assert.equal(await other.locator("#plane-background").isChecked(), true);
    await other.context().close();
  },
);

test("a link is not mixed with what is kept where it is opened", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await drawByMouse(page, await strokeOnPad(page));
  await page.locator("#sliders input[type=range]").first().focus();
  for (let k = 0; k < 8; k++) await page.keyboard.press("ArrowRight");
  await showView(page, "paths");
  await page.locator('[data-end="a"] select').selectOption("5");
  await page.locator('.path-row[data-kind="pixels"] input').check();
  await untilKept(page, "entries", "all of it is kept", (kept) => {
    const { code, ends, views } = kept;
    return (
      code?.value.origin === "edited" && ends?.value.a.index === 5 && /pixels/.test(views?.value.address)
    );
  });
  const seenNow = async () => [
    await page.locator('[data-end="a"] select').inputValue(),
    await page.locator('.path-row[data-chosen="true"]').getAttribute("data-kind"),
    (await page.locator("#pad").getAttribute("data-empty")) === "true",
  ];
  await page.goto(`${origin}/?demo=off&view=paths`);
  await untilReady(page);
  await page.locator('#paths-panel[data-state="shown"]').waitFor();
  assert.deepEqual(await seenNow(), ["5", "pixels", false], "as it was left");
  await page.goto(`${origin}/?kept=off&system=vae&weights=z20&demo=off&view=paths`);
  await untilReady(page);
  await page.locator('#paths-panel[data-state="shown"]').waitFor();
  assert.deepEqual(await seenNow(), ["8", "straight", true], "as the link has it");
  assert.equal(await page.locator('[data-end="a"] [data-part="pin"]').isDisabled(), true, "no code");
  await page.locator("#undo").click();
  await until(
    page,
    "the own drawing is back",
    () => page.locator("#pad").getAttribute("data-empty"),
    (empty) => empty === "false",
  );
});

test("ends of the paths that are damaged, or of weights that cannot be fetched, are refused in a sentence", {
  provokes: [/404/],
}, async ({ page, origin }) => {
  await page.route("**/models/ae-*.safetensors", (route) => route.fulfill({ status: 404 }));
  await page.goto(
    `${origin}/?demo=off&view=paths&cross=z2,1&place=61#a=drawing.AAAA&b=code.AACAPwAAgD8..3.ae`,
  );
  await untilReady(page);
  for (const pattern of [
    /End A of the paths in the address is damaged/,
    /End B .* cannot be shown\. .*404/,
    /“61” on the path/,
    /“z2,1” for the cross/,
  ])
    await untilNotice(page, pattern);
  await page.locator('#paths-panel[data-state="shown"]').waitFor();
  assert.equal(await page.locator('[data-end="b"] select').inputValue(), "3", "the usual end is there");
});

test("a drawing of the last visit is one Undo away", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await drawByMouse(page, await strokeOnPad(page));
  await painted(page);
  const own = await pixels(page, "#pad");
  await untilKept(page, "entries", "the drawing is kept", ({ drawing }) => drawing?.value.items.length === 1);
  await page.goto(`${origin}/?demo=off&x=1#digit=7`);
  await untilReady(page);
  const linked = await until(
    page,
    "the digit is there",
    () => pixels(page, "#pad"),
    (now) => now !== own,
  );
  assert.notEqual(linked, own);
  await page.locator("#undo").click();
  await page.locator("#undo").click();
  await until(
    page,
    "the own drawing is back",
    () => pixels(page, "#pad"),
    (now) => now === own,
  );
});

test("what an address asks for in vain is said, and the rest is shown", {}, async ({ page, origin }) => {
  const query = "demo=off&weights=z3&axes=25,1&component=30&camera=1,2&box=7";
  await page.goto(`${origin}/?${query}#drawing=AAAA&digit=99&code=AACAPw`);
  await untilReady(page);
  for (const pattern of [
    /weights “z3”/,
    /“1,2” as the part of the map/,
    /drawing in the address is damaged/,
    /test image “99”/,
    /code of 1 numbers?, and this model’s codes have 20/,
    /component 30, and this model has 20/,
    /component 25/,
  ])
    await untilNotice(page, pattern);
  await showView(page, "compare");
  assert.equal(await page.locator("#compare-reach-value").innerText(), "±7");
});

test("where the clipboard is closed the link is there to be copied by hand", {}, async ({ page, origin }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await open({ page, origin });
  await page.locator("#file-menu > summary").click();
  await page.locator("#copy-link").click();
  const area = page.locator("#share-text");
  await area.waitFor();
  assert.match(await area.inputValue(), /^http:.*system=vae/);
  assert.equal(await area.evaluate(({ selectionEnd, value }) => selectionEnd === value.length), true);
  await assertAccessible(page);
});

test("a drawing that is too long for a link is offered as a file", {}, async ({ page, origin }) => {
  const at = (k) => ({ x: 0.5 + 0.4 * Math.sin(k), y: 0.5 + 0.4 * Math.cos(2 * k) });
  const points = Array.from({ length: 2000 }, (_, k) => at(k));
  await page.goto(`${origin}/?demo=off#drawing=${strokesToText([{ points, erase: false }])}`);
  await untilReady(page);
  await page.locator("#file-menu > summary").click();
  await page.locator("#copy-link").click();
  await page.locator("#share-note", { hasText: /longer than 8,000 characters/ }).waitFor();
  await assertAccessible(page);
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#share-file").click()]);
  assert.match(download.suggestedFilename(), /^latent-lab-.*\.zip$/);
  await page.locator("#file-menu > summary").click();
  assert.equal(await page.locator("#share-file").isVisible(), false);
});

test("a run's weights are in no link, and the menu says so", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await set(page, { hidden: 16 });
  await takeStep(page, 1);
  await page.locator("#file-menu > summary").click();
  await page.locator("#share-run").waitFor();
});

test("parts of the page are hidden, and a hidden map costs nothing", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?hide=header,map,bar,nothing");
  for (const [selector, visible] of [
    [".top", false],
    ["#view-map", false],
    ["#bar", false],
    ["#easel", true],
    ["#view-latents", true],
    [".tabs", true],
  ])
    assert.equal(await page.locator(selector).isVisible(), visible, selector);
  await untilNotice(page, /hides “nothing”/);
  await pickDigit(page, 3);
  await painted(page);
  assert.equal(await page.locator("#plane-panel").getAttribute("data-state"), "closed");
});

for (const view of ["latents", "paths", "posterior", "map", "compare", "data", "train", "measure", "learn"])
  test(`embedded: ${view} alone, without storage, and the page around it hears of changes`, {}, async ({
    page,
    origin,
  }) => {
    const address = `${origin}/?embed=on&view=${view}&demo=on`;
    await page.route(`${origin}/around`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><title>around</title><script>heard = []; addEventListener("message", (event) => heard.push(event.data))</script>
          <iframe src="${address}" title="lab" width="720" height="560"></iframe>`,
      }),
    );
    await page.goto(`${origin}/around`);
    const [, frame] = page.frames();
    await untilReady(frame);
    const heard = () => page.evaluate(() => globalThis.heard);
    const first = await until(page, "the page is ready", heard, (all) => all.length > 0);
    assert.deepEqual(
      [first[0].source, first[0].version, first[0].event, first[0].view],
      ["latent-lab", 1, "ready", view],
    );
    const visible = await frame
      .locator("[data-view]")
      .evaluateAll((all) =>
        all.filter((element) => element.checkVisibility()).map(({ dataset }) => dataset.view),
      );
    assert.deepEqual(visible, [view]);
    for (const selector of [".top", ".tabs", "#bar", "#easel"])
      assert.equal(await frame.locator(selector).isVisible(), false, selector);
    const wide = await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    assert.equal(wide, true, "nothing sticks out");
    if (view === "latents") {
      await frame.locator("#z1").focus();
      for (let k = 0; k < 5; k++) await page.keyboard.press("ArrowRight");
      const all = await until(page, "a change is posted", heard, (now) =>
        now.some(({ event }) => event === "change"),
      );
      assert.match(all.at(-1).address, /embed=on.*#.*code=/);
    }
    const kept = await frame.evaluate(async () => ({
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      stored: localStorage.length + sessionStorage.length,
      cookies: document.cookie,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    }));
    assert.deepEqual(kept, { databases: 0, caches: 0, stored: 0, cookies: "", workers: 0 });
  });
