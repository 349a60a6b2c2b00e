// The workbench: what is in sight on which screen, its views, and the first second.

import assert from "node:assert/strict";
import { inChromium } from "./browser.mjs";
import {
  assertAccessible,
  drawByMouse,
  drawByTouch,
  open,
  painted,
  pickDigit,
  pixels,
  scrolled,
  showView,
  strokeOnPad,
  tabs,
  takeStep,
  until,
  untilAddress,
  untilAnswered,
  untilMapRests,
  untilModel,
  untilPadIsEmpty,
  untilPixelsChange,
  untilReady,
  untilStep,
} from "./page.mjs";

const test = inChromium();
const MOST_CONTROLS = 20;
const TOUCH_PX = 40;
const PHONES = [
  { width: 390, height: 844 },
  { width: 360, height: 640 },
  { width: 844, height: 390 },
];
const phone = (viewport) => ({ viewport, hasTouch: true, isMobile: true });
const name = ({ width, height }) => `${width} x ${height}`;

/** The boxes of elements in the window, by selector. */
async function boxes(page, ...selectors) {
  return Promise.all(selectors.map((selector) => page.locator(selector).boundingBox()));
}

async function assertInWindow(page, selectors) {
  const { width, height } = page.viewportSize();
  for (const selector of selectors) {
    const box = await page.locator(selector).boundingBox();
    assert.ok(box, `${selector} is shown`);
    const within =
      box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 0.5 && box.y + box.height <= height + 0.5;
    assert.ok(within, `${selector} is in the window: ${JSON.stringify(box)}`);
  }
}

/** How far it reaches out of the element that scrolls around it, px; "hidden" where it is. */
function cutOff(page, selector) {
  return page.locator(selector).evaluate((element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return "hidden";
    const box = element.getBoundingClientRect();
    const around = element.closest(".panel").getBoundingClientRect();
    return Math.max(0, box.bottom - around.bottom, box.right - around.right);
  });
}

const pageScrolls = (page) =>
  page.evaluate(() => {
    const { scrollHeight, scrollWidth } = document.documentElement;
    return scrollHeight > innerHeight || scrollWidth > innerWidth;
  });

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 1100, height: 640 },
]) {
  test(`the daily work needs no scrolling at ${name(viewport)}`, { viewport }, async ({ page, origin }) => {
    await open({ page, origin });
    await pickDigit(page, 3);
    for (const view of await tabs(page)) {
      await showView(page, view);
      assert.equal(await pageScrolls(page), false, view);
      await assertInWindow(page, [
        "#pad",
        "#at-mean",
        "#at-sample",
        "#difference",
        "#terms",
        "#play",
        "#sparkline",
      ]);
      const beside = ["compare", "data"].includes(view) ? [] : ["#plane"]; // there each column has a map of its own
      for (const selector of ["#terms", ...beside])
        assert.equal(await cutOff(page, selector), 0, `${selector}, ${view}`);
    }
    await showView(page, "train");
    for (const selector of ['#settings [name="beta"]', "#chart", "#prior"]) {
      await assertInWindow(page, [selector]);
      assert.equal(await cutOff(page, selector), 0, `${selector} beside the others`);
    }
  });
}

test("all twenty sliders are in sight on a laptop", { viewport: { width: 1280, height: 720 } }, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await untilAnswered(page);
  assert.equal(await cutOff(page, "#sliders .latent:last-child"), 0);
});

