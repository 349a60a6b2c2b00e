// Training on the CPU with threads: the site is built by `./build.sh threads`.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { serve } from "../../../build/serve.mjs";
import { inChromium, withoutServer } from "../browser.mjs";
import {
  downloadWeights,
  drawingStillWorks,
  open,
  openIdle,
  pause,
  restart,
  safetensorsHeader,
  showView,
  stepsDone,
  takeStep,
  trainingState,
  until,
  untilNotice,
  untilOffline,
  untilReady,
  untilRestarted,
  untilStep,
} from "../page.mjs";
import { assertPinned, tenLosses } from "../ten-losses.mjs";

const test = inChromium({ isolated: true });
const THREADS = Math.min(8, availableParallelism());
const ON_THREADS = `CPU (WebAssembly, ${THREADS} threads)`;
const ON_ONE = "CPU (WebAssembly)";
/** Small, and of a known device. */
const QUERY = "?device=cpu&batch=32&hidden=64";

const deviceLine = (page) => page.locator("#device-line").innerText();
const reason = (page) => page.locator("#device-reason").innerText();
const play = (page) => page.locator("#play").click();

/** Trains a step, and says on what. */
async function deviceOfStep(page) {
  const step = (await stepsDone(page)) + 1;
  await page.locator("#step").click();
  await untilStep(page, step);
  await showView(page, "train");
  return deviceLine(page);
}

const shows = (line, device) => assert.ok(line.endsWith(device) || line.includes(`${device}.`), line);

/** While `body` runs, files that match are answered by `answer(response)`, or isolated is off. */
async function withOwnServer({ files, answer, ...options }, body) {
  const server = await serve({
    isolated: true,
    answer: (request, response) => {
      if (!files?.test(request.url)) return false;
      answer(response);
      return true;
    },
    ...options,
  });
  try {
    await body({ server, origin: `http://127.0.0.1:${server.address().port}` });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const ELSEWHERE = { provokes: [/left the origin: http:\/\/127/] };

test("ten losses are those of one thread, and of the native library", {}, async ({ page, origin }) => {
  await openIdle({ page, origin });
  const [several, one] = [await tenLosses(page, "threads"), await tenLosses(page, "cpu")];
  assertPinned(several.losses);
  for (const [i, { total }] of several.losses.entries())
    assert.ok(Math.abs(total / one.losses[i].total - 1) < 1e-4, `step ${i + 1}: ${total}`);
});

test("losses of every kind of body are those of one thread", {}, async ({ page, origin }) => {
  await openIdle({ page, origin });
  for (const [name, model, batch] of [
    ["dense", { latent: 20, hidden: 400 }, 128],
    ["an odd batch", { latent: 7, hidden: 123 }, 37],
    ["convolutions", { latent: 20, body: "conv" }, 16],
  ]) {
    const [one, several] = await page.evaluate(lossesOfBoth, { model, batch });
    assert.equal(several.length, 5);
    for (const [i, loss] of several.entries())
      assert.ok(
        Math.abs(loss / one[i] - 1) < 1e-4,
        `${name}, step ${i + 1}: ${loss}, on one thread ${one[i]}`,
      );
  }
});

/** In the page: five losses, by the module without threads and with them. */
async function lossesOfBoth({ model, batch }) {
  const load = (path) => import(new URL(path, location.href));
  const { WorkerClient } = await load("worker/worker-client.js");
  const { MNIST } = await load("data-sets/shipped.js");
  const { shippedFiles } = await load("data-sets/shipped-files.js");
  const { trainingFiles } = await load("data-sets/training-files.js");
  const losses = [];
  for (const module of ["cpu", "threads"]) {
    const client = new WorkerClient(module);
    const train = { seed: 3, batch, learning_rate: 1e-3, beta: 1, epochs: 1 };
    const data = trainingFiles(MNIST, await shippedFiles(MNIST).raw());
    await client.call("create", { options: { model, train }, data });
    const progress = await client.call("train", { steps: 5 });
    losses.push(progress.losses.map(({ total }) => total));
    client.close();
  }
  return losses;
}

test("the page trains with as many threads as cores, says so, and everything around it works", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, QUERY);
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  await play(page);
  await untilStep(page, 50);
  await drawingStillWorks(page);
  await showView(page, "train");
  shows(await deviceLine(page), ON_THREADS);
  await pause(page);
  assert.ok(safetensorsHeader((await downloadWeights(page)).bytes).__metadata__);
  await restart(page);
  await untilRestarted(page);
  await play(page);
  await untilStep(page, 5);
});

/** How many threads of the page's workers there are in the browser. */
async function threadsAlive(browser) {
  const devtools = await browser.newBrowserCDPSession();
  const { targetInfos } = await devtools.send("Target.getTargets", { filter: [{ type: "worker" }] });
  await devtools.detach();
  return targetInfos.filter(({ url }) => /\/thread(-\w+)?\.js/.test(url)).length;
}

test("threads end with their trainer", {}, async ({ page, context, origin }) => {
  await openIdle({ page, origin });
  const alive = () => threadsAlive(context.browser());
  const many = (what, count) => until(page, what, alive, (now) => now === count);
  await page.evaluate(async () => {
    const { WorkerClient } = await import(new URL("worker/worker-client.js", location.href));
    globalThis.clients = [new WorkerClient("threads"), new WorkerClient("threads")];
    await Promise.all(globalThis.clients.map((client) => client.opened));
  });
  await many("threads of both", 2 * (THREADS - 1));
  await page.evaluate(() => globalThis.clients[0].close());
  await many("threads of one", THREADS - 1);
  await page.evaluate(() => globalThis.clients[1].close());
  await many("no thread", 0);
});

