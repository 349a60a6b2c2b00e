// What comes back at the next visit, and what happens where nothing can be kept.

import assert from "node:assert/strict";
import { inChromium, openChromiumPage } from "./browser.mjs";
import { keptRun, read, untilKept, write } from "./kept.mjs";
import {
  actOnRun,
  chooseSystem,
  chosenSystem,
  drawByMouse,
  open,
  openIdle,
  painted,
  pause,
  pickDigit,
  pixels,
  restart,
  set,
  showView,
  stepsDone,
  strokeOnPad,
  takeStep,
  trainingState,
  until,
  untilAnswered,
  untilModel,
  untilNotice,
  untilPixelsAre,
  untilRestarted,
  untilStep,
  untilTraining,
} from "./page.mjs";

const test = inChromium();
const CPU = "?device=cpu&batch=32&seed=5&hidden=64";
const play = (page) => page.locator("#play").click();
const notices = (page) => page.locator("#notices").innerText();
const action = (page, words) => page.locator(`#notices button[data-action="${words}"]`);

test("a run that is continued after a reload has the losses of one that never stopped", {}, async ({
  page,
  context,
  origin,
}) => {
  const { page: once } = await openChromiumPage(context.browser());
  await open({ page: once, origin }, CPU);
  await play(once);
  await untilStep(once, 400);
  await pause(once);
  const whole = (await keptRun(once)).history.train;
  await once.context().close();

  await open({ page, origin }, CPU);
  await play(page);
  await untilStep(page, 100);
  await pause(page);
  const { step } = await keptRun(page);
  await page.reload();
  await untilNotice(page, new RegExp(`step ${step.toLocaleString("en")}, Variational autoencoder`));
  await action(page, "Continue").click();
  await untilTraining(page, "running");
  await untilStep(page, step + 150);
  await pause(page);
  const { train } = (await keptRun(page)).history;
  assert.ok(train.length > step + 100);
  const length = Math.min(train.length, whole.length);
  assert.deepEqual(train.slice(0, length), whole.slice(0, length));
  assert.doesNotMatch(await notices(page), /Continue/);
});

test("drawing, code and settings are there again", {}, async ({ page, origin }) => {
  await open({ page, origin });
  await drawByMouse(page, await strokeOnPad(page));
  await set(page, { beta: 3 });
  await showView(page, "latents");
  await page.locator("#latent-sample").click();
  await untilKept(page, "entries", "all is kept", ({ drawing, settings, code }) =>
    Boolean(
      drawing?.value.items.length &&
        /beta=3/.test(settings?.value.address) &&
        code?.value.origin === "sample",
    ),
  );
  await untilAnswered(page);
  const [pad, decoded] = [await pixels(page, "#pad"), await pixels(page, "#decoded")];

  await page.goto("about:blank");
  await open({ page, origin });
  assert.equal(await page.locator('#settings [name="beta"]').inputValue(), "3");
  await untilPixelsAre(page, "#pad", pad, "the drawing is back");
  await untilPixelsAre(page, "#decoded", decoded, "the code is back");

  await open({ page, origin }, "?system=beta");
  assert.equal(await chosenSystem(page), "beta");
  assert.equal(await page.locator('#settings [name="beta"]').inputValue(), "4", "the address wins");
  await untilPixelsAre(page, "#pad", pad, "the drawing is back");
});

const offer = (page, words) => page.locator("#run-offers button", { hasText: words });
const listOfRuns = async (page) => {
  await showView(page, "train");
  return page.locator("#runs").innerText();
};
const continueRun = (page, words = "") =>
  page
    .locator("#runs tbody tr[data-run]", { hasText: words })
    .getByRole("button", { name: "Continue" })
    .click();
const untilListed = (page, pattern) =>
  until(
    page,
    `the list of runs says ${pattern}`,
    () => listOfRuns(page),
    (words) => pattern.test(words),
  );

/** A number of steps as the page writes it. */
const shown = (steps) => steps.toLocaleString("en");

