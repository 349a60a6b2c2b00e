// Recognises the results of a study among the files that a person gives, and has the room of studies open them.

import { isStudy } from "../training/study-file.js";
import { refuse } from "./drops.js";

/** Opens a File if it holds the results of a study; resolves to whether it does. */
export async function openStudy(file, { viewer, rooms, notices }) {
  if (!(await isStudy(file, viewer))) return false;
  const room = await rooms.enter("study");
  if (room) await room.open(file);
  else refuse(notices, file);
  return true;
}
