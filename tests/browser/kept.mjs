// What the page keeps in its database, read and written behind its back.

import { curvesInPoints } from "../../www/keep/kept-curves.js";
import { painted, stepsDone, until } from "./page.mjs";

/** What is in the page's database: `read(page, "entries")` gives {key: value}. */
export function read(page, store) {
  return page.evaluate(async (name) => {
    const opening = indexedDB.open("latent-lab");
    await new Promise((resolve, reject) => Object.assign(opening, { onsuccess: resolve, onerror: reject }));
    const db = opening.result;
    const cursor = db.transaction(name).objectStore(name).openCursor();
    const found = {};
    await new Promise((resolve, reject) => {
      cursor.onerror = reject;
      cursor.onsuccess = () => {
        if (!cursor.result) return resolve();
        found[cursor.result.key] = cursor.result.value;
        cursor.result.continue();
      };
    });
    db.close();
    return found;
  }, store);
}

/** Puts a value into the page's database. */
export function write(page, store, key, value) {
  return page.evaluate(
    async ([name, at, entry]) => {
      const opening = indexedDB.open("latent-lab");
      await new Promise((resolve, reject) => Object.assign(opening, { onsuccess: resolve, onerror: reject }));
      const db = opening.result;
      const transaction = db.transaction(name, "readwrite");
      transaction.objectStore(name).put(entry, at);
      await new Promise((resolve, reject) =>
        Object.assign(transaction, { oncomplete: resolve, onerror: reject }),
      );
      db.close();
    },
    [store, key, value],
  );
}

export const untilKept = (page, store, what, accepts) => until(page, what, () => read(page, store), accepts);

/** The run is kept up to the step at which it is paused; resolves to its summary, with the points of its curves. */
export async function keptRun(page) {
  await painted(page); // the number of steps is
  const step = await stepsDone(page);
  const runs = await untilKept(page, "runs", `step ${step} is kept`, (kept) =>
    Object.values(kept).some(({ value }) => value.step === step),
  );
  const [id, { value }] = Object.entries(runs).find(([, run]) => run.value.step === step);
  return { ...value, history: curvesInPoints(await keptCurves(page, id)) };
}

/** The curves of a kept run in columns of plain numbers: not every driver hands typed arrays over. */
function keptCurves(page, key) {
  return page.evaluate(async (id) => {
    const opening = indexedDB.open("latent-lab");
    await new Promise((resolve, reject) => Object.assign(opening, { onsuccess: resolve, onerror: reject }));
    const request = opening.result.transaction("runs").objectStore("runs").get(id);
    await new Promise((resolve, reject) => Object.assign(request, { onsuccess: resolve, onerror: reject }));
    opening.result.close();
    const plain = (columns) =>
      Object.fromEntries(Object.entries(columns).map(([name, each]) => [name, [...each]]));
    const { history } = request.result.value;
    return Object.fromEntries(Object.entries(history).map(([curve, columns]) => [curve, plain(columns)]));
  }, key);
}
