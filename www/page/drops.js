// Files that are dropped anywhere on the page: weights, and archives, which the room of files opens.

import { acceptDrops } from "../files/weights-files.js";
import { text } from "../messages/text.js";

/** How a ZIP archive begins. */
const ZIP = "PK";

export function openDrops({ shownModel, rooms, notices }) {
  acceptDrops(document.getElementById("drop"), async (file) => {
    if (!(await isZip(file))) return shownModel.load(file);
    const files = await rooms.enter("files"); // which knows a saved lab from other programs' weights
    if (files) return files.open(file);
    const reason = text("page.room.not_there");
    notices.show({ name: "archive", text: text("archive.refused", { file: file.name, reason }) });
  });
}

async function isZip(file) {
  return /\.zip$/i.test(file.name) || (await file.slice(0, ZIP.length).text()) === ZIP;
}
