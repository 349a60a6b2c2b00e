// Writes and reads archives, in a worker of their own.

import { Failure, sentence } from "../messages/failure.js";
import { inWorkerForFiles } from "../worker/worker-for-files.js";
import { labOf } from "./lab-files.js";

/** As in src/archive/mod.rs: refused by size before it is read, or written. */
const MOST_BYTES = 500_000_000;

/** Resolves to the archive of `files`, [name, bytes] each, as a Blob; one of them at a time is in the worker. */
export async function writeArchive(files) {
  const megabytes = Math.ceil(files.reduce((sum, [, contents]) => sum + contents.length, 0) / 1e6);
  const most = MOST_BYTES / 1e6;
  if (megabytes >= most) throw new Failure("archive_not_to_be_opened", { megabytes, most });
  return inWorkerForFiles(async (worker) => {
    const parts = [];
    await worker.call("begin_archive");
    for (const [name, contents] of files) {
      const copy = contents.slice();
      parts.push(await worker.call("archive_header", { name, contents: copy }, [copy.buffer]), contents);
    }
    parts.push(await worker.call("finish_archive"));
    return new Blob(parts, { type: "application/zip" });
  });
}

/** The lab of a File, as in lab-files.js; fails where any part of it cannot be used. */
export async function readArchive(file) {
  const megabytes = Math.ceil(file.size / 1e6);
  const most = MOST_BYTES / 1e6;
  if (file.size > MOST_BYTES) throw new Failure("archive_too_large", { megabytes, most });
  const bytes = new Uint8Array(await file.arrayBuffer());
  return inWorkerForFiles(async (worker) => {
    const lab = labOf(new Map(await worker.call("read_archive", { bytes }, [bytes.buffer])));
    const checks = [
      ...(lab.weights ? [["inspect", lab.weights.bytes, lab.weights.name]] : []),
      ...lab.runs.flatMap(({ summary, checkpoint }) => {
        const name = summary.name || summary.system;
        return [
          ["inspect", checkpoint.weights, name],
          ["check_checkpoint", checkpoint.bytes, name],
        ];
      }),
    ];
    for (const [action, weights, name] of checks) await check(worker, action, weights, name);
    return lab;
  });
}

async function check(worker, action, weights, name) {
  try {
    await worker.call(action, { weights: weights.slice() });
  } catch (error) {
    if (!error.kind || error.kind.startsWith("worker_")) throw error;
    throw new Failure("archive_weights", { name, reason: sentence(error) }, { cause: error });
  }
}
