// The database of what is kept between visits: opened, read and written, with each refusal as a failure that has a sentence.

import { openDB } from "idb";
import { Failure } from "../messages/failure.js";
import { afterAwake } from "../worker/awake-timer.js";

const NAME = "latent-lab";
const VERSION = 3;
/**
 * `entries`: drawing, settings and code, by name; `runs`: what is shown of each run, by id; `checkpoints`: their weights, by id; since version 2,
 * `snapshots`: weights that a run had earlier, by [id, step, bytes]; since version 3, `dataSets`: a person's data sets, what is said of them by ["info", key]
 * and their files by ["files", key].
 */
const STORES = ["entries", "runs", "checkpoints", "snapshots", "dataSets"];
/** A browser may leave the request to open without an answer. */
const PATIENCE_MS = 3000;

export class Database {
  #db;

  /** `lost(failure)` is called when the browser, or a later version of the page in another tab, has closed the database. */
  static async open(lost = () => {}) {
    const opening = refusals(() =>
      openDB(NAME, VERSION, {
        upgrade: (db) => {
          const missing = STORES.filter((store) => !db.objectStoreNames.contains(store));
          for (const store of missing) db.createObjectStore(store);
        },
        blocking: (_current, _wanted, event) => {
          event.target.close();
          lost(new Failure("keep_newer_page"));
        },
        terminated: () => lost(new Failure("keep_closed")),
      }),
    );
    return new Database(await inTime(opening));
  }

  constructor(db) {
    this.#db = db;
  }

  /** The value, or undefined. */
  read(store, key) {
    return refusals(() => this.#db.get(store, key));
  }

  /** `[key, value]` of each entry of a store, or of those in a `range` of keys. */
  readAll(store, range) {
    return refusals(async () => {
      const transaction = this.#db.transaction(store);
      const all = [transaction.store.getAllKeys(range), transaction.store.getAll(range)];
      const [keys, values] = await Promise.all(all);
      return keys.map((key, index) => [key, values[index]]);
    });
  }

  /** The keys of a store, which may be large. */
  keys(store) {
    return refusals(() => this.#db.getAllKeys(store));
  }

  /**
   * Writes `{store, key, value}` each, all or none; without a `value` the entry is removed, or those in a range of keys. In its place `change(before)` may make it from
   * the entry before, or from undefined; no other tab writes in between.
   */
  write(changes) {
    return this.#change(
      changes.map(({ store }) => store),
      async (transaction) => {
        for (const { store, key, value, change } of changes) {
          const target = transaction.objectStore(store);
          const next = change ? change(await target.get(key)) : value;
          if (next === undefined) target.delete(key);
          else target.put(next, key);
        }
      },
    );
  }

  clear() {
    return this.#change(STORES, (transaction) => {
      for (const store of STORES) transaction.objectStore(store).clear();
    });
  }

  close() {
    this.#db.close();
  }

  #change(stores, make) {
    return refusals(async () => {
      const transaction = this.#db.transaction([...new Set(stores)], "readwrite");
      try {
        await make(unwatched(transaction));
      } catch (error) {
        transaction.done.catch(() => {});
        abort(transaction);
        throw error;
      }
      await transaction.done;
    });
  }
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // it has ended by itself
  }
}

/** The requests that write fail with their transaction: only that is awaited. */
function unwatched(transaction) {
  const watch =
    (target, name) =>
    (...values) =>
      target[name](...values).catch(() => {});
  return {
    objectStore(name) {
      const target = transaction.objectStore(name);
      const writing = ["put", "delete", "clear"].map((name) => [name, watch(target, name)]);
      return { get: (key) => target.get(key), ...Object.fromEntries(writing) };
    },
  };
}

/** What `act` resolves to; what the browser throws becomes a failure with a sentence. */
async function refusals(act) {
  try {
    return await act();
  } catch (error) {
    if (error.kind) throw error;
    if (error.name === "VersionError") throw new Failure("keep_later_version");
    if (error.name === "QuotaExceededError") throw new Failure("keep_full");
    throw new Failure("keep_refused", { reason: error.message || error.name }, { cause: error });
  }
}

async function inTime(opening) {
  let opened;
  const late = new Promise((_, reject) => {
    const seconds = PATIENCE_MS / 1000;
    opened = afterAwake(PATIENCE_MS, () => reject(new Failure("keep_no_answer", { seconds })));
  });
  try {
    return await Promise.race([opening, late]);
  } catch (error) {
    opening.then((db) => db.close()).catch(() => {}); // it may still open
    throw error;
  } finally {
    opened();
  }
}