/** Trains a run to a few steps, looks at another system, trains that, and comes back to the first: nothing is lost. */
async function lookTrainAndComeBack(page) {
  await play(page);
  await untilStep(page, 20);
  await showView(page, "train");
  await chooseSystem(page, "beta");
  await untilModel(page, "beta");
  const seen = await stepsDone(page);
  await untilStep(page, seen + 10);
  assert.equal(await trainingState(page), "running", "looking stops nothing");
  assert.match(await page.locator("#run-offers").innerText(), /below are those of another run: Variational/);
  assert.match(
    await page.locator("#system").innerText(),
    /^Beta-VAE, β = 4: loss =.*^Beta-VAE: β = 4/ms,
    "whose formula and idea",
  );

  await offer(page, "Pause Variational autoencoder").click();
  await untilTraining(page, "paused");
  // The steps shown may be a moment behind when the run pauses.
  const resume = async () =>
    offer(page, new RegExp(`^Resume Variational autoencoder, step ${shown(await stepsDone(page))}$`)).count();
  await until(page, "the run is offered at its last step", resume);
  const step = await stepsDone(page);
  await chooseSystem(page, "vae");
  await until(
    page,
    "the run can be resumed",
    () => page.locator("#play").innerText(),
    (words) => words === "Resume",
  );
  await page.locator("#step").click();
  await untilStep(page, step + 1);
  assert.equal(await stepsDone(page), step + 1, "the run is that of before");
  await untilTraining(page, "paused");

  await chooseSystem(page, "beta");
  await page.locator("#step").click();
  await untilListed(page, new RegExp(`Variational autoencoder\\s[\\s\\S]*?\\b${shown(step + 1)}\\s`));
  await untilTraining(page, "paused");
  await chooseSystem(page, "vae");
  await offer(page, new RegExp(`^Resume Variational autoencoder, step ${shown(step + 1)}$`)).click();
  await untilTraining(page, "running");
  await untilStep(page, step + 2);
  await pause(page);
  assert.equal(await chosenSystem(page), "vae");
  assert.match(await listOfRuns(page), /Beta-VAE[\s\S]*?\b1\s/);
}

test("a run of another system is kept beside the present one, and looking at a system stops nothing", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await lookTrainAndComeBack(page);
  await untilKept(page, "runs", "both runs are kept", (runs) => Object.keys(runs).length === 2);
  await actOnRun(page, "Beta-VAE", "Delete");
  await untilKept(page, "runs", "one run is left", (runs) => Object.keys(runs).length === 1);
});

test("with storage blocked a run lives as long as the tab", {}, async ({ page, origin }) => {
  await block(page, ALL_STORAGE, "throw");
  await open({ page, origin }, CPU);
  await lookTrainAndComeBack(page);
  assert.match(await listOfRuns(page), /only in this tab/);
});

test("a restart begins another run, and the list tells runs of one system apart", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await takeStep(page, 2);
  await showView(page, "train");
  await page.locator("#restart-new").click();
  await untilListed(page, /Variational autoencoder\s+Batch size: 32; Hidden units: 64; Seed: 5\s+2\s/);
  await untilTraining(page, "paused");
  await takeStep(page, 1);
  await set(page, { latent: 3 });
  await restart(page);
  await untilRestarted(page);
  await untilListed(page, /Latent size Z 20 → 3[\s\S]*Seed 5 → \d[\s\S]*Seed: 5/);
  await takeStep(page, 1);
  await showView(page, "latents");
  await page.locator('#sliders[data-count="3"]').waitFor();
  await showView(page, "train");

  await continueRun(page, "Seed: 5");
  await untilTraining(page, "running");
  await pause(page);
  assert.ok((await stepsDone(page)) > 2);
  assert.equal(await page.locator('#settings [name="latent"]').inputValue(), "20");
  assert.equal(await page.locator('#settings [name="seed"]').inputValue(), "5");
  await untilListed(page, /Latent size Z 20 → 3/);
});

test("a run that goes on in a hidden page is kept when it is hidden", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await play(page);
  await untilStep(page, 5);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { configurable: true, value: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await untilKept(page, "runs", "the run is kept", (runs) => Object.keys(runs).length === 1);
  assert.equal(await page.locator("#train-panel").getAttribute("data-training"), "running");
});

