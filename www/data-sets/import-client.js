// Makes data sets in a worker of its own, so that nothing else waits: of files that a person brings, and of drawings.

import { WorkerClient } from "../worker/worker-client.js";
import { PIXELS } from "./idx.js";

/** Files and pictures of one call: between two the work can be cancelled, and the page knows how far it is. */
const FILES = 64;
const BYTES = 64e6; // of files
const PICTURES = 64;

export class ImportClient {
  #openWorker;
  #worker = null;

  constructor(openWorker = () => new WorkerClient("cpu")) {
    this.#openWorker = openWorker;
  }

  /** From now on files are another set. */
  begin() {
    return this.#call("begin_import");
  }

  /**
   * Adds `files`, {name, file} each, and decodes their pictures; calls `report({stage, done, of})`. Resolves to the files that could not be read, {file,
   * kind, values}; ends early where `wanted()` is false.
   */
  async add(files, report, wanted) {
    const refused = [];
    for (let done = 0; done < files.length; ) {
      report({ stage: "reading", done, of: files.length });
      const piece = pieceOf(files, done);
      refused.push(...(await this.#call("add_files", { files: piece })));
      if (!wanted()) return refused;
      done += piece.length;
    }
    for (let done = 0, of = 1; done < of; ) {
      ({ done, of } = await this.#call("decode_pictures", { count: PICTURES }));
      if (!wanted()) return refused;
      report({ stage: "decoding", done, of });
    }
    return refused;
  }

  /** As DataImport.summary and DataImport.finish give it. */
  summary() {
    return this.#call("import_summary");
  }

  finish(options) {
    return this.#call("finish_import", { options });
  }

  // As the functions of the module; what is passed stays with the caller.

  /** `scale` in percent. */
  augment({ scale, ...options }) {
    return this.#call("augment", { ...options, scale: scale / 100 });
  }

  mix(options) {
    return this.#call("mix", options);
  }

  splitOff(options) {
    return this.#call("split_off", options);
  }

  /** A set of raw IDX files, in the form of `finish`. */
  assemble(set) {
    return this.#call("assemble", set);
  }

  /** What is in raw IDX files, as DataImport.summary gives it; labels null where there are none. */
  describe({ images, labels, classes }) {
    return this.#call("describe_set", { images, labels, classes });
  }

  /** `count` images of a raw IDX file from one on, [n * 784] in 0..=1. */
  async pictures(file, from, count) {
    const pictures = await this.#call("images", { idx: file });
    return pictures.subarray(from * PIXELS, (from + count) * PIXELS);
  }

  /** `files`, [name, bytes] each, as the parts of a zip. */
  async zip(files) {
    const parts = [];
    await this.#call("begin_archive");
    for (const [name, contents] of files)
      parts.push(await this.#call("archive_header", { name, contents }), contents);
    return [...parts, await this.#call("finish_archive")];
  }

  exportZip(set) {
    return this.#call("export_zip", set);
  }

  /** Ends the worker: the memory of a module never shrinks. What it was doing fails. */
  close() {
    this.#worker?.close();
    this.#worker = null;
  }

  #call(action, args) {
    if (!this.#worker || this.#worker.closed) this.#worker = this.#openWorker();
    return this.#worker.call(action, args);
  }
}

function pieceOf(files, from) {
  let [end, bytes] = [from, 0];
  while (end < files.length && end < from + FILES && (end === from || bytes + files[end].file.size <= BYTES))
    bytes += files[end++].file.size;
  return files.slice(from, end);
}
