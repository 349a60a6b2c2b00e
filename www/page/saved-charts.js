// The charts that can be saved as SVG, or as pixels, in either theme: from what the page has now, whether or not their view is in sight.

import { hasStandardPrior } from "../evaluation/plane-geometry.js";
import { gridsOf } from "../explore/latent-code.js";
import { text } from "../messages/text.js";
import { STRIP } from "../paths/path-counts.js";
import { SHOWN } from "../posterior/posterior-choice.js";
import { hasCodebook } from "../settings/schema.js";
import { settingsOfRun } from "../training/run-settings.js";
import { codeGridSvg } from "../views/code-grid-svg.js";
import { chartInWords } from "../views/loss-chart.js";
import { lossChartSvg, SMALL_PLOT } from "../views/loss-chart-svg.js";
import { pathNumbersSvg } from "../views/path-numbers-svg.js";
import { picturesSvg } from "../views/pictures-svg.js";
import { planeSvg } from "../views/plane-svg.js";
import { axesText, planeStateText, shareText } from "../views/plane-texts.js";
import { posteriorSvg } from "../views/posterior-svg.js";
import { coloursOf } from "../views/theme-colours.js";
import { barChartsOf } from "./saved-bars.js";
import { comparisonCharts } from "./saved-comparison.js";
import { nameOfCompared, nameOfShown } from "./saved-names.js";

const PRINTED_SIDE = 380; // of the map, in pixels of its SVG
const EDGE = 1.06; // as in views/posterior-plane.js

/** [{name, group, words, svg(theme)}] of what there is. `state`, `systems`, `runList` of the page. */
export function chartsOf({ state, systems, runList }) {
  const { codebook, paths, map } = state;
  const named = (group, name, svg) => ({ group, name, words: text(`export.pictures.${name}`), svg });
  const all = [
    codebook.value && hasCodes(state) && named("latents", "code_grid", (theme) => codeGrid(state, theme)),
    paths.value && named("paths", "paths", (theme) => pathsFigure(state, systems, theme)),
    paths.value?.rows.straight.norms &&
      named("paths", "path_numbers", (theme) =>
        pathNumbersSvg({ paths: paths.value, colours: coloursOf(theme) }),
      ),
    ...posteriors(state, systems),
    map.value.view && named("map", "map", (theme) => latentMap(state, theme)),
    ...comparisonCharts(state, systems),
    lossChart(state, runList, "light") &&
      named("train", "losses", (theme) => lossChart(state, runList, theme)),
    ...barChartsOf(state),
  ];
  return all.filter(Boolean);
}

/** The loss chart, or null while it has no curve. `theme`: "light", "dark", or "print": smaller, on white. */
export function lossChart({ history, run, runValues, dataset }, runList, theme) {
  const curves = history.value;
  const { overlay } = runList;
  if (overlay.curves.length === 0 && !Object.values(curves).some(({ length }) => length > 0)) return null;
  const { likelihood } = settingsOfRun(run.value, runValues.value);
  return lossChartSvg({
    curves,
    overlay,
    likelihood,
    data: (run.value.dataset ?? dataset.value).key,
    colours: coloursOf(theme),
    description: chartInWords(curves),
    ...(theme === "print" ? { plot: SMALL_PLOT } : {}),
  });
}

/** The map, or null while it has no view; `theme` as above. */
export function latentMap({ dataset, map, shown, inference, code, drawingTrace }, theme) {
  const { view } = map.value;
  if (!view) return null;
  const fits = (values) => values?.length === view.across.length;
  return planeSvg({
    view,
    dataset: dataset.value,
    rings: hasStandardPrior(shown.value.description.model),
    posterior: fits(inference.value?.mean) ? inference.value : null,
    z: fits(code.value) ? code.value : null,
    trace: drawingTrace.value,
    colours: coloursOf(theme),
    ...(theme === "print" ? { side: PRINTED_SIDE } : {}),
    description: `${axesText(view)}. ${planeStateText({ view })} ${shareText(view)}`,
  });
}

function hasCodes({ shown, code }) {
  const { code: made, model } = shown.value.description;
  return hasCodebook(model) && code.value.length === made.length;
}

function codeGrid({ shown, code, inference, codebook }, theme) {
  const drawn = inference.value?.mean;
  return codeGridSvg({
    values: code.value,
    drawn: drawn?.length === code.value.length ? drawn : null,
    grids: gridsOf(shown.value.description.code),
    codebook: codebook.value,
    description: [...code.value].join(" "),
    colours: coloursOf(theme),
  });
}

function posteriors(state, systems) {
  return state.posteriors.value
    .filter(({ view }) => view)
    .map(({ source, view }) => {
      const name = source === SHOWN ? nameOfShown(state, systems) : nameOfCompared(source, state, systems);
      const { centre, reach } = view.shown;
      const svg = (theme) =>
        posteriorSvg({
          view,
          name,
          cross: state.crosses.value[source] ?? null,
          square: { centre, reach: EDGE * reach },
          dark: theme === "dark",
          colours: coloursOf(theme),
        });
      return {
        group: "posterior",
        name: `posterior-${source}`,
        words: text("export.posterior", { model: name }),
        svg,
      };
    });
}

/** The strips of all paths, with their names. */
function pathsFigure(state, systems, theme) {
  const { rows, label, model } = state.paths.value;
  const given = model.labelled
    ? [text("compare.labels.path", { name: state.modelClasses.value[label] })]
    : [];
  return picturesSvg({
    rows: Object.entries(rows).map(([kind, { pictures }]) => ({
      words: text(`paths.panel.${kind}`),
      pictures,
      columns: STRIP,
    })),
    lines: [[nameOfShown(state, systems), ...given].join(", ")],
    dark: theme === "dark",
    title: text("export.pictures.paths"),
    description: Object.keys(rows)
      .map((kind) => text(`paths.strip.${kind}`, { count: STRIP }))
      .join(". "),
    colours: coloursOf(theme),
  });
}