test("a second tab adds its runs, overwrites nothing, and takes over when the first is closed", {}, async ({
  page,
  context,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await pickDigit(page, 3);
  const digit = ({ drawing }) => drawing?.value.items[0]?.label;
  await untilKept(page, "entries", "the drawing is kept", (entries) => digit(entries) === 3);

  const second = await context.newPage();
  await open({ page: second, origin }, CPU);
  await untilNotice(second, /open in another tab/);
  await pickDigit(second, 8);
  await takeStep(second, 1);
  await pickDigit(page, 5);
  const entries = await untilKept(page, "entries", "the first goes on", (now) => digit(now) !== 3);
  assert.equal(digit(entries), 5);
  await untilKept(page, "runs", "the second tab's run is kept", (runs) => Object.keys(runs).length === 1);
  await untilListed(page, /Variational autoencoder/);
  await continueRun(page);
  await untilStep(page, 2);
  await pause(page);
  await untilKept(
    page,
    "runs",
    "the first tab has continued a copy",
    (runs) => Object.keys(runs).length === 2,
  );

  await page.close();
  await until(
    second,
    "the notice is gone",
    () => notices(second),
    (words) => !/another tab/.test(words),
  );
  assert.equal(digit(await read(second, "entries")), 5, "only what changes from now on is written");
  await pickDigit(second, 9);
  await untilKept(second, "entries", "the drawing is kept", (now) => digit(now) === 9);
});

const ALL_STORAGE = [
  "localStorage",
  "sessionStorage",
  "indexedDB",
  "caches",
  "BroadcastChannel",
  "navigator.locks",
  "navigator.serviceWorker",
  "navigator.storage",
];

/** From the next load on, touching these members throws, or they are undefined. */
function block(page, members, how) {
  return page.addInitScript(
    ([names, kind]) => {
      const get = () => {
        if (kind === "undefined") return undefined;
        throw new DOMException("Access is denied for this document.", "SecurityError");
      };
      for (const name of names) {
        const [owner, member] = name.startsWith("navigator.") ? [navigator, name.slice(10)] : [window, name];
        Object.defineProperty(owner, member, { get });
      }
    },
    [members, how],
  );
}

/** Draws, trains a step, switches the keys, and opens what lists everything kept; resolves to the number of notices. */
async function useEverything(page) {
  await pickDigit(page, 4);
  await takeStep(page, 1);
  await showView(page, "learn");
  await page.locator("#about summary", { hasText: "small print" }).click();
  await page.locator("#keys").click();
  await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
  await painted(page);
  return page.locator("#notices .notice").count();
}

test("with all storage blocked everything works, and one sentence says that nothing is kept", {}, async ({
  page,
  origin,
}) => {
  await block(page, ALL_STORAGE, "throw");
  await open({ page, origin }, CPU);
  assert.equal((await notices(page)).match(/Nothing is kept for your next visit/g).length, 1);
  assert.equal(await useEverything(page), 1);
  await page.locator(".notice-close").click();
  await page.locator("#kept-delete").click();
  await until(
    page,
    "it is deleted",
    () => page.locator("#kept-state").innerText(),
    (words) => /deleted/.test(words),
  );
  await takeStep(page, 2);

  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload", "steps would be lost");
  await Promise.all([page.waitForEvent("close"), dialog.accept()]);
});

for (const how of ["throw", "undefined"])
  test(`with one kind of storage blocked (${how}) everything works, and what is not kept is said once`, {}, async ({
    context,
    origin,
  }) => {
    for (const member of ALL_STORAGE) {
      const { page } = await openChromiumPage(context.browser(), { serviceWorkers: "allow" });
      const errors = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await block(page, [member], how);
      await open({ page, origin }, CPU);
      const said = await useEverything(page);
      const expected = ["localStorage", "indexedDB", "navigator.locks"].includes(member) ? 1 : 0;
      assert.deepEqual([said, errors], [expected, []], `${member}: ${await notices(page)}`);
      await page.context().close();
    }
  });

test("leaving a page that keeps its run asks nothing", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  const prevented = await page.evaluate(
    () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })),
  );
  assert.equal(prevented, false);
});

test("damaged entries and those of a later version are left alone and named", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await pickDigit(page, 2);
  await untilKept(page, "entries", "the drawing is kept", ({ drawing }) => Boolean(drawing));
  await write(page, "entries", "drawing", { version: 1, value: { items: "none" } });
  await write(page, "entries", "code", { version: 9, value: "of the future" });
  await write(page, "runs", "some", { version: 1, value: {} });
  await open({ page, origin });
  const words = await untilNotice(page, /kept drawing is damaged/);
  assert.match(words, /latent code was written by a later version/);
  assert.match(words, /kept run is damaged/);

  await pickDigit(page, 6);
  await set(page, { epochs: 3 });
  await untilKept(page, "entries", "the settings are kept", ({ settings }) =>
    /epochs=3/.test(settings?.value.address),
  );
  const { drawing, code } = await read(page, "entries");
  assert.deepEqual([drawing.value.items, code.version], ["none", 9]);

  await action(page, "Delete what cannot be read").click();
  await untilKept(page, "runs", "the damaged run is gone", (runs) => Object.keys(runs).length === 0);
  await pickDigit(page, 7);
  await untilKept(page, "entries", "the drawing is kept", (now) => now.drawing?.value.items[0].label === 7);
});

