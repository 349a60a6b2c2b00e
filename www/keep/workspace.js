// What is kept between visits, in the terms of the page: one drawing, one choice of settings, one latent
// code, the model shown, what views show of it, the ends of the paths, the shelf of drawings, one file of weights, and runs.

import { Database } from "./database.js";
import { packed, unpacked } from "./entry-format.js";
import { sizeOf } from "./kept-size.js";

const PIXELS = 784;

/** What the page starts with; a file of weights, up to 64 MB, is read later. */
const ENTRIES = ["drawing", "settings", "code", "shown", "views", "ends", "shelf"];

export class Workspace {
  #database;
  #unreadable = new Map(); // {store, key, failure} by "store/key": left as they are until a person deletes them

  /** As `Database.open`. */
  static async open(lost) {
    return new Workspace(await Database.open(lost));
  }

  constructor(database) {
    this.#database = database;
  }

  /** Failures of what could not be read. */
  get failures() {
    return [...this.#unreadable.values()].map(({ failure }) => failure);
  }

  /** {drawing, settings, code, shown, views, ends, shelf}, null each where nothing is kept or it cannot be read. */
  async entries() {
    const values = await Promise.all(ENTRIES.map((kind) => this.read(kind)));
    return Object.fromEntries(ENTRIES.map((kind, index) => [kind, values[index]]));
  }

  /** One entry: of those above, or "file"; null where nothing is kept or it cannot be read. */
  async read(kind) {
    return this.#unpacked(kind, "entries", kind, await this.#database.read("entries", kind));
  }

  /** Summaries of the kept runs, {id, system, ..}, the newest first. */
  async runs() {
    const entries = await this.#database.readAll("runs");
    const runs = entries.map(([id, entry]) => {
      const value = this.#unpacked("run", "runs", id, entry);
      return value && { begun: value.time, name: "", pinned: false, ...value, id };
    });
    return runs.filter(Boolean).sort((a, b) => b.time - a.time);
  }

  /** What a trainer resumes the run from; fails where it cannot be read. */
  async checkpoint({ id, step }) {
    const value = unpacked("checkpoint", await this.#database.read("checkpoints", id));
    if (value.step !== step) unpacked("checkpoint", null); // of another moment than its summary
    return value;
  }

  /** Keeps an entry, unless what was kept before could not be read. */
  async write(kind, value) {
    if (this.#unreadable.has(`entries/${kind}`)) return;
    await this.#database.write([{ store: "entries", key: kind, value: packed(kind, value) }]);
  }

  /**
   * Keeps a run. Its labels {name, pinned} are those that are kept already, which another tab may have given, but for what `labels` has of
   * them. Resolves to the summary with its labels.
   */
  async writeRun(id, summary, checkpoint, labels = {}) {
    let written;
    const renewed = (entry) => {
      written = { ...summary, ...labelsOf(entry), ...labels };
      return packed("run", written);
    };
    await this.#database.write([
      { store: "runs", key: id, change: renewed },
      { store: "checkpoints", key: id, value: packed("checkpoint", checkpoint) },
    ]);
    return written;
  }

  /** Changes labels {name, pinned} of a kept run; resolves to whether there is one. */
  async labelRun(id, labels) {
    let isKept = false;
    const labelled = (entry) => {
      isKept = entry !== undefined;
      return isKept ? packed("run", { ...unpacked("run", entry), ...labels }) : undefined;
    };
    await this.#database.write([{ store: "runs", key: id, change: labelled }]);
    return isKept;
  }

  async removeRun(id) {
    const own = ["runs", "checkpoints"].map((store) => ({ store, key: id }));
    await this.#database.write([...own, { store: "snapshots", key: snapshotsOf(id) }]);
  }

  /** Keeps a snapshot {step, epoch, weights} of a run, and removes its snapshots at the steps `left`. */
  async writeSnapshot(id, snapshot, left) {
    const key = [id, snapshot.step, snapshot.weights.length];
    const removed = left.map((step) => ({ store: "snapshots", key: snapshotsOf(id, step) }));
    await this.#database.write([
      ...removed,
      { store: "snapshots", key, value: packed("snapshot", snapshot) },
    ]);
  }

  /** The snapshots of a run that can be read, the earliest first. */
  async snapshots(id) {
    const entries = await this.#database.readAll("snapshots", snapshotsOf(id));
    return entries.flatMap(([, entry]) => readable("snapshot", entry) ?? []);
  }

  /** Removes the snapshots of all runs but those with these `ids`. */
  async removeSnapshotsBut(ids) {
    const runs = new Set((await this.#database.keys("snapshots")).map(([id]) => id));
    const others = [...runs].filter((id) => !ids.includes(id));
    if (others.length === 0) return;
    await this.#database.write(others.map((id) => ({ store: "snapshots", key: snapshotsOf(id) })));
  }

  /** What is said of each kept data set of a person. */
  async dataSets() {
    const entries = await this.#database.readAll("dataSets", IDBKeyRange.bound(["info"], ["info", []]));
    return entries.map(([key, entry]) => this.#unpacked("dataSet", "dataSets", key, entry)).filter(Boolean);
  }

  /** The files of one; fails where they cannot be read. */
  async dataSet(key) {
    return unpacked("dataSetFiles", await this.#database.read("dataSets", ["files", key]));
  }

  async writeDataSet(info, files) {
    await this.#database.write([
      { store: "dataSets", key: ["info", info.key], value: packed("dataSet", info) },
      { store: "dataSets", key: ["files", info.key], value: packed("dataSetFiles", files) },
    ]);
  }

  async removeDataSet(key) {
    await this.#database.write(["info", "files"].map((part) => ({ store: "dataSets", key: [part, key] })));
  }

  async removeUnreadable() {
    await this.#database.write([...this.#unreadable.values()].map(({ store, key }) => ({ store, key })));
    this.#unreadable.clear();
  }

  async removeAll() {
    await this.#database.clear();
    this.#unreadable.clear();
  }

  /** Size of everything kept, in bytes. */
  async size() {
    const [entries, runs] = await Promise.all(
      ["entries", "runs"].map((store) => this.#database.readAll(store)),
    );
    const checkpoints = runs.reduce((sum, [, { value }]) => sum + (value?.bytes ?? 0), 0);
    const snapshots = (await this.#database.keys("snapshots")).reduce((sum, [, , bytes]) => sum + bytes, 0);
    const infos = await this.dataSets();
    const images = infos.reduce((sum, { train, test }) => sum + PIXELS * (train + test), 0);
    return sizeOf(entries) + sizeOf(runs) + checkpoints + snapshots + images;
  }

  #unpacked(kind, store, key, entry) {
    if (entry === undefined) return null;
    try {
      return unpacked(kind, entry);
    } catch (failure) {
      this.#unreadable.set(`${store}/${key}`, { store, key, failure });
      return null;
    }
  }
}

/** The range of keys of a run's snapshots, or of those at one step. */
function snapshotsOf(id, ...step) {
  return IDBKeyRange.bound([id, ...step], [id, ...step, []]); // arrays come after numbers
}

/** The value of an entry, or null where it cannot be read. */
function readable(kind, entry) {
  try {
    return unpacked(kind, entry);
  } catch {
    return null;
  }
}

/** The labels of a kept run; none where there is no run, or one that cannot be read. */
function labelsOf(entry) {
  const { name = "", pinned = false } = entry?.value ?? {};
  try {
    unpacked("run", entry);
    return { name, pinned };
  } catch {
    return {};
  }
}
