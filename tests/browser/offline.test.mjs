// Without a network, after one visit; and when the site is replaced while a page of it is open.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digest } from "../../build/hashed-names.mjs";
import { serve } from "../../build/serve.mjs";
import { inChromium } from "./browser.mjs";
import {
  drawByMouse,
  drawingStillWorks,
  loadNothingInAdvance,
  open,
  pixels,
  showView,
  strokeOnPad,
  takeStep,
  until,
  untilEntered,
  untilModel,
  untilNotice,
  untilOffline,
  untilPixelsChange,
  untilReady,
  untilStep,
} from "./page.mjs";

const test = inChromium();
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = `${ROOT}dist/`;
const ALLOWED = { serviceWorkers: "allow" };
/** What the page fetches for itself while its server is stopped fails by one of many errors. */
const STOPPED = /net::ERR_/;
const CUT_OFF = { ...ALLOWED, provokes: [STOPPED, /Failed to load resource/] };

/** A server of its own, which a test can stop, restart on the same port and let answer otherwise. */
async function ownServer(options) {
  let server = await serve(options);
  const { port } = server.address();
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async restart(changed = options) {
      server = await serve({ ...changed, port });
    },
  };
}

const folders = []; // of next versions, until their test is over

/** A browser test with a server of its own; requests to it are no leaving of the origin. */
function withServer(name, options, body, serving) {
  test(name, {
    ...options,
    provokes: [/left the origin: http:\/\/127/, ...(options.provokes ?? [])],
  }, async (site) => {
    const server = await ownServer(serving?.(site));
    try {
      await body({ ...site, server, origin: server.origin });
    } finally {
      await server.stop().catch(() => {});
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true }); // a page may still ask for what is in it
    }
  });
}

