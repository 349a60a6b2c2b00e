// Servers and networks that do not answer as they should, and pages that embed this one.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test as plainTest } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { inChromium, launch, PATIENCE_MS } from "./browser.mjs";
import {
  drawingStillWorks,
  loadNothingInAdvance,
  open,
  takeStep,
  until,
  untilModel,
  untilNotice,
  untilReady,
  untilTraining,
  untilTrouble,
} from "./page.mjs";

const test = inChromium();
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PORTAL = "<!DOCTYPE html><title>Sign in</title><p>Welcome to this network.";
const sendPortal = (route) => route.fulfill({ body: PORTAL, contentType: "text/html" });
const action = (page, words) => page.locator(`#notices button[data-action="${words}"]`);

/** What the page says where its main script did not run. */
const bootSays = (page, pattern) =>
  until(
    page,
    `the page says ${pattern}`,
    () => page.locator("#boot").innerText(),
    (text) => pattern.test(text),
  );

/** Answers with the file, changed by `change`: {contentType, body, headers}; resolves to the list of addresses so answered. */
async function answerOtherwise(page, pattern, change) {
  const answered = [];
  await page.route(pattern, async (route) => {
    answered.push(route.request().url());
    const response = await route.fetch();
    await route.fulfill({ response, ...(await change(response)) });
  });
  return answered;
}

const withHeaders = (response, changed) => ({ headers: { ...response.headers(), ...changed } });

// Types.

test("a module sent as octet-stream is compiled all the same, and not fetched again", {}, async ({
  page,
  origin,
}) => {
  await loadNothingInAdvance(page);
  const asked = [];
  page.on("request", (request) => request.url().endsWith(".wasm") && asked.push(request.url()));
  await answerOtherwise(page, "**/*.wasm", (response) =>
    withHeaders(response, { "content-type": "application/octet-stream" }),
  );
  await open({ page, origin });
  await drawingStillWorks(page);
  // Ahead by the page and then by its worker, which would find it in the cache: a test that answers switches the cache off.
  assert.equal(asked.filter((url) => url.includes("/pkg/cpu/")).length, 2);
});

for (const [how, nosniff] of [
  ["", {}],
  [", with nosniff", { "x-content-type-options": "nosniff" }],
])
  test(`scripts sent as text/plain${how}: the page says so`, { provokes: [/MIME type/] }, async ({
    page,
    origin,
  }) => {
    await page.route("**/*.js", async (route) => {
      const response = await route.fetch();
      const { "x-content-type-options": _, ...headers } = response.headers();
      await route.fulfill({ response, headers: { ...headers, ...nosniff, "content-type": "text/plain" } });
    });
    await page.goto(`${origin}/`);
    await bootSays(page, how ? /scripts must be sent as text\/javascript/ : /content type “text\/plain”/);
  });

test("a script of the module that is sent as text/plain is named", { provokes: [/MIME type/] }, async ({
  page,
  origin,
}) => {
  await answerOtherwise(page, "**/latent_lab-*.js", (response) =>
    withHeaders(response, { "content-type": "text/plain" }),
  );
  await page.goto(`${origin}/`);
  await untilNotice(page, /latent_lab\.js with the content type “text\/plain”/);
});

test("the page's script is missing", { provokes: [/404/] }, async ({ page, origin }) => {
  await page.route("**/main-*.js", (route) => route.fulfill({ status: 404 }));
  await page.goto(`${origin}/`);
  await bootSays(page, /not on the server \(it answers 404\)/);
});

test("a web page in place of the page's script", { provokes: [/MIME type/] }, async ({ page, origin }) => {
  await page.route("**/main-*.js", sendPortal);
  await page.goto(`${origin}/`);
  await bootSays(page, /the server sent a web page/);
});

test("a script that does not run in this browser", { provokes: [/SyntaxError|Unexpected/] }, async ({
  page,
  origin,
}) => {
  await answerOtherwise(page, "**/main-*.js", async (response) => ({
    body: `${await response.text()}\nsyntax of the future`,
  }));
  await page.goto(`${origin}/`);
  await bootSays(page, /does not run in this browser/);
});