test("a kept run whose weights are damaged is a sentence, and other runs can be trained", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await keptRun(page);
  const [[id, checkpoint]] = Object.entries(await read(page, "checkpoints"));
  await write(page, "checkpoints", id, { ...checkpoint, value: { ...checkpoint.value, weights: "none" } });
  await open({ page, origin }, CPU);
  await action(page, "Continue").click();
  await untilNotice(page, /weights of this kept run are missing or damaged/);
  await takeStep(page, 1);
  await untilKept(page, "runs", "the new run is kept beside it", (runs) => Object.keys(runs).length === 2);
});

test("a workspace of a later version is left alone", {}, async ({ page, context, origin }) => {
  await open({ page, origin });
  const later = await context.newPage();
  await openIdle({ page: later, origin });
  await later.evaluate(async () => {
    const opening = indexedDB.open("latent-lab", 1000);
    await new Promise((resolve, reject) => Object.assign(opening, { onsuccess: resolve, onerror: reject }));
    opening.result.close();
  });
  await untilNotice(page, /later version of this page is open in another tab/);
  await pickDigit(page, 2);
  await page.reload();
  await untilNotice(page, /written by a later version of this page/);
  await pickDigit(page, 3);
});

test("a full disk is a sentence, and the page goes on", {}, async ({ page, context, origin }) => {
  const client = await context.newCDPSession(page);
  await client.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1000 });
  await open({ page, origin }, CPU);
  await page.locator("#step").click();
  await untilNotice(page, /space that this browser has for the page is full/);
  await untilTraining(page, "paused");
  await pickDigit(page, 3);
  await client.send("Storage.overrideQuotaForOrigin", { origin });
  await takeStep(page, 2);
  await keptRun(page);
  await until(
    page,
    "the notice is gone",
    () => notices(page),
    (words) => !/full/.test(words),
  );
});

/** Deleting a run makes room, as it does on a disk: Chromium counts what is deleted for a while longer, so here the quota ends with it. */
async function makeRoomByDeleting(page, client, origin) {
  await page.exposeFunction("makeRoom", () => client.send("Storage.overrideQuotaForOrigin", { origin }));
  await page.addInitScript(() => {
    const remove = IDBObjectStore.prototype.delete;
    IDBObjectStore.prototype.delete = function (key) {
      if (this.name === "snapshots") return remove.call(this, key); // which go first, and are not enough
      let isThere = false;
      globalThis.makeRoom().then(() => {
        isThere = true;
      });
      const wait = () => {
        if (!isThere) this.get(key).onsuccess = wait; // which keeps the transaction open
      };
      wait();
      return remove.call(this, key);
    };
  });
}

test("where the space is full the page asks which run to delete, and then keeps what waited", {}, async ({
  page,
  context,
  origin,
}) => {
  const client = await context.newCDPSession(page);
  await client.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 2_500_000 }); // room for one run
  await block(page, ["caches"], "undefined"); // where data files would take it
  await makeRoomByDeleting(page, client, origin);
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await keptRun(page);
  await restart(page);
  await untilRestarted(page);
  await takeStep(page, 1);
  await takeStep(page, 2);
  await pickDigit(page, 3);
  await untilNotice(page, /Which run can be deleted\?/);
  await showView(page, "train");
  await chooseSystem(page, "beta");
  await offer(page, "Resume Variational autoencoder, step 2").waitFor();
  await chooseSystem(page, "vae");
  await page
    .locator("#notices button", { hasText: /^Delete Variational autoencoder, step 1, .+ MB/ })
    .click();
  await untilKept(page, "runs", "the new run is kept instead", (now) => {
    const steps = Object.values(now).map(({ value }) => value.step);
    return steps.length === 1 && steps[0] === 2;
  });
  await untilKept(
    page,
    "entries",
    "the drawing is kept",
    ({ drawing }) => drawing?.value.items[0]?.label === 3,
  );
  assert.doesNotMatch(await notices(page), /full/);
});