for (const viewport of PHONES) {
  test(
    `pad and reconstruction stay side by side at ${name(viewport)}`,
    phone(viewport),
    async ({ page, origin }) => {
      await open({ page, origin });
      await pickDigit(page, 3);
      for (const view of await tabs(page)) {
        await showView(page, view);
        assert.equal(await pageScrolls(page), false, view);
        await assertInWindow(page, ["#pad", "#at-mean", "#play", `#tab-${view}`, `[data-view="${view}"]`]);
        const [pad, mean, bar, list] = await boxes(page, "#pad", "#at-mean", "#bar", ".tabs");
        assert.ok(pad.x + pad.width <= mean.x, `${view}: the reconstruction is on the right`);
        assert.ok(Math.abs(pad.y - mean.y) < 20, `${view}: at the same height`);
        assert.ok(mean.width >= 0.8 * pad.width, `${view}: and as large`);
        assert.ok(list.y + list.height > viewport.height - 8, `${view}: the tabs are at the thumb`);
        assert.ok(
          bar.y + bar.height <= list.y + list.height + 0.5,
          `${view}: the bar is above or beside them`,
        );
      }
    },
  );

  test(`drawing by touch scrolls nothing at ${name(viewport)}`, phone(viewport), async ({ page, origin }) => {
    await open({ page, origin });
    const blank = await pixels(page, "#at-mean");
    await drawByTouch(page, await strokeOnPad(page, { from: [0.5, 0.9], to: [0.5, 0.1] }));
    await untilPixelsChange(page, "#at-mean", blank);
    assert.deepEqual(await scrolled(page), []);
  });

  test(
    `everything to press is ${TOUCH_PX} px high at ${name(viewport)}`,
    phone(viewport),
    async ({ page, origin }) => {
      await open({ page, origin });
      await pickDigit(page, 3);
      for (const view of await tabs(page)) {
        await showView(page, view);
        assert.deepEqual(await tooLow(page), [], view);
      }
    },
  );
}

/** Controls in sight that are lower than a finger needs; a checkbox is pressed by its label, and links are in sentences. */
function tooLow(page) {
  return page.evaluate((least) => {
    const all = [...document.querySelectorAll("button, select, input, summary, .switch")];
    return all
      .filter(
        (each) =>
          each.checkVisibility({ visibilityProperty: true }) &&
          !each.matches(".switch input, .label-button input"),
      )
      .filter(
        (each) => !each.closest(".visually-hidden") && each.getBoundingClientRect().height < least - 0.5,
      )
      .map(
        (each) =>
          `${each.tagName} #${each.id} ${each.textContent.slice(0, 20)} ${each.getBoundingClientRect().height}`,
      );
  }, TOUCH_PX);
}

test("a first-time visitor sees few controls", { viewport: { width: 1280, height: 720 } }, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?demo=on");
  await untilDemonstration(page, "drawn");
  const controls = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input, textarea, summary, a[href], [role=slider]")]
      .filter(
        (each) =>
          each.checkVisibility({ visibilityProperty: true }) &&
          !each.matches(".skip, .image-option, [type=range]"),
      )
      .map((each) => each.id || each.textContent.trim()),
  );
  assert.ok(controls.length <= MOST_CONTROLS, `${controls.length}: ${controls.join(", ")}`);
});

// Views.

test("arrow keys go from tab to tab, and the address keeps the view", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const focused = () => page.evaluate(() => document.activeElement.id);
  const selected = () => page.locator('[role="tab"][aria-selected="true"]').getAttribute("data-tab");
  await page.locator("#tab-latents").focus();
  for (const [key, wanted] of [
    ["ArrowRight", "compare"],
    ["ArrowRight", "data"],
    ["ArrowRight", "train"],
    ["ArrowRight", "measure"],
    ["End", "learn"],
    ["ArrowRight", "latents"],
    ["ArrowLeft", "learn"],
    ["Home", "latents"],
    ["ArrowRight", "compare"],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await selected(), wanted);
    assert.equal(await focused(), `tab-${wanted}`);
    assert.ok(await page.locator(`#view-${wanted}`).isVisible());
    assert.equal(await page.locator('[role="tabpanel"]:visible').count(), 1);
  }
  await untilAddress(page, /view=compare/);
  await page.reload();
  await untilReady(page);
  assert.equal(await selected(), "compare");
});

test("a view that does not exist is refused with a sentence", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?view=nowhere&demo=maybe");
  const words = await page.locator("#notices").innerText();
  assert.match(words, /view=nowhere/);
  assert.match(words, /demo=maybe/);
  assert.ok(await page.locator("#view-latents").isVisible());
});