/** Addresses of what the service worker and the page have kept. */
function kept(page) {
  return page.evaluate(async () => {
    const found = {};
    for (const name of await caches.keys())
      found[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    return found;
  });
}

/** What the page says about visits without a network. */
const offlineSays = (page, pattern) =>
  until(
    page,
    `the page says ${pattern}`,
    () => page.locator("#offline").textContent(),
    (text) => pattern.test(text),
  );

/** Whether the service worker's cache is there, and how many service workers. */
function leftOver(page) {
  return page.evaluate(async () => ({
    kept: await caches.has("latent-lab-site"),
    registrations: (await navigator.serviceWorker.getRegistrations()).length,
  }));
}

withServer("after one visit the page opens, draws and trains without a network", CUT_OFF, async (site) => {
  const { page, server } = site;
  await open(site);
  await untilOffline(page);
  assert.match(await page.locator("#offline").textContent(), /works without a network/);
  await server.stop();
  await page.reload();
  await untilReady(page);
  const before = await pixels(page, "#at-mean");
  await drawByMouse(page, await strokeOnPad(page));
  await untilPixelsChange(page, "#at-mean", before);
  await takeStep(page, 1);
  await page.locator("#play").click();
  await untilStep(page, 20);
  assert.equal(await page.locator("#train-panel").getAttribute("data-device"), "cpu");
});

withServer("after one visit every room opens without a network", CUT_OFF, async (site) => {
  const { page, server } = site;
  await open(site);
  await untilOffline(page);
  await server.stop();
  await page.reload();
  await untilReady(page);
  for (const view of ["compare", "data", "measure", "learn", "paths", "posterior"])
    await showView(page, view);
  await page.locator("#file-menu > summary").click();
  await page.locator("#copy-link").waitFor();
  await takeStep(page, 1);
  await showView(page, "train");
  await untilEntered(page, "runs");
});

withServer(
  "a model that was looked at once is there without a network, and MNIST is kept once",
  CUT_OFF,
  async (site) => {
    const { page, server } = site;
    await open(site);
    await page.locator("#model").selectOption("z2");
    await untilModel(page, "z2");
    await untilOffline(page);
    const caches = await until(
      page,
      "the model is kept",
      () => kept(page),
      (found) => found["latent-lab-site"].some((path) => /models\/vae-z2-/.test(path)),
    );
    const mnist = Object.values(caches)
      .flat()
      .filter((path) => /ubyte-\w+\.gz$/.test(path));
    assert.equal(mnist.length, 4);
    assert.equal(new Set(mnist).size, 4);
    assert.ok(
      !Object.values(caches)
        .flat()
        .some((path) => /pkg\/gpu|peers/.test(path)),
    );
    await server.stop();
    await page.reload();
    await untilReady(page);
    await page.locator("#model").selectOption("z2");
    await untilModel(page, "z2");
  },
);

withServer("a server that does not answer is treated as none", ALLOWED, async (site) => {
  const { page, server } = site;
  await open(site);
  await untilOffline(page);
  await server.stop();
  await server.restart({ answer: () => true }); // and says nothing
  await page.reload();
  await untilReady(page);
  await drawingStillWorks(page);
});

withServer("what is kept counts and can be deleted", ALLOWED, async (site) => {
  const { page } = site;
  await open(site);
  await untilOffline(page);
  await showView(page, "learn");
  await page.locator("details:has(#kept) > summary").click();
  await until(
    page,
    "the size is known",
    () => page.locator("#kept-size").innerText(),
    (size) => Number(/([\d.]+) MB/.exec(size)?.[1]) > 15, // CPU module 3.5, model 1.3, MNIST 10.6
  );
  await page.locator("#kept-delete").click();
  await until(
    page,
    "it is deleted",
    () => page.locator("#kept-state").innerText(),
    (words) => /deleted/.test(words),
  );
  assert.deepEqual(await kept(page), {});
  assert.deepEqual(await leftOver(page), { kept: false, registrations: 0 });
  await page.locator("#model").selectOption("z2");
  await untilModel(page, "z2");
  assert.deepEqual(await kept(page), {}, "what is used afterwards is not kept");
});

withServer("offline=off removes the service worker and its cache", ALLOWED, async (site) => {
  const { page } = site;
  await open(site);
  await untilOffline(page);
  await open(site, "?offline=off");
  await offlineSays(page, /offline=off/);
  assert.deepEqual(await leftOver(page), { kept: false, registrations: 0 });
});

test("where data are to be saved nothing is kept in advance", ALLOWED, async ({ page, origin }) => {
  await loadNothingInAdvance(page);
  await open({ page, origin });
  await drawingStillWorks(page);
  await offlineSays(page, /set to save data/);
  assert.deepEqual(await leftOver(page), { kept: false, registrations: 0 });
});

test(
  "a browser that refuses the service worker: the page works and says why",
  ALLOWED,
  async ({ page, origin }) => {
    await page.addInitScript(() => {
      ServiceWorkerContainer.prototype.register = () =>
        Promise.reject(new DOMException("Storage is blocked.", "SecurityError"));
    });
    await open({ page, origin });
    await drawingStillWorks(page);
    await offlineSays(page, /did not allow it: Storage is blocked/);
    await takeStep(page, 1);
  },
);

withServer("a build without a service worker removes that of an earlier one", ALLOWED, async (site) => {
  const { page, server } = site;
  await open(site);
  await untilOffline(page);
  await server.stop();
  execFileSync(process.execPath, ["build/site.mjs", "--dev"], { cwd: ROOT });
  await server.restart({ folder: `${ROOT}target/site` });
  await open(site);
  await offlineSays(page, /built without that/);
  assert.deepEqual(await leftOver(page), { kept: false, registrations: 0 });
});

// The site is replaced.

/**
 * A copy of dist/ as the next version: its worker has another content, and so have the scripts and pages that name it, and those that name
 * these. `without`: a pattern for files that it has no more.
 */
async function nextVersion(without) {
  const folder = await mkdtemp(join(tmpdir(), "latent-lab-site-"));
  folders.push(folder);
  await cp(DIST, folder, { recursive: true, filter: (path) => !/\.br$|(?<!-ubyte-\w+)\.gz$/.test(path) });
  const paths = (await readdir(folder, { recursive: true })).filter((path) => /\.(js|html)$/.test(path));
  const texts = {};
  for (const path of paths.filter((each) => !each.includes("/")))
    texts[path] = await readFile(join(folder, path), "utf8");
  const rooms = Object.keys(texts).map((path) => /^(\w+-panel)-/.exec(path)?.[1]);
  for (const name of ["worker", "core", ...rooms.filter(Boolean), "main", "bench"]) {
    const old = Object.keys(texts).find((path) => new RegExp(`^${name}-[0-9a-f]{12}\\.js$`).test(path));
    const content = `${texts[old]}// the next version\n`;
    const renamed = `${name}-${digest(content)}.js`;
    delete texts[old];
    await rm(join(folder, old));
    texts[renamed] = content;
    for (const path of Object.keys(texts)) texts[path] = texts[path].replaceAll(old, renamed);
  }
  for (const [path, text] of Object.entries(texts)) await writeFile(join(folder, path), text);
  const gone = (await readdir(folder, { recursive: true })).filter((path) => without?.test(path));
  for (const path of gone) await rm(join(folder, path));
  return folder;
}

const mainOf = (page) => page.locator('script[type="module"]').getAttribute("src");
const VERSION = /A new version of this page is ready/;

async function reloadByButton(page) {
  const button = page.locator('#notices [data-name="version"] button[data-action="Reload"]');
  await Promise.all([page.waitForEvent("load"), button.click()]);
  await untilReady(page);
}

withServer(
  "a page whose files are gone says that there is a new version, and reloading loses nothing",
  { provokes: [/404/, STOPPED] },
  async (site) => {
    const { page, server } = site;
    await open(site, "?device=cpu&batch=32&hidden=64");
    await drawByMouse(page, await strokeOnPad(page));
    await page.locator("#play").click();
    await untilStep(page, 10);
    const old = await mainOf(page);
    await server.stop();
    const folder = await nextVersion(/vae-z2-/);
    await server.restart({ folder });
    await page.locator("#model").selectOption("z2");
    await untilNotice(page, VERSION);
    await drawingStillWorks(page);
    await reloadByButton(page);
    assert.notEqual(await mainOf(page), old);
    const offer = await untilNotice(page, /Continue where you left off: step/);
    assert.ok(Number(/step ([\d,]+)/.exec(offer)[1].replace(",", "")) >= 10, offer);
    assert.equal(await page.locator("#pad").getAttribute("data-empty"), "false");
  },
);

for (const single of [false, true])
  withServer(
    `a room whose script is gone says that there is a new version, on a host that answers ${single ? "with its first page" : "404"}`,
    { provokes: [/404/, /MIME type/, STOPPED] },
    async (site) => {
      const { page, server } = site;
      await loadNothingInAdvance(page);
      await open(site);
      await server.stop();
      const folder = await nextVersion();
      await server.restart({ folder, single });
      await page.locator("#tab-measure").click();
      await untilNotice(page, VERSION);
      assert.match(await page.locator('[data-room="measure"] .room-note').innerText(), VERSION);
      await drawingStillWorks(page);
      await reloadByButton(page);
      await untilEntered(page, "measure");
    },
  );

withServer(
  "a host that answers every unknown address with its first page: a new version is distinguished from a broken file",
  CUT_OFF,
  async (site) => {
    const { page, server } = site;
    await open(site);
    await server.stop();
    const folder = await nextVersion(/vae-z2-/);
    await server.restart({ folder, single: true });
    await page.locator("#model").selectOption("z2");
    await untilNotice(page, VERSION);
  },
);

withServer(
  "with a service worker an old tab goes on with its own files, and the next visit has the new ones, without a network too",
  CUT_OFF,
  async (site) => {
    const { page, context, server } = site;
    await open(site);
    await untilOffline(page);
    const old = await mainOf(page);
    await server.stop();
    const folder = await nextVersion();
    await server.restart({ folder });
    const second = await context.newPage();
    await open({ ...site, page: second });
    const fresh = await mainOf(second);
    assert.notEqual(fresh, old);
    await untilOffline(second);
    await until(
      second,
      "the new files are kept",
      () => kept(second),
      (found) => found["latent-lab-site"].some((path) => path.endsWith(fresh)),
    );
    assert.ok(
      (await kept(second))["latent-lab-site"].some((path) => path.endsWith(old)),
      "the old tab's files stay",
    );
    await untilNotice(page, VERSION);
    await takeStep(page, 1); // its worker is of the old version
    await page.close();
    await server.stop();
    await second.reload();
    await untilReady(second);
    assert.equal(await mainOf(second), fresh);
    await untilOffline(second);
    await until(
      second,
      "the old files are deleted",
      () => kept(second),
      (found) => !found["latent-lab-site"].some((path) => path.endsWith(old)),
    );
  },
);