// Wrong answers.

test("a sign-in page in place of a model is not kept, and the model comes once signed in", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await page.route("**/models/vae-z2-*", sendPortal);
  await page.locator("#model").selectOption("z2");
  await untilNotice(page, /In place of vae-z2\.safetensors the server sent a web page/);
  assert.equal(await page.locator("html").getAttribute("data-model"), "z20");
  await drawingStillWorks(page);
  await page.unroute("**/models/vae-z2-*");
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
});

test("a sign-in page in place of everything but the page: it says so, and starts after a reload", {}, async ({
  page,
  origin,
}) => {
  const files = /\/(models|data|pkg)\//;
  await page.route(files, sendPortal);
  await page.goto(`${origin}/`);
  await untilNotice(page, /could not start: In place of \S+ the server sent a web page/);
  await page.unroute(files);
  await action(page, "Reload").click();
  await untilReady(page);
  await drawingStillWorks(page);
});

test("a damaged wasm module is fetched again, past the cache", {}, async ({ page, origin }) => {
  let asked = 0;
  await page.route("**/pkg/cpu/*.wasm", (route) =>
    asked++ === 0
      ? route.fulfill({ body: Buffer.from("\0asm, but not for long"), contentType: "application/wasm" })
      : route.continue(),
  );
  await open({ page, origin });
  await drawingStillWorks(page);
  assert.ok(asked > 1, `it was asked for ${asked} times`);
});

// Data.

async function trainingRecovers({ page, origin }, body, pattern) {
  const labels = "**/data/train-labels-*";
  await page.route(labels, (route) => route.fulfill({ body, contentType: "application/gzip" }));
  await open({ page, origin }, "?batch=32&hidden=64&device=cpu");
  await page.locator("#step").click();
  await untilTraining(page, "failed");
  await untilTrouble(page, pattern);
  assert.deepEqual(
    (await keptData(page)).filter((path) => /train-labels/.test(path)),
    [],
  );
  await page.unroute(labels);
  await page.locator("#trouble-action").click();
  await untilTraining(page, "paused", "running");
}

function keptData(page) {
  return page.evaluate(async () => {
    const cache = await caches.open("latent-lab-data");
    return (await cache.keys()).map(({ url }) => new URL(url).pathname);
  });
}

test("a sign-in page in place of data is not kept, and Retry trains", {}, (site) =>
  trainingRecovers(site, PORTAL, /In place of train-labels\S+ the server sent a web page/),
);

test("other data under the same name are not kept, and Retry trains", {}, async (site) => {
  const labels = gunzipSync(await readFile(`${ROOT}www/data/train-labels-idx1-ubyte.gz`));
  labels.fill(3, 8);
  await trainingRecovers(site, gzipSync(labels), /train-labels\S+ arrived damaged, or with another content/);
});

const KEPT = "?batch=32&hidden=64&device=cpu";

/** All four files are kept once training has begun. */
async function trainOnce({ page, origin }) {
  await open({ page, origin }, KEPT);
  await takeStep(page, 1);
  return until(
    page,
    "the data are kept",
    () => keptData(page),
    (paths) => paths.length === 4,
  );
}

test("a kept file that is cut short is fetched again", {}, async ({ page, origin }) => {
  const asked = [];
  const paths = await trainOnce({ page, origin });
  await page.evaluate(
    async (path) => {
      const cache = await caches.open("latent-lab-data");
      const bytes = await (await cache.match(path)).arrayBuffer();
      await cache.put(path, new Response(bytes.slice(0, 1000)));
    },
    paths.find((path) => /train-labels/.test(path)),
  );
  page.on("request", (request) => /\/data\/t/.test(request.url()) && asked.push(request.url()));
  await open({ page, origin }, KEPT);
  await takeStep(page, 1);
  assert.equal(asked.length, 1, asked.join());
  assert.match(asked[0], /train-labels/);
});