test("loaded weights, the model shown, the corruption and the code are there again", {}, async ({
  page,
  origin,
}) => {
  await open({ page, origin });
  await pickDigit(page, 4);
  await page.locator("#file").setInputFiles("www/models/vae-z2.safetensors");
  await untilModel(page, "file");
  await page.locator("#input-options > summary").click();
  await page.locator("#corruption").selectOption("mask");
  await page.locator("#z1").fill("1.5");
  await untilKept(page, "entries", "all is kept", ({ file, shown, code }) =>
    Boolean(file && shown?.value.corruption === "mask" && code?.value.values[0] === 1.5),
  );
  await untilAnswered(page);
  const decoded = await pixels(page, "#decoded");

  await page.goto("about:blank");
  await open({ page, origin });
  await untilModel(page, "file");
  assert.equal(await page.locator("#model option:checked").innerText(), "File: vae-z2.safetensors");
  assert.equal(await page.locator("#corruption").inputValue(), "mask");
  await untilPixelsAre(page, "#decoded", decoded, "the code is back");

  await write(page, "entries", "file", {
    version: 1,
    value: { name: "odd.bin", bytes: Uint8Array.of(1, 2, 3) },
  });
  await open({ page, origin });
  await untilNotice(page, /kept weights odd\.bin cannot be shown again/);
  await untilModel(page, "z20");
  await pickDigit(page, 7);
});

test("a code of one run does not come back in another", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await pickDigit(page, 4);
  await takeStep(page, 1);
  await untilModel(page, "training");
  await page.locator("#z1").fill("2.5");
  await untilKept(page, "entries", "the code is kept", ({ code }) => code?.value.values[0] === 2.5);
  await keptRun(page);
  await open({ page, origin }, CPU);
  await takeStep(page, 1);
  await untilModel(page, "training");
  await untilAnswered(page);
  assert.match(await page.locator("#latent-state").innerText(), /The code of your drawing/);
  await showView(page, "train");
  await continueRun(page);
  await untilStep(page, 2);
  await pause(page);
});

test("the browser is asked to keep a run, and nothing before there is one", {}, async ({ page, origin }) => {
  await page.addInitScript(() => {
    globalThis.asked = 0;
    navigator.storage.persist = async () => {
      globalThis.asked++;
      throw new DOMException("no", "NotAllowedError");
    };
  });
  const asked = () => page.evaluate(() => globalThis.asked);
  await open({ page, origin }, CPU);
  await pickDigit(page, 4);
  await untilKept(page, "entries", "the drawing is kept", ({ drawing }) => Boolean(drawing));
  assert.equal(await asked(), 0);
  await takeStep(page, 1);
  await keptRun(page);
  await until(page, "it is asked", asked);
  await takeStep(page, 2);
  await keptRun(page);
  assert.equal(await asked(), 1);
  assert.equal(await notices(page), "");
});

test("one button deletes everything kept and says how much it is", {}, async ({ page, origin }) => {
  await open({ page, origin }, CPU);
  await pickDigit(page, 2);
  await takeStep(page, 1);
  await keptRun(page);
  await showView(page, "learn");
  await page.locator("#about summary", { hasText: "small print" }).click();
  await page.locator("#keys").click();
  const size = () => page.locator("#kept-size").innerText();
  await until(
    page,
    "the size is known",
    size,
    (words) => Number(/[\d.]+ MB/.exec(words)?.[0].slice(0, -3)) > 10,
  );
  await page.locator("#kept-delete").click();
  await until(
    page,
    "it is deleted",
    () => page.locator("#kept-state").innerText(),
    (words) => /deleted/.test(words),
  );
  await until(page, "nothing is left", size, (words) => /0\.0 MB/.test(words));
  await pickDigit(page, 3);
  await takeStep(page, 2);
  await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
  for (const store of ["entries", "runs", "checkpoints"]) assert.deepEqual(await read(page, store), {});
  const others = await page.evaluate(async () => [await caches.keys(), Object.keys(localStorage)]);
  assert.deepEqual(others, [[], []]);
  await open({ page, origin });
  assert.doesNotMatch(await notices(page), /Continue/);
  assert.equal(await page.locator("#pad").getAttribute("data-empty"), "true");
});