test("threads=off trains with one", {}, async ({ page, origin }) => {
  await open({ page, origin }, `${QUERY}&threads=off`);
  shows(await deviceOfStep(page), ON_ONE);
  assert.doesNotMatch(await reason(page), /thread/);
});

test("another word for threads is refused in a sentence", {}, async ({ page, origin }) => {
  await open({ page, origin }, `${QUERY}&threads=9`);
  await untilNotice(page, /threads=9.*off/);
  shows(await deviceOfStep(page), ON_THREADS);
});

test("a page that is not isolated trains with one thread", ELSEWHERE, async ({ page }) =>
  withOwnServer({ isolated: false }, async ({ origin }) => {
    await open({ page, origin }, QUERY);
    shows(await deviceOfStep(page), ON_ONE);
    assert.doesNotMatch(await reason(page), /thread/);
  }),
);

test("embedded in a page of another origin it trains with one thread", {
  provokes: [...ELSEWHERE.provokes, /404/, /screen-wake-lock/], // the icon of the page around, and what that page does not pass on
}, async ({ page, origin }) => {
  const address = `${origin}/${QUERY}&embed=on&view=train&hide=header`;
  const around = `<!doctype html><title>around</title><iframe src="${address}" title="lab" width="900" height="700"></iframe>`;
  const answer = (response) => response.setHeader("Content-Type", "text/html").end(around);
  await withOwnServer({ isolated: false, files: /around/, answer }, async ({ origin: other }) => {
    await page.goto(`${other}/around`);
    const frame = page.frames()[1];
    await untilReady(frame);
    assert.equal(await frame.evaluate(() => crossOriginIsolated), false);
    await frame.locator("#step").click();
    await until(
      page,
      "a step is done",
      () => frame.locator("#train-panel").getAttribute("data-step"),
      (step) => step === "1",
    );
    shows(await frame.locator("#device-line").innerText(), ON_ONE);
  });
});

test(
  "on a host without headers the service worker isolates the page from the second visit on, and without a network",
  {
    serviceWorkers: "allow",
    provokes: [/left the origin: http:\/\/127/, /net::ERR_/, /Failed to load resource/],
  },
  async ({ page }) =>
    withOwnServer({ isolated: false }, async ({ server, origin }) => {
      await open({ page, origin }, QUERY);
      assert.equal(await page.evaluate(() => crossOriginIsolated), false);
      await untilOffline(page);
      shows(await deviceOfStep(page), ON_ONE);
      await page.reload();
      await untilReady(page);
      assert.equal(await page.evaluate(() => crossOriginIsolated), true);
      shows(await deviceOfStep(page), ON_THREADS);
      await untilOffline(page);
      await until(page, "the module is kept", () =>
        page.evaluate(async () => {
          const files = await (await caches.open("latent-lab-site")).keys();
          return ["threads/latent_lab_bg", "/thread-"].every((part) =>
            files.some(({ url }) => url.includes(part)),
          );
        }),
      );
      await withoutServer(server, async () => {
        await page.reload();
        await untilReady(page);
        shows(await deviceOfStep(page), ON_THREADS);
      });
    }),
);

for (const [what, files, answer, says] of [
  [
    "a thread's script that is blocked",
    /\/thread-\w+\.js$/,
    (response) => response.writeHead(403).end(),
    /one thread.*script of a thread could not be loaded/,
  ],
  [
    "a module that is not there",
    /\/pkg\/threads\/.*\.wasm$/,
    (response) => response.writeHead(404).end(),
    /one thread.*404/,
  ],
])
  test(
    `${what}: the page trains with one thread and says why`,
    {
      provokes: [/left the origin: http:\/\/127/, /Failed to load resource/],
    },
    async ({ page }) =>
      withOwnServer({ files, answer }, async ({ origin }) => {
        await open({ page, origin }, QUERY);
        shows(await deviceOfStep(page), ON_ONE);
        assert.match(await reason(page), says);
        await takeStep(page, 2);
      }),
  );

test("memory that is refused: the page trains with one thread and says why", ELSEWHERE, async ({ page }) => {
  const folder = new URL("../../../pkg/threads/", import.meta.url);
  const script = await readFile(new URL("latent_lab.js", folder), "utf8");
  // More than there can be: the browser itself refuses.
  const greedy = script.replace(/new WebAssembly\.Memory\(\{[^}]*\}\)/, (memory) =>
    memory.replace(/maximum:\s*\d+/, "maximum:65537"),
  );
  assert.notEqual(greedy, script);
  const answer = (response) => response.setHeader("Content-Type", "text/javascript").end(greedy);
  await withOwnServer({ files: /\/pkg\/threads\/.*\.js$/, answer }, async ({ origin }) => {
    await open({ page, origin }, QUERY);
    shows(await deviceOfStep(page), ON_ONE);
    assert.match(await reason(page), /one thread/);
  });
});

test("a trainer whose threads fail continues with one, from its checkpoint", {}, async ({ page, origin }) => {
  await open({ page, origin }, QUERY);
  await play(page);
  await untilStep(page, 20);
  const trainers = page.workers().filter((worker) => worker.url().includes("module=threads"));
  assert.ok(trainers.length > 0);
  for (const trainer of trainers)
    await trainer.evaluate(() => {
      setTimeout(() => {
        throw new Error("a thread of the team has died");
      });
    });
  await untilNotice(page, /thread of training failed.*one thread from step \d+/);
  await untilStep(page, (await stepsDone(page)) + 20);
  assert.equal(await trainingState(page), "running");
  await showView(page, "train");
  shows(await deviceLine(page), ON_ONE);
  assert.match(await reason(page), /one thread/);
});