test("data kept by an earlier version of the page are removed, not used", {}, async ({ page, origin }) => {
  await page.route("**/nothing", (route) => route.fulfill({ body: "", contentType: "text/html" }));
  await page.goto(`${origin}/nothing`);
  await page.evaluate(async () => {
    await (await caches.open("latent-lab-mnist-1")).put(
      "/data/train-labels-idx1-ubyte.gz",
      new Response("old"),
    );
    await (await caches.open("latent-lab-data")).put(
      "/data/train-labels-idx1-ubyte-0123456789ab.gz",
      new Response("old"),
    );
  });
  await trainOnce({ page, origin });
  await until(
    page,
    "the old are gone",
    () => keptData(page),
    (now) => !now.some((path) => /0123456789ab/.test(path)),
  );
  const hasOldCache = () => page.evaluate(() => caches.has("latent-lab-mnist-1"));
  await until(page, "the old cache is gone", hasOldCache, (has) => !has);
});

test("a host that sends data with a content encoding", {}, async ({ page, origin }) => {
  const answered = await answerOtherwise(page, "**/data/t*.gz", async (response) => ({
    body: gunzipSync(await response.body()),
  }));
  await trainOnce({ page, origin });
  assert.equal(new Set(answered).size, 4);
});

// Where the page is.

for (const address of ["some/path/", "some/path/index.html"])
  test(`the site works at /${address}`, {}, async ({ page, context, origin }) => {
    const below = `${origin}/some/path`;
    await context.route(`${below}/**`, (route) =>
      route.continue({ url: route.request().url().replace(below, origin) }),
    );
    await page.goto(`${origin}/${address}`);
    await untilReady(page);
    await takeStep(page, 1);
  });

async function embed(page, origin, sandbox) {
  const body = `<!doctype html><iframe src="/" ${sandbox} width="1000" height="800"></iframe>`;
  await page.route("**/embedding", (route) => route.fulfill({ body, contentType: "text/html" }));
  await page.goto(`${origin}/embedding`);
  return page.frameLocator("iframe");
}

test("the page works in a frame, and says that it is not kept from there", {
  serviceWorkers: "allow",
}, async ({ page, origin }) => {
  const frame = await embed(page, origin, "");
  await untilReady(frame);
  await frame.locator("#step").click();
  await frame.locator('#train-panel[data-step="1"]').waitFor({ state: "attached" });
  await frame
    .locator("#offline", { hasText: "It is embedded in another page" })
    .waitFor({ state: "attached" });
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});

test("in a frame without an origin the page says what is missing", {
  provokes: [/CORS|ERR_FAILED|left the origin/],
}, async ({ page, origin }) => {
  const frame = await embed(page, origin, 'sandbox="allow-scripts"');
  await frame.locator("#boot", { hasText: "allow-same-origin" }).waitFor();
});

plainTest("opened as a file the page says that it needs a server", { timeout: PATIENCE_MS }, async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`file://${ROOT}dist/index.html`);
    await bootSays(page, /opened as a file/);
  } finally {
    await browser.close();
  }
});

test("in a frame without an origin, on a host that lets anyone load its scripts", {
  provokes: [/left the origin|origin 'null'|ERR_FAILED/], // what is fetched ahead and has no such name, too
}, async ({ page, origin }) => {
  await answerOtherwise(page, /-[0-9a-f]{12}\./, (response) =>
    withHeaders(response, { "access-control-allow-origin": "*" }),
  );
  const frame = await embed(page, origin, 'sandbox="allow-scripts"');
  await frame.locator("#notices", { hasText: "allow-same-origin" }).waitFor();
});

test("a folder's address without its final slash: the page says so", { provokes: [/404|MIME type/] }, async ({
  page,
  origin,
}) => {
  const body = await readFile(`${ROOT}dist/index.html`);
  await page.route("**/some/path", (route) => route.fulfill({ body, contentType: "text/html" }));
  await page.goto(`${origin}/some/path`);
  await bootSays(page, /the address of a folder must end with a slash/);
});