test(
  "the focus moves in the order of what is seen, and the map is a tab only where there is no room for it",
  phone(PHONES[0]),
  async ({ page, origin }) => {
    await open({ page, origin });
    assert.ok((await tabs(page)).includes("map"));
    const follows = (a, b) =>
      page.evaluate(
        ([first, second]) =>
          Boolean(
            document.querySelector(first).compareDocumentPosition(document.querySelector(second)) &
              Node.DOCUMENT_POSITION_FOLLOWING,
          ),
        [a, b],
      );
    assert.ok(await follows("#bar", "#tabs"));
    await showView(page, "map");
    await page.setViewportSize({ width: 1280, height: 720 });
    await until(page, "the map has no tab", async () => !(await tabs(page)).includes("map"));
    assert.ok(await follows("#tabs", "#pad"));
    await assertInWindow(page, ["#plane", "#sliders"]);
  },
);

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1280, height: 720 }, PHONES[0]]) {
    test(`axe finds nothing in any view: ${colorScheme}, ${name(viewport)}`, {
      viewport,
      colorScheme,
      reducedMotion: "reduce",
    }, async ({ page, origin }) => {
      await open({ page, origin }, "?batch=32");
      await pickDigit(page, 3);
      await takeStep(page, 1);
      for (const view of await tabs(page)) {
        await showView(page, view);
        await assertAccessible(page);
        for (const help of await page.locator(`[data-view="${view}"] .help > summary`).all()) {
          await help.click();
          await assertAccessible(page);
          await page.keyboard.press("Escape");
        }
      }
    });
  }
}

test("every view has a heading, and a sentence on what is seen", {}, async ({ page, origin }) => {
  await open({ page, origin });
  const views = await page.locator("[data-view]").all();
  assert.ok(views.length > 4);
  for (const view of views) {
    assert.ok((await view.locator("h2").first().textContent()).length > 0);
    assert.match((await view.locator(".aside").first().textContent()).trim(), /\.$/);
  }
});

test("a hidden view is not drawn, and is up to date once it is shown", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32");
  await takeStep(page, 1);
  const total = page.locator('#losses [data-row="train"] [data-term="total"]');
  await painted(page);
  assert.equal(await total.textContent(), "–");
  assert.match(await page.locator("#bar-train").innerText(), /^\d+\.\d$/, "the bar is in sight");
  await showView(page, "train");
  assert.equal(await total.textContent(), await page.locator("#bar-train").innerText());
});

// One model, named once.

test("the formula is that of the weights shown, and says what the next run would have", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, "?beta=20&batch=32&view=train");
  const formula = () => page.locator("#loss-formula").innerText();
  const next = page.locator("#next-formula");
  await until(
    page,
    "the next run has another formula",
    () => next.innerText(),
    (words) => /next run.*20/.test(words),
  );
  assert.doesNotMatch(await formula(), /\+ 20/);
  await page.locator("#step").click();
  await untilStep(page, 1);
  await untilModel(page, "training");
  assert.match(await formula(), /\+ 20/);
  assert.ok(await next.isHidden());
  assert.match(await page.locator("#model option:checked").innerText(), /in training, step 1/);
  await page.locator("#model").selectOption("z20");
  await untilModel(page, "z20");
  assert.doesNotMatch(await formula(), /\+ 20/);
});

test("beta and the learning rate are at hand in every view, and what is refused is said", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await page.locator("#bar-beta").fill("4");
  await page.locator("#bar-beta").press("Enter");
  assert.equal(await page.locator('#settings [name="beta"]').inputValue(), "4");
  await page.locator("#bar-learning-rate").fill("fast");
  await page.locator("#bar-learning-rate").press("Tab");
  assert.match(await page.locator("#setting-note").innerText(), /fast/);
  assert.equal(await page.locator("#bar-learning-rate").inputValue(), "0.001");
});

