// Files that a person brings become a data set: read in a worker, seen before they are used, and then the present data set.

import { NO_IMPORT } from "../initial-state.js";
import { Failure } from "../messages/failure.js";

/** As its name is until someone names it, from the first file or folder. */
const nameOf = ([{ name }]) =>
  name.split("/")[0].replace(/(-ubyte)?(\.(gz|zip|npz|npy|csv|png|jpe?g|webp|gif|bmp))*$/i, "");
const LONGEST_NAME = 60; // characters

export class ImportController {
  #state;
  #client;
  #dataSets;
  #work = null; // what identifies the reading under way

  /** `client`: an ImportClient; `dataSets`: the DataSets. */
  constructor({ state, client, dataSets }) {
    this.#state = state;
    this.#client = client;
    this.#dataSets = dataSets;
  }

  /** Reads `files`, {name, file} each, in addition to those that were read before. */
  async add(files) {
    if (files.length === 0) return;
    const before = this.#state.imported.peek();
    if (before.status === "reading") return;
    const work = Symbol("import");
    this.#work = work;
    const wanted = () => this.#work === work;
    const begun =
      before.status === "read" ? before : { ...NO_IMPORT, name: nameOf(files).slice(0, LONGEST_NAME) };
    this.#write({ ...begun, status: "reading", progress: null, trouble: null });
    try {
      if (before.status !== "read") await this.#client.begin();
      const report = (progress) => wanted() && this.#write({ progress });
      const refused = await this.#client.add(files, report, wanted);
      if (!wanted()) return;
      const summary = await this.#client.summary();
      if (!wanted()) return;
      const all = [...begun.refused, ...refused];
      this.#write({ status: "read", progress: null, summary, refused: all, classes: names(summary, begun) });
    } catch (error) {
      if (wanted()) this.#fail(error);
    }
  }

  /** Ends what is being read, and forgets what was. */
  cancel() {
    this.#work = null;
    this.#client.close();
    this.#state.imported.value = NO_IMPORT;
  }

  /** {name, invert, transpose, frame, testShare}: how the set is made. */
  change(change) {
    this.#write(change);
  }

  renameClass(index, name) {
    const { classes } = this.#state.imported.peek();
    this.#write({ classes: classes.map((each, k) => (k === index ? name : each)) });
  }

  /** Adds the set to the person's own and makes it the present one. Resolves to whether it is. */
  async use({ keep }) {
    const { name, classes, invert, transpose, frame, testShare } = this.#state.imported.peek();
    this.#write({ status: "making", trouble: null });
    try {
      if (new Set(classes).size < classes.length) throw new Failure("class_names_equal");
      const options = { name, invert, transpose, test_share: testShare, seed: 0, mnist_frame: frame };
      const set = await this.#client.finish(options);
      const info = await this.#dataSets.add({ ...set, classes }, { origin: "files", keep });
      if (!(await this.#dataSets.choose(info.key))) return false;
      this.cancel();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** What was read stays, as long as the worker does. */
  #fail(error) {
    const { summary } = this.#state.imported.peek();
    const isThere = summary && !error.kind?.startsWith("worker_");
    this.#write({ status: isThere ? "read" : "failed", progress: null, trouble: error });
  }

  #write(change) {
    this.#state.imported.value = { ...this.#state.imported.peek(), ...change };
  }
}

/** The classes by name, those renamed before among them. */
function names({ classes }, { summary, classes: before }) {
  const found = summary?.classes.map(({ name }) => name) ?? [];
  return classes.map(({ name }) => before[found.indexOf(name)] ?? name);
}
