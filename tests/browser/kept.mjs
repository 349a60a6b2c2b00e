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
  const { value } = Object.values(runs).find((run) => run.value.step === step);
  return { ...value, history: curvesInPoints(value.history) };
}
