// Wires the menu of the whole page: links, archives, exports and the figure sheet.

import { LAB } from "../archive/lab-files.js";
import { megabytes } from "../messages/format.js";
import { text } from "../messages/text.js";
import { FileMenuView } from "../views/file-menu.js";
import { Exports } from "./exports.js";
import { openFigureSheet } from "./figure-sheet.js";
import { LabArchive } from "./lab-archive.js";
import { openSharePanel } from "./share-panel.js";

const LOCAL_HEADER = 30; // bytes of a ZIP archive before the name of its first file

/** `parts`: what LabArchive, Exports and the panel of links need. Returns {open(file)}: opens a saved lab, the results of a study, or weights. */
export function openRoom(parts) {
  const { state, runList, shownModel, openStudy } = parts;
  const [archive, exports] = [new LabArchive(parts), new Exports(parts)];
  const chosen = { all: () => true, drawn: (run) => drawnIds(runList).has(run.id), none: () => false };
  const runsOf = (which) => state.keptRuns.peek().filter(chosen[which]);
  const menu = document.getElementById("file-menu");
  const offer = () => view.update({ runs: runsOffered(runsOf), offered: exports.offered });
  const view = new FileMenuView(menu, {
    opened: offer,
    save: (which) => during(text("archive.saving"), () => archive.save(runsOf(which).map(({ id }) => id))),
    open: (file) => open(file),
    saveAs: (name, format) => exports.save(name, format),
    print: () => window.print(),
  });
  const during = async (words, act) => {
    view.busy(words);
    await act();
    view.busy("");
  };
  const open = async (file) => {
    if (await isArchive(file)) return during(text("archive.opening"), () => archive.open(file));
    if (!(await openStudy(file))) return shownModel.load(file);
  };
  openSharePanel(parts);
  openFigureSheet(parts);
  if (menu.open) offer();
  return { open };
}

function drawnIds(runList) {
  return new Set(runList.rows.filter(({ present, curve }) => present || curve.drawn).map(({ id }) => id));
}

/** [which, words] with number and size: only the choices that differ. */
function runsOffered(runsOf) {
  const all = Object.fromEntries(["all", "drawn", "none"].map((which) => [which, runsOf(which)]));
  const words = (which) => {
    const size = megabytes(all[which].reduce((sum, { bytes }) => sum + bytes, 0));
    return text(`archive.runs.${which}`, { count: all[which].length, size });
  };
  const { length } = all.drawn;
  const drawn = length > 0 && length < all.all.length ? [["drawn", words("drawn")]] : [];
  if (all.all.length === 0) return [["all", text("archive.runs.there_are_none")]]; // no choice: once there are some, they are saved
  return [["all", words("all")], ...drawn, ["none", text("archive.runs.none")]];
}

/** A saved lab, or a ZIP archive by its name, of which the reader says what it is; other programs' weights are archives of other names. */
async function isArchive(file) {
  const start = new Uint8Array(await file.slice(0, LOCAL_HEADER + LAB.length).arrayBuffer());
  const first = new TextDecoder().decode(start.subarray(LOCAL_HEADER));
  return first === LAB || /\.zip$/i.test(file.name);
}
