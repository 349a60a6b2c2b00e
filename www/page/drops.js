// Files that are dropped anywhere on the page: weights; archives, which the room of files opens; the results of a study; images and labels,
// which the view of data reads.

import { droppedFiles, isDataFile, isDataName } from "../data-sets/given-files.js";
import { acceptDrops } from "../files/weights-files.js";
import { text } from "../messages/text.js";

/** How a ZIP archive begins, and in which of its bytes the name of its first file is. */
const ZIP = "PK";
const NAME_LENGTH = 26;
const LOCAL_HEADER = 30;
const LONGEST_NAME = 1000;

/** `openStudy(file)`: opens the results of a study; resolves to whether the file is one. */
export function openDrops({ shownModel, rooms, notices, state, openStudy }) {
  acceptDrops(document.getElementById("drop"), async (transfer) => {
    const files = await droppedFiles(transfer);
    if (files.length === 0) return;
    const [{ file }] = files;
    const isData = files.length > 1 || (await isDataFile(file)) || (await isZipOfData(file));
    if (isData) return takeData(files, { rooms, notices, state });
    if (await openStudy(file)) return;
    if (!(await isZip(file))) return shownModel.load(file);
    const room = await rooms.enter("files"); // which knows a saved lab from other programs' weights
    if (room) return room.open(file);
    refuse(notices, file);
  });
}

async function takeData(files, { rooms, notices, state }) {
  state.view.value = "data";
  const room = await rooms.enter("data");
  if (room) return room.add(files);
  refuse(notices, files[0].file);
}

export function refuse(notices, file) {
  const reason = text("page.room.not_there");
  notices.show({ name: "archive", text: text("archive.refused", { file: file.name, reason }) });
}

/** A zip whose first file, or folder, may be one of images; a saved lab and other programs' weights begin otherwise. */
async function isZipOfData(file) {
  if (!(await isZip(file))) return false;
  const start = new Uint8Array(await file.slice(0, LOCAL_HEADER + LONGEST_NAME).arrayBuffer());
  const length = start[NAME_LENGTH] + 256 * start[NAME_LENGTH + 1];
  const first = new TextDecoder().decode(start.subarray(LOCAL_HEADER, LOCAL_HEADER + length));
  return isDataName(first) || (first.endsWith("/") && /\.zip$/i.test(file.name));
}

async function isZip(file) {
  return /\.zip$/i.test(file.name) || (await file.slice(0, ZIP.length).text()) === ZIP;
}
