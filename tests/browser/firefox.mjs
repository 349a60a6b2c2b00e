// The page in a real Firefox, driven by Puppeteer; WebGPU is computed by Mesa's lavapipe.

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { inBrowser, PATIENCE_MS } from "./browser.mjs";
import { DrivenPage } from "./driven-page.mjs";

const WEBGPU = {
  "dom.webgpu.enabled": true,
  "dom.webgpu.workers.enabled": true,
  "gfx.webgpu.ignore-blocklist": true, // which lists software adapters
};
const DRIVERS = "/usr/share/vulkan/icd.d";

const executablePath = find(process.env.FIREFOX || "firefox-esr");
const lavapipe = driversOf(DRIVERS).find((name) => /^lvp_icd\b.*\.json$/.test(name));

/** Why no test runs, or false. */
const noFirefox = executablePath ? false : "Firefox is not installed";
/** Why no test of WebGPU runs, or false. */
export const noWebGpu = noFirefox || (lavapipe ? false : "Mesa's software Vulkan driver is not installed");

/**
 * Tests in Firefox: see `inBrowser`. Options of a test: `prefs` of the browser, `viewport`. Its `context` has `newPage()`, and `restart()`, which
 * closes the browser and resolves to a page of a new one with the same profile; for `prefs` and `restart` the test has a browser of its own.
 */
export function inFirefox() {
  return inBrowser({ launch: () => launch(), openPage, skip: noFirefox });
}

function find(name) {
  try {
    return execFileSync("which", [name], { encoding: "utf8" }).trim();
  } catch {
    return null;
  }
}

function driversOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function launch({ prefs = {}, profile } = {}) {
  const driver = lavapipe ? { VK_ICD_FILENAMES: join(DRIVERS, lavapipe) } : {};
  return puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    protocolTimeout: PATIENCE_MS,
    timeout: PATIENCE_MS,
    env: { ...process.env, ...driver },
    extraPrefsFirefox: { ...WEBGPU, ...prefs },
    userDataDir: profile,
  });
}

async function openPage(shared, { prefs, restarts = false, viewport = { width: 1280, height: 900 } }) {
  if (prefs || restarts) return openOwnBrowser(prefs, viewport);
  const context = await shared.createBrowserContext();
  const newPage = () => openTab(context, viewport);
  return { context: { newPage, close: () => context.close() }, page: await newPage() };
}

async function openOwnBrowser(prefs, viewport) {
  const profile = await mkdtemp(join(tmpdir(), "latent-lab-firefox-"));
  let browser = await launch({ prefs, profile });
  const newPage = () => openTab(browser, viewport);
  const restart = async () => {
    await browser.close();
    browser = await launch({ prefs, profile });
    return newPage();
  };
  const close = async () => {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { context: { newPage, restart, close }, page: await newPage() };
}

async function openTab(context, viewport) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setViewport(viewport);
  return new DrivenPage({
    goto: (url) => page.goto(url),
    reload: () => page.reload(),
    run: (expression) => page.evaluate(expression),
    perform: (sources) => page.mainFrame().browsingContext.performActions(sources),
    screenshot: (options) => page.screenshot(options),
    on: (event, listener) => page.on(event, listener),
    close: () => page.close(),
  });
}
