// The page in a real Chromium: a server, a browser and, for each test, a fresh page that is watched.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import sirv from "sirv";
import { serve } from "../../build/serve.mjs";
import { watchWorkerRequests } from "./worker-requests.mjs";

/** Below this address are the files of the source, with plain names, for tests that use the page's modules. */
export const SOURCE = "/source/";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FAILURES = fileURLToPath(new URL("../../test-results/", import.meta.url));

const DESKTOP = { viewport: { width: 1280, height: 900 }, serviceWorkers: "block" };

/** Far above what anything takes: a test that hangs ends, a slow machine passes. */
export const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 180_000);

const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];
const SOFTWARE_WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Answers requests below SOURCE: with www/, with pkg/, and with the page without its scripts and styles. */
export function answerSource() {
  const [www, root] = ["www", ""].map((folder) => sirv(ROOT + folder, { dev: true }));
  return (request, response) => {
    if (!request.url.startsWith(SOURCE)) return false;
    request.url = request.url.slice(SOURCE.length - 1);
    delete request._parsedUrl; // sirv's
    if (request.url === "/") sendIdlePage(response);
    else (request.url.startsWith("/pkg/") ? root : www)(request, response);
    return true;
  };
}

async function sendIdlePage(response) {
  const html = await readFile(`${ROOT}www/index.html`, "utf8");
  response
    .setHeader("Content-Type", "text/html")
    .end(html.replace(/<script.*<\/script>|<link rel="(?!icon).*>/g, ""));
}

export function launch({ webgpu = false, args = [] } = {}) {
  const name = process.env.CHROMIUM || "chromium";
  const executablePath = name.includes("/")
    ? name
    : execFileSync("which", [name], { encoding: "utf8" }).trim();
  const flags = ["--headless=new", "--no-sandbox", ...QUIET, ...(webgpu ? SOFTWARE_WEBGPU : []), ...args];
  return chromium.launch({ executablePath, args: flags });
}

/**
 * Tests in Chromium: see `inBrowser`. There is no service worker, because a test cannot answer what one asks for, unless
 * `serviceWorkers` is "allow".
 */
export function inChromium({ webgpu = false, isolated } = {}) {
  return inBrowser({ launch: () => launch({ webgpu }), openPage: openChromiumPage, isolated });
}

/** A page of a browser profile of its own: {context, page}. */
export async function openChromiumPage(browser, device) {
  const context = await browser.newContext({ ...DESKTOP, ...device });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(watchWorkerRequests);
  return { context, page: await context.newPage() };
}

const IN_FLIGHT = { behavior: "ignoreErrors" }; // an answer that a closed page no longer waits for is no failure

/**
 * One server and one browser for a file of tests. Returns `test(name, options, body)`, whose body gets `{page, context, origin, server}`.
 * Every test fails on an error in the console, on an uncaught error and on a request that leaves the origin,
 * unless `provokes` lists, as patterns, the messages that the test causes by design. `openPage(browser, options)` gives each
 * test `{page, context}`; `skip`: a reason to run none of them; `isolated`: whether the server isolates the page from other origins, as
 * the environment variable ISOLATED=on asks for in any test. `crashed(error)`: whether the browser itself crashed: such a test has one more
 * chance, and says so. A test with `long` takes minutes, and runs where LONG=only asks for such tests alone.
 */
export function inBrowser({
  launch,
  openPage,
  skip: skipAll = false,
  isolated = process.env.ISOLATED === "on",
  crashed = () => false,
}) {
  let server;
  let browser;
  let origin;

  before(async () => {
    if (skipAll) return;
    server = await serve({ answer: answerSource(), isolated });
    origin = `http://127.0.0.1:${server.address().port}`;
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function attempt(name, provokes, device, body) {
    const { page, context } = await openPage(browser, device);
    const complaints = watch(page, origin);
    try {
      await body({ page, context, origin, server });
      const unexpected = complaints.filter((text) => !provokes.some((pattern) => pattern.test(text)));
      assert.deepEqual(unexpected, [], "the console and the network stay clean");
    } catch (error) {
      await keepPicture(page, name);
      throw Object.assign(error, { message: `${error.message}\n${complaints.join("\n")}` });
    } finally {
      if (!page.isClosed?.()) await page.unrouteAll?.(IN_FLIGHT); // Firefox and WebKit have neither
      await context.unrouteAll?.(IN_FLIGHT);
      await context.close();
    }
  }

  return function browserTest(name, { provokes = [], skip = skipAll, long = false, ...device }, body) {
    test(name, { timeout: 2 * PATIENCE_MS, skip: skip || otherLength(long) }, async (running) => {
      try {
        await attempt(name, provokes, device, body);
      } catch (error) {
        if (!crashed(error)) throw error;
        running.diagnostic(`the browser crashed, and the test began again: ${error.message}`);
        await attempt(name, provokes, device, body);
      }
    });
  };
}

/** Why a test of this length does not run now; `false` if it does. */
function otherLength(long) {
  if (process.env.LONG === "only") return !long && "not a long test";
  return long && "takes minutes: ./build.sh test-long runs it";
}

/** While `body` runs, the test's server is stopped. */
export async function withoutServer(server, body) {
  const { port } = server.address();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  try {
    await body();
  } finally {
    await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  }
}

function watch(page, origin) {
  const complaints = [];
  const note = (text) => complaints.push(text);
  page.on("console", (message) => message.type() === "error" && note(`console: ${message.text()}`));
  page.on("pageerror", (error) => note(`uncaught: ${error.message}`));
  page.on("crash", () => note("the page crashed"));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(blob|data):/.test(url)) note(`left the origin: ${url}`);
  });
  return complaints;
}

async function keepPicture(page, name) {
  await mkdir(FAILURES, { recursive: true });
  const path = `${FAILURES}${name.replace(/\W+/g, "-")}.png`;
  await page.screenshot({ path, fullPage: true, timeout: 10_000 }).catch(() => {});
}
