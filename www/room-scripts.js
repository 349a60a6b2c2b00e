// The scripts of the rooms that are not seen at first. The build makes a file of each; only main.js may import this, because a script
// that names others cannot be named by them.

/** By the `data-room` of the room's place in index.html; the room of a view has its name. `gpu` has no place: its exports are what training on a GPU needs. */
export const ROOM_SCRIPTS = {
  compare: "page/compare-panel.js",
  data: "page/data-panel.js",
  files: "page/file-panel.js",
  gpu: "training/training-on-gpu.js",
  learn: "page/experiments-panel.js",
  measure: "page/measure-panel.js",
  paths: "page/paths-panel.js",
  posterior: "page/posterior-panel.js",
  runs: "page/runs-panel.js",
  study: "page/study-panel.js",
};
