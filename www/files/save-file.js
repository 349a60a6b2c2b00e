// Offers a file as a download.

/** `content`: bytes, text or a Blob. */
export function saveFile(content, name, type = "application/octet-stream") {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the download needs it a while
}
