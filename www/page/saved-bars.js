// The bar charts that can be saved: class probabilities, how often codes are used, and those of the table of measured models.

import { rowName, rows, rowUnit } from "../evaluation/report.js";
import { text } from "../messages/text.js";
import { barsSvg } from "../views/bars-svg.js";
import { codeColours } from "../views/code-colours.js";
import { mostUsedCodes } from "../views/code-usage-bars.js";
import { coloursOf } from "../views/theme-colours.js";

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** [{name, group, words, svg(theme)}] of what there is. */
export function barChartsOf(state) {
  const { inference, neighbours, codebook, codeUsage } = state;
  const named = (group, name, svg) => ({ group, name, words: text(`export.pictures.${name}`), svg });
  const classes = inference.value?.classes;
  const likelihoods = neighbours.value.answer?.classes?.probabilities;
  const { counts } = codeUsage.value;
  const all = [
    classes && named("drawing", "classes", (theme) => probabilities(classes, "classes", theme)),
    likelihoods &&
      named("measure", "likelihoods", (theme) => probabilities(likelihoods, "likelihoods", theme)),
    counts &&
      codebook.value &&
      named("latents", "code_usage", (theme) => usage(counts, codebook.value, theme)),
    ...barsOfMeasured(state),
  ];
  return all.filter(Boolean);
}

/** Of the digits 0 to 9. */
function probabilities(heights, name, theme) {
  return barsSvg({
    heights,
    top: 1,
    labels: DIGITS,
    unit: text("export.chart.probability"),
    across: text("export.chart.digit"),
    title: text(`export.pictures.${name}`),
    description: Array.from(heights, (share, digit) => `${digit}: ${share.toFixed(3)}`).join(", "),
    colours: coloursOf(theme),
  });
}

function usage(counts, { places }, theme) {
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
    rows
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
  return barsSvg({
    heights,
    top: row.top(reports),
    labels: row.labels,
    marks: row.marks?.(report),
    unit: rowUnit(row),
    across: text(row.labels ? "export.chart.digit" : "export.chart.components_by_activity"),
    write: row.write,
    title,
    description: heights.map(row.write).join(" "),
    colours: coloursOf(theme),
  });
}
