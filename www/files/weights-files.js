// Weights as files: fetched, offered as a download, taken by picker or drop.

import { Failure } from "../messages/failure.js";
import { weightsFile, weightsName } from "../urls.js";
import { fetchFile } from "./fetch-file.js";
import { saveFile } from "./save-file.js";

const MOST_BYTES = 64_000_000; // a file is refused by size before it is read

const fetched = new Map();

/** The bytes of a pre-trained model, a copy each time, because buffers are transferred to workers. */
export async function fetchWeights(source) {
  if (!fetched.has(source)) {
    const name = weightsName(source);
    fetched.set(source, await fetchFile(weightsFile(name), name)); // only what was found to be that file
  }
  return fetched.get(source).slice();
}

export async function readWeights(file) {
  const megabytes = Math.ceil(file.size / 1e6);
  if (file.size > MOST_BYTES) throw new Failure("file_too_large", { megabytes, most: MOST_BYTES / 1e6 });
  if (file.size === 0) throw new Failure("file_empty");
  return new Uint8Array(await file.arrayBuffer());
}

export function saveWeights(bytes, name) {
  saveFile(bytes, name);
}

/** Calls `take` with the DataTransfer of files dropped anywhere on the page, which is empty once the event is over; `cover` is shown while one is dragged. */
export function acceptDrops(cover, take) {
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  window.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    cover.hidden = false;
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) cover.hidden = true;
  });
  window.addEventListener("drop", (event) => {
    cover.hidden = true;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer);
  });
}
