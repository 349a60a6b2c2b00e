// The results of a study, which `latent-lab sweep report` writes: read in Rust, and shaped as the overlay of the loss chart needs them.

import { Failure } from "../messages/failure.js";
import { inWorkerForFiles } from "../worker/worker-for-files.js";

/** As in src/study/results_file.rs: refused by size before it is read. */
const MOST_BYTES = 200 * 2 ** 20;
const START = 64; // bytes that tell the format

/** Whether a File holds the results of a study, damaged or not. */
export async function isStudy(file, viewer) {
  const start = new Uint8Array(await file.slice(0, START).arrayBuffer());
  return viewer.call("is_study", { start });
}

/** Resolves to the study of a File, as in state.js; fails where any line of it is damaged. */
export async function readStudy(file) {
  const megabyte = 2 ** 20;
  if (file.size > MOST_BYTES) {
    const megabytes = Math.ceil(file.size / megabyte);
    throw new Failure("study_too_large", { megabytes, most: MOST_BYTES / megabyte });
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const read = await inWorkerForFiles((worker) => worker.call("read_study", { bytes }, [bytes.buffer]));
  return { file: file.name, configurations: configurationsOf(read) };
}

/** Each curve becomes a run of the overlay: its losses are those of tests. */
export function configurationsOf(read) {
  return read.map(({ curves, ...configuration }) => ({
    ...configuration,
    runs: curves.map((full) => ({
      name: configuration.name,
      scoredOn: configuration.scored_on,
      history: { train: NONE, quick: NONE, full },
    })),
  }));
}

const NONE = { step: [], reconstruction: [], kl: [], total: [] };
