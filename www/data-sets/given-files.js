// Files that a person picks or drops, with those in folders: {name, file} each, where `name` is the path in the folder.

/** Begins what other systems leave in folders. */
const HIDDEN = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/;

/** Of `<input type=file>`, with or without `webkitdirectory`. */
export function pickedFiles(list) {
  return [...list]
    .map((file) => ({ name: file.webkitRelativePath || file.name, file }))
    .filter(({ name }) => !HIDDEN.test(name));
}

/** Of a drop, whose `transfer` is empty once the event is over: what it has is taken at once, folders are read after that. */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some(({ isDirectory }) => isDirectory)) return pickedFiles(transfer.files);
  const files = [];
  for (const entry of entries) await readEntry(entry, files);
  return files.filter(({ name }) => !HIDDEN.test(name));
}

/** Adds the files below an entry. */
async function readEntry(entry, files) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    files.push({ name: entry.fullPath.replace(/^\//, ""), file });
    return;
  }
  const reader = entry.createReader();
  const read = () => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  // A browser gives so many at a time, and none at the end.
  for (let some = await read(); some.length > 0; some = await read())
    for (const each of some) await readEntry(each, files);
}

/** How data files begin; weights of other programs begin otherwise. */
const MAGICS = [
  [0x1f, 0x8b], // gzip
  [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], // npy
  [0x89, 0x50, 0x4e, 0x47], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x47, 0x49, 0x46, 0x38], // GIF
  [0x00, 0x00, 0x08, 0x01], // IDX of bytes
  [0x00, 0x00, 0x08, 0x03],
];
const ENDINGS = /\.(npz|npy|csv|png|jpe?g|webp|gif|bmp)$|-ubyte(\.gz)?$/i;

/** Whether a file of this name is images or labels. */
export function isDataName(name) {
  return ENDINGS.test(name);
}

/** Whether a File is images or labels, by its content and else by its name. A zip may also be weights or a saved lab, which are not distinguished here. */
export async function isDataFile(file) {
  const start = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  return isDataName(file.name) || MAGICS.some((magic) => magic.every((byte, k) => start[k] === byte));
}
