// The MNIST files: fetched with progress, kept for the next visit, inflated when a trainer needs them.

const FOLDER = new URL("./data/", import.meta.url);
const CACHE = "latent-lab-mnist-1";

/** In the order a trainer takes them. `raw`: bytes once inflated, for hosts that inflate on the way. */
export const FILES = [
  { name: "train-images-idx3-ubyte.gz", raw: 47_040_016 },
  { name: "train-labels-idx1-ubyte.gz", raw: 60_008 },
  { name: "t10k-images-idx3-ubyte.gz", raw: 7_840_016 },
  { name: "t10k-labels-idx1-ubyte.gz", raw: 10_008 },
];

export class Dataset {
  #stored = null; // promise of four byte arrays, as they came
  #cached = false;

  /** Starts or joins the download. `report({loaded, total})` in bytes; a failed download may be asked for again. */
  load(report = () => {}) {
    this.#stored ??= this.#fetch(report).catch((error) => {
      this.#stored = null;
      throw error;
    });
    return this.#stored;
  }

  /** Fresh copies of the four raw IDX files. */
  async raw() {
    const stored = await this.load();
    return Promise.all(stored.map((bytes, index) => inflate(bytes, FILES[index].name)));
  }

  /** Called once a trainer has accepted the files: only whole files are kept for the next visit. */
  async keep() {
    if (this.#cached || !globalThis.caches) return;
    this.#cached = true;
    try {
      const cache = await caches.open(CACHE);
      const stored = await this.load();
      await Promise.all(
        FILES.map(({ name }, index) => cache.put(new URL(name, FOLDER), new Response(stored[index]))),
      );
    } catch {
      this.#cached = false; // storage full or refused: the next visit fetches again
    }
  }

  /** Called when the files were refused: the next `load` fetches them anew. */
  async forget() {
    this.#stored = null;
    this.#cached = false;
    await globalThis.caches?.delete(CACHE).catch(() => {});
  }

  async #fetch(report) {
    const kept = await this.#fromCache();
    if (kept) {
      this.#cached = true;
      const total = kept.reduce((sum, bytes) => sum + bytes.length, 0);
      report({ loaded: total, total });
      return kept;
    }
    const progress = FILES.map(() => ({ loaded: 0, total: 0 }));
    const tell = () =>
      report({
        loaded: progress.reduce((sum, file) => sum + file.loaded, 0),
        total: progress.every((file) => file.total) ? progress.reduce((sum, file) => sum + file.total, 0) : 0,
      });
    return Promise.all(FILES.map((file, index) => download(file, progress[index], tell)));
  }

  async #fromCache() {
    try {
      if (!(await caches.has(CACHE))) return null;
      const cache = await caches.open(CACHE);
      const kept = await Promise.all(FILES.map(({ name }) => cache.match(new URL(name, FOLDER))));
      if (!kept.every(Boolean)) return null;
      return await Promise.all(kept.map(async (response) => new Uint8Array(await response.arrayBuffer())));
    } catch {
      return null; // no Cache API in an insecure context, or storage refused
    }
  }
}

async function download({ name, raw }, progress, tell) {
  const response = await fetch(new URL(name, FOLDER)).catch(() => {
    throw new Error(`${name} could not be fetched: the network or the server does not answer.`);
  });
  if (!response.ok) throw new Error(`${name} could not be fetched: the server answers ${response.status}.`);
  const encoded = response.headers.has("content-encoding");
  progress.total = encoded ? raw : Number(response.headers.get("content-length")) || raw;
  const parts = [];
  try {
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      progress.loaded += value.length;
      tell();
    }
  } catch {
    throw new Error(`${name} broke off after ${progress.loaded} bytes.`);
  }
  progress.total = progress.loaded;
  return joined(parts, progress.loaded);
}

function joined(parts, length) {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Bytes as an inflated copy; a host may have inflated them already, so the gzip magic decides. */
export async function inflate(bytes, name) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.slice();
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new Error(`${name} is damaged: it cannot be decompressed.`);
  }
}
