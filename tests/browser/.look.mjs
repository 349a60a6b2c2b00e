import { serve } from "../../build/serve.mjs";
import { launch } from "./browser.mjs";
import { open, pause, showView, until, untilStep } from "./page.mjs";

const server = await serve();
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await launch();
const out = "/tmp/value-pk/shots/";
const wait = (page, key) =>
  until(
    page,
    key,
    () => page.evaluate(() => new URLSearchParams(location.search).get("data") ?? "mnist"),
    (k) => k === key,
  );
try {
  for (const [w, h, scheme] of [
    [1280, 720, "light"],
    [390, 844, "dark"],
    [360, 640, "light"],
  ]) {
    const context = await browser.newContext({
      viewport: { width: w, height: h },
      colorScheme: scheme,
      hasTouch: w < 500,
      isMobile: w < 500,
    });
    context.setDefaultTimeout(40000);
    const page = await context.newPage();
    page.on("console", (m) => m.type() === "error" && console.log("console", m.text()));
    page.on("pageerror", (e) => console.log("pageerror", e.message));
    await open({ page, origin }, "demo=on&device=cpu&epochs=50");
    await page.waitForTimeout(2500);
    await page.screenshot({ path: `${out}first-${w}.png` });
    for (const key of w === 1280 ? ["fashion", "sprites", "animals"] : ["fashion"]) {
      await page.locator("#data-choice").selectOption(key);
      await wait(page, key);
      await page.waitForTimeout(4000);
      await page.screenshot({ path: `${out}${key}-${w}.png` });
      if (w !== 1280) {
        await showView(page, "train");
        await page.screenshot({ path: `${out}${key}-train-${w}.png` });
        continue;
      }
      await showView(page, "train");
      await page.locator("#play").click();
      await untilStep(page, 60);
      if (await page.locator('#train-panel').getAttribute('data-training') === 'running') await pause(page).catch(() => {});
      await page.waitForTimeout(3000);
      await page.screenshot({ path: `${out}${key}-train-${w}.png` });
      await showView(page, "compare");
      await page.waitForTimeout(4000);
      await page.screenshot({ path: `${out}${key}-compare-${w}.png` });
      await showView(page, "measure");
      await page
        .locator("#measure-images")
        .selectOption({ index: 0 })
        .catch(() => {});
      await page.locator("#measure-go").click();
      await page.waitForTimeout(9000);
      await page.screenshot({ path: `${out}${key}-measure-${w}.png` });
      await showView(page, "latents");
    }
    await context.close();
  }
} catch (e) {
  console.log(e.message);
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
