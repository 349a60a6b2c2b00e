// The pictures of pixels that can be saved, from what the page has now: a view need not be in sight for its picture.

import { gridOf, joinPictures, PIXELS } from "../explore/images.js";
import { text } from "../messages/text.js";
import { STRIP } from "../paths/path-counts.js";
import { diverging } from "../views/pixels.js";
import { gridCanvas, inkCanvas, pictureCanvas } from "../views/saved-picture.js";
import { nameOfCompared } from "./saved-names.js";

const TRAVERSAL = 9; // pictures of a row

/** [{name, group, words, canvas}] of what there is: `canvas()` has the picture without enlarging. */
export function picturesOf(state, systems) {
  const groups = [ofDrawing(state), ofLatents(state), ofPaths(state), ofTrain(state), ofMeasure(state)];
  const own = groups.flatMap(({ group, pictures }) =>
    Object.entries(pictures)
      .filter(([, canvas]) => canvas)
      .map(([name, canvas]) => ({ name, group, words: text(`export.pictures.${name}`), canvas })),
  );
  return [...own, ...ofCompare(state, systems)];
}

function ofDrawing({ onPad, inference: { value: inference } }) {
  const pictures = {
    drawing: onPad.value.items.length > 0 && (() => document.getElementById("pad")),
    input: inference && (() => inkCanvas(inference.framed)),
    mean: inference && (() => inkCanvas(inference.at_mean.picture)),
    sample: inference && (() => inkCanvas(inference.at_sample.picture)),
    difference: inference && (() => pictureCanvas(diverging(inference.at_mean.picture, inference.framed))),
  };
  return { group: "drawing", pictures };
}

function ofLatents({ decoded, traversals, labelPictures, shown }) {
  const { pictures: all = null } = decoded.value ?? {};
  const labelled = shown.value?.description.model.labelled;
  const pictures = {
    decoded: all && (() => inkCanvas(all.subarray(0, PIXELS))),
    strip: all?.length > PIXELS && (() => gridCanvas(all.subarray(PIXELS), all.length / PIXELS - 1)),
    traversals: traversals.value && (() => gridCanvas(traversals.value.pictures, TRAVERSAL)),
    labels: labelled && labelPictures.value && (() => gridCanvas(labelPictures.value)),
  };
  return { group: "latents", pictures };
}

/** The strips, and the smallest changes, each as its pictures in a row. */
function ofPaths({ paths, change }) {
  const rows = Object.entries(paths.value?.rows ?? {});
  const changes = [...change.value.singles, ...change.value.pairs].map(({ pictures }) => pictures);
  const pictures = {
    ...Object.fromEntries(rows.map(([kind, row]) => [`path_${kind}`, () => gridCanvas(row.pictures, STRIP)])),
    changes: changes.length > 0 && (() => gridCanvas(joinPictures(changes), changes[0].length / PIXELS)),
  };
  return { group: "paths", pictures };
}

function ofTrain({ testPictures, priorSamples, pseudoInputs }) {
  const pictures = {
    test_images: testPictures.value && (() => gridCanvas(testPictures.value)),
    prior_samples:
      priorSamples.value && (() => gridCanvas(priorSamples.value.pictures, priorSamples.value.columns)),
    pseudo_inputs: pseudoInputs.value && (() => gridCanvas(pseudoInputs.value)),
  };
  return { group: "train", pictures };
}

function ofMeasure({ neighbours }) {
  const nearest = neighbours.value.answer?.nearest ?? [];
  const all = () => joinPictures(nearest.map(({ picture }) => picture));
  const pictures = { neighbours: nearest.length > 0 && (() => gridCanvas(all(), nearest.length)) };
  return { group: "measure", pictures };
}

/** The parts of each column. */
function ofCompare(state, systems) {
  return state.columns.value.flatMap(({ source, digits, prior, box, path, drawing }, k) => {
    const model = nameOfCompared(source, state, systems);
    const reconstruction = drawing?.picture ?? null;
    const all = { reconstruction, path, prior, box, digits };
    return Object.entries(all)
      .filter(([, grid]) => grid)
      .map(([part, grid]) => ({
        name: `compared-${k + 1}-${part}`,
        group: "compare",
        words: text(`export.compared.${part}`, { model }),
        canvas: () => savedGrid(gridOf(grid)),
      }));
  });
}

function savedGrid({ pictures, columns }) {
  return gridCanvas(pictures, columns);
}
