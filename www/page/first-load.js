// What the page needs before anything can be shown: the schema, the first weights, and twenty test digits.

import { effect } from "@preact/signals-core";
import { fetchFile } from "../files/fetch-file.js";
import { fetchWeights } from "../files/weights-files.js";
import { keepOffline, removeOffline } from "../keep/offline.js";
import { isEmbedded } from "../settings/address.js";
import { installSchema } from "../settings/schema.js";
import { dataFile } from "../urls.js";

const IDX_LABELS_HEADER = 8; // bytes
/** The big downloads wait this long for a first drawing, so that they never delay it. */
const PREPARE_MS = 4000;

/**
 * Resolves to `{systems, widths, weights, digits}` once `viewer`, the worker, has opened. `widths`: {pen, eraser}. `digits`: pictures [20 * 784], labels [20], and `files`,
 * both as raw IDX bytes.
 */
export async function firstLoad(viewer) {
  const fetched = (name) => fetchFile(dataFile(name), name);
  const [weights, images, labels] = await Promise.all([
    fetchWeights("z20"),
    fetched("digits-images-idx3-ubyte"),
    fetched("digits-labels-idx1-ubyte"),
    viewer.opened,
  ]);
  const [pictures, schema] = await Promise.all([
    viewer.call("images", { idx: images }),
    viewer.call("schema"),
  ]);
  installSchema(schema);
  const digits = { pictures, labels: labels.slice(IDX_LABELS_HEADER), files: [images, labels] };
  return { systems: schema.presets, widths: schema.strokes, weights, digits };
}

/**
 * Loads the other rooms' scripts and fetches what training needs in advance, and has the page kept for visits without a network: after a moment, or as soon as the first
 * drawing has its reconstruction.
 */
export function prepareWhenIdle(parts) {
  let prepared = isEmbedded(); // many pages may show this one, and few of their readers train
  const prepare = () => {
    if (prepared) return;
    prepared = true;
    (window.requestIdleCallback ?? setTimeout)(() => prepareAll(parts));
  };
  setTimeout(prepare, PREPARE_MS);
  const stop = effect(() => {
    if (!parts.state.inference.value) return;
    prepare();
    queueMicrotask(() => stop());
  });
}

/** The service worker comes first, so that it sees the modules for training being fetched. */
async function prepareAll({ state, rooms, training, data }) {
  const saveData = navigator.connection?.saveData;
  if (!saveData) {
    await rooms.loadAll();
    rooms.enter("files"); // the browser's own command to print does not wait for a script
  }
  const failure = await keepOffline().then(
    () => null,
    (error) => error,
  );
  if (!saveData) {
    await training.prepare();
    await data.keep();
  }
  if (state.keeping.peek().status === "deleted") return removeOffline();
  state.offline.value = { ready: failure === null, failure };
}
