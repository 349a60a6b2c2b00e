// Weights as files: fetched, offered as a download, taken by picker or drop.

const FOLDER = new URL("./models/", import.meta.url);
const MOST_BYTES = 64_000_000; // a file is refused by size before it is read

/** The files that are not simply named after their source. */
const NAMES = { z20: "vae-z20.safetensors", z2: "vae-z2.safetensors" };

const fetched = new Map();

/** The bytes of a committed model, a fresh copy each time because they are handed over to workers. */
export async function fetchWeights(source) {
  if (!fetched.has(source)) {
    const name = NAMES[source] ?? `${source}.safetensors`;
    const response = await fetch(new URL(name, FOLDER)).catch(() => null);
    if (!response?.ok)
      throw new Error(
        `The pre-trained weights ${name} could not be fetched (${response ? `the server answers ${response.status}` : "no answer"}).`,
      );
    fetched.set(source, new Uint8Array(await response.arrayBuffer()));
  }
  return fetched.get(source).slice();
}

export async function readWeights(file) {
  if (file.size > MOST_BYTES)
    throw new Error(
      `it has ${Math.round(file.size / 1e6)} MB, and more than ${MOST_BYTES / 1e6} MB cannot be such a model`,
    );
  if (file.size === 0) throw new Error("it is empty");
  return new Uint8Array(await file.arrayBuffer());
}

export function saveWeights(bytes, name) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the download needs it a while
}

/** Lets a file be dropped anywhere on the page; `cover` is shown meanwhile. */
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
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
}
