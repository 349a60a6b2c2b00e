// The bar charts that can be saved: class probabilities, how often codes are used, and those of the table of measured models.

import { rowName, rowsOf, rowUnit } from "../evaluation/report.js";
import { gridOf } from "../explore/latent-code.js";
import { text } from "../messages/text.js";
import { classMarks } from "../settings/class-names.js";
import { barsSvg } from "../views/bars-svg.js";
import { codeColours } from "../views/code-colours.js";
import { mostUsedCodes } from "../views/code-usage-bars.js";
import { coloursOf } from "../views/theme-colours.js";

/** [{name, group, words, svg(theme)}] of what there is. */
export function barChartsOf(state) {
  const { inference, neighbours, modelClasses } = state;
  const names = modelClasses.value;
  const named = (group, name, svg) => ({ group, name, words: text(`export.pictures.${name}`), svg });
  const classes = inference.value?.classes;
  const likelihoods = neighbours.value.answer?.classes?.probabilities;
  const codes = codesOfSelectedPlace(state);
  const all = [
    classes && named("drawing", "classes", (theme) => probabilities(classes, names, "classes", theme)),
    likelihoods &&
      named("measure", "likelihoods", (theme) => probabilities(likelihoods, names, "likelihoods", theme)),
    codes && named("latents", "code_usage", (theme) => usage(codes, theme)),
    ...barsOfMeasured(state),
  ];
  return all.filter(Boolean);
}

/** Of all classes, with their `names`. */
function probabilities(heights, names, name, theme) {
  return barsSvg({
    heights,
    top: 1,
    labels: classMarks(names),
    unit: text("export.chart.probability"),
    across: text("export.chart.class"),
    title: text(`export.pictures.${name}`),
    description: Array.from(heights, (share, label) => `${names[label]}: ${share.toFixed(3)}`).join(", "),
    colours: coloursOf(theme),
  });
}

/** How often the codes of the selected place's codebook are used, {counts, places}; null where that is not known. */
function codesOfSelectedPlace({ shown, component, codebook, codeUsage }) {
  const { levels } = codeUsage.value;
  if (!levels || codebook.value?.length !== levels.length) return null;
  const { code } = shown.value.description;
  if (code.levels.length !== levels.length) return null; // of the model before
  const { level } = gridOf(code, component.value);
  return { counts: levels[level].counts, places: codebook.value[level].places };
}

function usage({ counts, places }, theme) {
  const order = mostUsedCodes(counts);
  return barsSvg({
    heights: order.map((code) => counts[code]),
    top: counts[order[0]],
    fills: order.map((code) => codeColours(places, code).fill),
    unit: text("export.chart.times"),
    across: text("export.chart.codes_by_use"),
    title: text("export.pictures.code_usage"),
    description: order.map((code) => `${code}: ${counts[code]}`).join(", "),
    colours: coloursOf(theme),
  });
}

function barsOfMeasured({ measured }) {
  const reports = measured.value.map(({ report }) => report);
  return measured.value.flatMap(({ name, report }, k) =>
    rowsOf([report])
      .filter(({ bars }) => bars)
      .map((row) => {
        const words = text("export.measured", { model: name, row: rowName(row) });
        const svg = (theme) => ofRow({ row, report, reports, title: words, theme });
        return { group: "measure", name: `measured-${k + 1}-${row.key.replaceAll("_", "-")}`, words, svg };
      }),
  );
}

function ofRow({ row, report, reports, title, theme }) {
  const heights = row.bars(report);
  const names = row.labels?.(report);
  return barsSvg({
    heights,
    top: row.top(reports),
    labels: names && classMarks(names),
    marks: row.marks?.(report),
    unit: rowUnit(row),
    across: text(names ? "export.chart.class" : "export.chart.components_by_activity"),
    write: row.write,
    title,
    description: heights.map(row.write).join(" "),
    colours: coloursOf(theme),
  });
}
