// The database of what is kept between visits: opened, read and written, with each refusal as a failure that has a sentence.

import { openDB } from "idb";
import { Failure } from "../messages/failure.js";
import { afterAwake } from "../worker/awake-timer.js";

const NAME = "latent-lab";
const VERSION = 1;
/** `entries`: drawing, settings and code, by name; `runs`: what is shown of each run, by id; `checkpoints`: their weights, by id. */
const STORES = ["entries", "runs", "checkpoints"];
/** A browser may leave the request to open without an answer. */
const PATIENCE_MS = 3000;

export class Database {
  #db;

  /** `lost(failure)` is called when the browser, or a later version of the page in another tab, has closed the database. */
  static async open(lost = () => {}) {
    const opening = refusals(() =>
      openDB(NAME, VERSION, {
        upgrade: (db) => {
          for (const store of STORES) db.createObjectStore(store);
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

  /** `[key, value]` of each entry of a store. */
  readAll(store) {
    return refusals(async () => {
      const transaction = this.#db.transaction(store);
      const [keys, values] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
      return keys.map((key, index) => [key, values[index]]);
    });
  }

  /** Writes `{store, key, value}` each, all or none; without a `value` the entry is removed. */
  write(changes) {
    return this.#change(
      changes.map(({ store }) => store),
      (transaction) => {
        for (const { store, key, value } of changes) {
          const target = transaction.objectStore(store);
          if (value === undefined) target.delete(key);
          else target.put(value, key);
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
        make(unwatched(transaction));
      } catch (error) {
        transaction.done.catch(() => {});
        transaction.abort();
        throw error;
      }
      await transaction.done;
    });
  }
}

/** The requests of a transaction fail with it: only the transaction is awaited. */
function unwatched(transaction) {
  const watch =
    (target, name) =>
    (...values) =>
      target[name](...values).catch(() => {});
  return {
    objectStore(name) {
      const target = transaction.objectStore(name);
      return { put: watch(target, "put"), delete: watch(target, "delete"), clear: watch(target, "clear") };
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