test("the sliders say that they are in order only while they are", {}, async ({ page, origin }) => {
  await open({ page, origin }, "?batch=32");
  const state = () => page.locator("#order-state").innerText();
  const usage = () =>
    page
      .locator("#sliders .usage")
      .evaluateAll((all) => all.map(({ textContent }) => Number.parseFloat(textContent) || 0));
  const isSorted = (values) => values.every((value, k) => k === 0 || values[k - 1] >= value);
  await until(page, "they are in order at first", state, (words) => /Most used first/.test(words));
  const most = await usage();
  assert.ok(most[0] > 0 && isSorted(most));
  await page.locator("#z1").focus(); // rows do not move under someone's hand
  await page.locator("#step").dispatchEvent("click");
  await untilModel(page, "training");
  await until(page, "the order is that of before", state, (words) => /earlier/.test(words));
  await page.locator("#sort-components").click();
  await until(page, "they are in order", state, (words) => /Most used first/.test(words));
  assert.ok(isSorted(await usage()));
});

// The first second.

const demonstration = (page) => page.locator("html").getAttribute("data-demonstration");

function untilDemonstration(page, wanted) {
  return until(
    page,
    `the demonstration is ${wanted}`,
    () => demonstration(page),
    (state) => state === wanted,
  );
}

async function openFresh({ page, origin }, query = "") {
  await page.goto(`${origin}/${query}`);
  await untilReady(page);
}

test("a recorded digit is drawn, reconstructed and placed on the map, and not kept", {}, async (site) => {
  const { page } = site;
  await openFresh(site);
  await untilDemonstration(page, "drawn");
  await until(
    page,
    "it is reconstructed",
    () => page.locator('#terms [data-term="total"][data-at="mean"]').innerText(),
    (words) => Number.parseFloat(words) > 0,
  );
  assert.equal(await page.locator("#pad").getAttribute("data-empty"), "false");
  assert.ok(await page.locator("#undo").isDisabled());
  await untilMapRests(page);
  await page.reload();
  await untilReady(page);
  await untilDemonstration(page, "drawn"); // nothing was kept, so it is drawn again
});

test("whoever touches the pad takes over at once", {}, async (site) => {
  const { page } = site;
  await openFresh(site);
  await untilDemonstration(page, "drawn");
  await drawByMouse(page, await strokeOnPad(page));
  await untilDemonstration(page, "gone");
  await page.locator("#undo").click();
  await untilPadIsEmpty(page);
  assert.ok(await page.locator("#undo").isDisabled(), "the recorded digit is nothing to undo");
});

test("a touch while it is drawn ends it", {}, async (site) => {
  const { page } = site;
  await page.addInitScript(() => {
    const asked = globalThis.requestAnimationFrame.bind(globalThis);
    globalThis.requestAnimationFrame = (draw) => asked(() => draw(0)); // time stands still: the replay does not end by itself
  });
  await openFresh(site);
  await untilDemonstration(page, "drawing");
  await drawByMouse(page, await strokeOnPad(page));
  await untilDemonstration(page, "gone");
  await page.locator("#undo").click();
  await untilPadIsEmpty(page);
});

test("with reduced motion the end is there at once", { reducedMotion: "reduce" }, async (site) => {
  await site.page.addInitScript(() => {
    globalThis.seen = [];
    new MutationObserver(() => globalThis.seen.push(document.documentElement.dataset.demonstration)).observe(
      document,
      { subtree: true, attributeFilter: ["data-demonstration"] },
    );
  });
  await openFresh(site);
  await untilDemonstration(site.page, "drawn");
  assert.deepEqual(await site.page.evaluate(() => globalThis.seen), ["drawn"]);
  assert.equal(await site.page.locator("#pad").getAttribute("data-empty"), "false");
});

test("an address that brings a state, and demo=off, leave the pad empty", {}, async (site) => {
  const { page } = site;
  for (const query of ["?beta=2", "?system=ae", "?demo=off"]) {
    await openFresh(site, query);
    assert.equal(await demonstration(page), null, query);
    await untilPadIsEmpty(page);
  }
});
