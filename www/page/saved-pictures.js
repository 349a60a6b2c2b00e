// The pictures that can be saved, from what the page has now: a view need not be in sight for its picture.

import { runOf } from "../compare/comparison-choice.js";
import { PIXELS } from "../explore/images.js";
import { runName } from "../keep/run-name.js";
import { text } from "../messages/text.js";
import { modelName } from "../settings/systems.js";
import { settingsOfRun } from "../training/run-settings.js";
import { chartInWords } from "../views/loss-chart.js";
import { lossChartSvg, SMALL_PLOT } from "../views/loss-chart-svg.js";
import { diverging } from "../views/pixels.js";
import { planeSvg } from "../views/plane-svg.js";
import { axesText, planeStateText, shareText } from "../views/plane-texts.js";
import { gridCanvas, inkCanvas, pictureCanvas } from "../views/saved-picture.js";
import { themeColours } from "../views/theme-colours.js";

const TRAVERSAL = 9; // pictures of a row
const PRINTED_SIDE = 380; // of the map, in pixels of its SVG

/** [{name, words, canvas}] of what there is: `canvas()` has the picture without enlarging. */
export function picturesOf(state, systems) {
  const inference = state.inference.value;
  const { pictures: decoded = null } = state.decoded.value ?? {};
  const pads = state.onPad.value.items.length > 0;
  const all = {
    drawing: pads && (() => document.getElementById("pad")),
    input: inference && (() => inkCanvas(inference.framed)),
    mean: inference && (() => inkCanvas(inference.at_mean.picture)),
    sample: inference && (() => inkCanvas(inference.at_sample.picture)),
    difference: inference && (() => pictureCanvas(diverging(inference.at_mean.picture, inference.framed))),
    decoded: decoded && (() => inkCanvas(decoded.subarray(0, PIXELS))),
    strip:
      decoded?.length > PIXELS && (() => gridCanvas(decoded.subarray(PIXELS), decoded.length / PIXELS - 1)),
    traversals: state.traversals.value && (() => gridCanvas(state.traversals.value.pictures, TRAVERSAL)),
    test_digits: state.testDigits.value && (() => gridCanvas(state.testDigits.value)),
    prior_samples: state.priorSamples.value && (() => gridCanvas(state.priorSamples.value.pictures)),
    pseudo_inputs: state.pseudoInputs.value && (() => gridCanvas(state.pseudoInputs.value)),
  };
  const own = Object.entries(all)
    .filter(([, canvas]) => canvas)
    .map(([name, canvas]) => ({ name, words: text(`export.pictures.${name}`), canvas }));
  return [...own, ...comparedPictures(state, systems)];
}

function comparedPictures(state, systems) {
  return state.columns.value.flatMap(({ source, digits, prior, box, drawing }, k) => {
    const model = nameOf(source, state, systems);
    const all = { digits, prior, box, reconstruction: drawing?.reconstruction ? drawing.picture : null };
    return Object.entries(all)
      .filter(([, pictures]) => pictures)
      .map(([part, pictures]) => ({
        name: `compared-${k + 1}-${part}`,
        words: text(`export.compared.${part}`, { model }),
        canvas: () => gridCanvas(pictures),
      }));
  });
}

function nameOf(source, { keptRuns, file, made }, systems) {
  const id = runOf(source);
  if (id === null) return modelName({ source, file: file.value?.name }, systems);
  const run = keptRuns.value.find((each) => each.id === id);
  return run ? runName(run, systems) : modelName({ source: "training", made: made.value ?? {} }, systems);
}

/** The loss chart, or null while it has no curve. `theme`: "light", "dark", or "print": smaller, on white. */
export function lossChart({ history, run, runValues }, runList, theme) {
  const curves = history.value;
  const { overlay } = runList;
  if (overlay.curves.length === 0 && !Object.values(curves).some(({ length }) => length > 0)) return null;
  const { likelihood } = settingsOfRun(run.value, runValues.value);
  return lossChartSvg({
    curves,
    overlay,
    likelihood,
    colours: coloursOf(theme),
    description: chartInWords(curves),
    ...(theme === "print" ? { plot: SMALL_PLOT } : {}),
  });
}

/** The map, or null while it has no view; `theme` as above. */
export function latentMap({ map, shown, inference, code, drawingTrace }, theme) {
  const { view } = map.value;
  if (!view) return null;
  const fits = (values) => values?.length === view.across.length;
  return planeSvg({
    view,
    rings: shown.value.description.model.prior === "standard",
    posterior: fits(inference.value?.mean) ? inference.value : null,
    z: fits(code.value) ? code.value : null,
    trace: drawingTrace.value,
    colours: coloursOf(theme),
    ...(theme === "print" ? { side: PRINTED_SIDE } : {}),
    description: `${axesText(view)}. ${planeStateText({ view })} ${shareText(view)}`,
  });
}

function coloursOf(theme) {
  return theme === "print" ? { ...themeColours("light"), card: "#ffffff" } : themeColours(theme);
}
