// Wires the paths: their controllers, and the views of paths, files and smallest changes.

import { labelAt, offeredImages } from "../explore/test-images.js";
import { text } from "../messages/text.js";
import { ChangeSearch } from "../paths/change-search.js";
import { recordsWebm } from "../paths/film-encoder.js";
import { FilmExport } from "../paths/film-export.js";
import { picturesAllowed } from "../paths/film-name.js";
import { PathController } from "../paths/path-controller.js";
import { hasCodebook } from "../settings/schema.js";
import { ChangesView } from "../views/changes.js";
import { testImageText } from "../views/class-texts.js";
import { connect } from "../views/connect.js";
import { FilmControls } from "../views/film-controls.js";
import { PathsView } from "../views/paths.js";
import { troubleText } from "./evaluation-panel.js";

const find = (id) => document.getElementById(id);

/** `digits`: some test images, as in explore/test-images.js; `openWorker()`: the evaluator's. */
export function openRoom({ state, viewer, explore, digits, announcer, openWorker }) {
  const paths = new PathController({ state, viewer, digits });
  const view = openPaths(state, paths, digits);
  openFilm(state, paths, view);
  openChanges(state, { explore, viewer, announcer, openWorker });
}

function openPaths(state, paths, digits) {
  const view = new PathsView(find("paths-panel"), {
    pin: (at) => paths.pin(at),
    chooseImage: (at, index) => paths.chooseImage(at, index),
    swap: () => paths.swap(),
    go: (course) => paths.go(course),
    wantFrames: () => paths.wantFrames(),
  });
  connect(view, () => {
    const drawn = state.codeOrigin.value === "drawing";
    const empty = drawn && state.inference.value === null;
    return {
      ends: state.ends.value,
      images: imagesOffered(digits, state.dataset.value),
      names: state.dataset.value.classes,
      course: state.course.value,
      paths: state.paths.value,
      present: empty ? null : drawn ? "drawing" : "code",
      notes: notes(state.paths.value, state.modelClasses.value),
    };
  });
  return view;
}

/** The test images to choose from, {index, words} each. */
function imagesOffered(digits, dataset) {
  return offeredImages(digits, dataset).map((index) => ({
    index,
    words: testImageText(labelAt(digits, index), index, dataset.classes),
  }));
}

/** What has to be said of the paths shown; `names` of the classes of the model. */
function notes(paths, names) {
  if (!paths) return "";
  const said = [];
  for (const [at, replaced] of Object.entries(paths.replaced))
    if (replaced) said.push(text("paths.replaced", { end: at.toUpperCase() }));
  const { posterior } = paths.model;
  if (hasCodebook(paths.model)) said.push(text("paths.codebook"));
  if (posterior === "categorical") said.push(text("paths.categorical"));
  if (paths.model.labelled) said.push(text("paths.labelled", { name: names[paths.label] }));
  return said.join(" ");
}

function openFilm(state, paths, view) {
  const film = new FilmExport({ state, paths });
  const controls = new FilmControls(find("path-export"), picturesAllowed, {
    make: (kind, choice) => film.make(kind, { ...choice, path: view.kind }),
    cancel: () => film.cancel(),
  });
  const webm = recordsWebm();
  connect(controls, () => {
    const { trouble, ...rest } = state.film.value;
    return { film: { ...rest, trouble: troubleText(trouble) }, ready: state.paths.value !== null, webm };
  });
}

function openChanges(state, { explore, viewer, announcer, openWorker }) {
  const search = new ChangeSearch({ state, viewer, openWorker });
  const view = new ChangesView(find("change-panel"), {
    start: (target) => search.start(target),
    stop: () => search.stop(),
    goTo: ({ components, moves }) => {
      const z = state.change.value.z.slice();
      for (const [k, component] of components.entries()) z[component] += moves[k];
      explore.goTo(z, components[0]);
      announcer.say(text("paths.change.gone"));
    },
  });
  connect(view, () => {
    const { change, inference, shown } = state;
    const { z, trouble } = change.value;
    const { mean } = inference.value ?? {};
    return {
      change: { ...change.value, trouble: troubleText(trouble) },
      names: state.dataset.value.classes,
      obstacle: obstacle(state.dataset.value, shown.value, inference.value),
      stale: z !== null && (mean?.length !== z.length || mean.some((value, k) => value !== z[k])),
    };
  });
}

/** Why there is nothing to search, as a key of the catalogue, or null. */
function obstacle(dataset, shown, inference) {
  if (!dataset.labelled) return "no_labels";
  if (shown?.description.code.codes > 0) return "codebook";
  return inference === null ? "empty" : null;
}
