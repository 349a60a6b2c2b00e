// The four IDX files of a shipped data set: fetched with progress, kept for the next visit, inflated when a trainer needs them. They are kept
// here and not by the service worker, so that they are there once, and without one as well.

import { digestOf, hasDigest } from "../files/content-digest.js";
import { respond, wholeBody, wrongFile } from "../files/fetch-file.js";
import { Failure } from "../messages/failure.js";
import { dataFile, inflatedDigest } from "../urls.js";

/** Its entries are addresses that carry a hash of the file's content: data of another version are never taken from it. */
const CACHE = "latent-lab-data";
/** Of earlier versions of the page. */
const OLD_CACHES = ["latent-lab-mnist-1"];

/** The files of the test images: all that an evaluation needs. */
const TEST = [2, 3];
const ALL = [0, 1, 2, 3];

export class IdxFiles {
  #files;
  #isShipped;
  #stored = ALL.map(() => null); // promises of byte arrays, as downloaded
  #progress = ALL.map(() => ({ loaded: 0, total: 0 }));
  #listeners = new Set();
  #cached = ALL.map(() => false);
  #keeps = true;

  /** `files`: as `idxFiles` of shipped.js has them; `isShipped(address)`: whether this version of the page has such a data file, so that it stays in the cache. */
  constructor(files, isShipped) {
    this.#files = files;
    this.#isShipped = isShipped;
  }

  /** Starts or joins the download of all. `report({loaded, total})` in bytes; a failed download can be started again. */
  load(report) {
    return this.#load(ALL, report);
  }

  /** Copies of the raw IDX files: {trainImages, trainLabels, testImages, testLabels}. */
  async raw() {
    const [trainImages, trainLabels, testImages, testLabels] = await this.#raw(ALL);
    return { trainImages, trainLabels, testImages, testLabels };
  }

  /** Copies of the test images and their labels, without waiting for the rest. */
  test(report) {
    return this.#raw(TEST, report);
  }

  /** Keeps the files for the next visit, once they are there. */
  keep() {
    return this.#keep(ALL);
  }

  keepTest() {
    return this.#keep(TEST);
  }

  /** Everything kept was deleted: nothing more is kept. */
  keepNothing() {
    this.#keeps = false;
  }

  /** Called when the files were refused: the next `load` fetches them again. */
  forget() {
    return this.#forget(ALL);
  }

  forgetTest() {
    return this.#forget(TEST);
  }

  async #load(which, report = () => {}) {
    const notify = () => report(this.#total(which));
    this.#listeners.add(notify);
    try {
      const stored = await Promise.all(which.map((index) => this.#file(index)));
      notify();
      return stored;
    } finally {
      this.#listeners.delete(notify);
    }
  }

  async #raw(which, report) {
    const stored = await this.#load(which, report);
    return Promise.all(stored.map((bytes, k) => inflate(bytes, this.#files[which[k]].name)));
  }

  #total(which) {
    const parts = which.map((index) => this.#progress[index]);
    return {
      loaded: parts.reduce((sum, { loaded }) => sum + loaded, 0),
      total: parts.every(({ total }) => total) ? parts.reduce((sum, { total }) => sum + total, 0) : 0,
    };
  }

  /** One file, fetched once: calls during the download share it. */
  #file(index) {
    this.#stored[index] ??= this.#fetch(index).catch((error) => {
      this.#stored[index] = null;
      throw error;
    });
    return this.#stored[index];
  }

  async #fetch(index) {
    const progress = { loaded: 0, total: 0 };
    this.#progress[index] = progress;
    const notify = () => {
      for (const listener of this.#listeners) listener();
    };
    const kept = this.#keeps ? await fromCache(this.#files[index]) : null;
    if (!kept) return downloadWhole(this.#files[index], progress, notify);
    this.#cached[index] = true;
    Object.assign(progress, { loaded: kept.length, total: kept.length });
    notify();
    return kept;
  }

  async #keep(which) {
    const missing = which.filter((index) => !this.#cached[index] && digestOf(address(this.#files[index])));
    if (missing.length === 0 || !this.#keeps) return;
    for (const index of missing) this.#cached[index] = true;
    try {
      const cache = await caches.open(CACHE);
      const stored = await this.#load(missing);
      await Promise.all(
        missing.map((index, k) => cache.put(address(this.#files[index]), new Response(stored[k]))),
      );
      await this.#deleteOld(cache);
    } catch {
      for (const index of missing) this.#cached[index] = false; // no Cache API, storage full or refused: the next visit fetches again
    }
  }

  async #forget(which) {
    for (const index of which) {
      this.#stored[index] = null;
      this.#cached[index] = false;
    }
    try {
      const cache = await globalThis.caches?.open(CACHE);
      await Promise.all(which.map((index) => cache?.delete(address(this.#files[index]))));
    } catch {
      // no storage: nothing was kept
    }
  }

  /** Deletes what other versions of the page have kept. */
  async #deleteOld(cache) {
    const old = (await cache.keys()).filter(({ url }) => !this.#isShipped(url));
    await Promise.all(old.map((request) => cache.delete(request)));
    await Promise.all(OLD_CACHES.map((name) => caches.delete(name)));
  }
}

function address({ name }) {
  return dataFile(name);
}

/** A kept file, or null where it is not there or damaged. */
async function fromCache(file) {
  try {
    if (!digestOf(address(file)) || !(await caches.has(CACHE))) return null;
    const kept = await (await caches.open(CACHE)).match(address(file));
    const bytes = kept && new Uint8Array(await kept.arrayBuffer());
    return bytes && (await isFile(bytes, file)) ? bytes : null;
  } catch {
    return null; // no Cache API in an insecure context, or storage refused
  }
}

/** Whether the bytes are the file, as it is or inflated by the host. */
function isFile(bytes, { name }) {
  return hasDigest(bytes, isCompressed(bytes) ? digestOf(dataFile(name)) : inflatedDigest(name));
}

function isCompressed(bytes) {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** A wrong file from a cache on the way is fetched again past it. */
async function downloadWhole(file, progress, notify) {
  const bytes = await download(file, progress, notify, "default");
  if (await isFile(bytes, file)) return bytes;
  progress.loaded = 0;
  const again = await download(file, progress, notify, "reload");
  if (await isFile(again, file)) return again;
  throw await wrongFile(again, file.name);
}

async function download({ name, raw }, progress, notify, cache) {
  const response = await respond(address({ name }), name, { cache });
  const encoded = response.headers.has("content-encoding");
  progress.total = encoded ? raw : Number(response.headers.get("content-length")) || raw;
  const bytes = await wholeBody(response, name, (loaded) => {
    progress.loaded = loaded;
    notify();
  });
  progress.total = bytes.length;
  return bytes;
}

/** Bytes as an inflated copy; a host may have inflated them already, so the gzip magic decides. */
export async function inflate(bytes, name) {
  if (!isCompressed(bytes)) return bytes.slice();
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new Failure("data_not_decompressed", { file: name });
  }
}

/** Whether an error says that one of these files is damaged, so that fetching it again may help. */
export function isDamagedData(error) {
  return Boolean(error?.kind?.startsWith("data_"));
}
