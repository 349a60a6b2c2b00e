// What can be saved of the models compared: each column as one figure, its map, and the losses of all.

import { hasStandardPrior } from "../evaluation/plane-geometry.js";
import { gridOf } from "../explore/images.js";
import { nats } from "../messages/format.js";
import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";
import { classesOf, classNames } from "../settings/class-names.js";
import { labelText } from "../views/class-texts.js";
import { lossBarsSvg } from "../views/loss-bars-svg.js";
import { picturesSvg } from "../views/pictures-svg.js";
import { planeSvg } from "../views/plane-svg.js";
import { axesText, planeStateText, shareText } from "../views/plane-texts.js";
import { coloursOf } from "../views/theme-colours.js";
import { nameOfCompared } from "./saved-names.js";

const PARTS = ["path", "prior", "box", "digits"];

/** [{name, group, words, svg(theme)}] of what there is. */
export function comparisonCharts(state, systems) {
  const columns = state.columns.value.map((column) => ({
    ...column,
    name: nameOfCompared(column.source, state, systems),
  }));
  const chart = (name, words, svg) => ({ group: "compare", name, words, svg });
  const own = columns.flatMap((column, k) => {
    const part = (name, svg) =>
      chart(`compared-${k + 1}-${name}`, text(`export.compared.${name}`, { model: column.name }), svg);
    return [
      column.prior && part("column", (theme) => columnFigure(column, state.dataset.value, theme)),
      column.map && part("map", (theme) => mapOf(column, state.dataset.value, theme)),
    ];
  });
  const svg = (theme) =>
    lossBarsSvg({ models: columns, references: state.references.value, colours: coloursOf(theme) });
  const losses = columns.some((column) => column.losses);
  return [...own, losses && chart("compared-losses", text("export.pictures.compared_losses"), svg)].filter(
    Boolean,
  );
}

function columnFigure(column, dataset, theme) {
  const { name, step, drawing, pathLabel } = column;
  const classes = classNames(dataset, classesOf(column.description.model));
  const parts = PARTS.filter((part) => column[part]).map((part) => {
    const words = text(`compare.panel.${part}`);
    const label =
      part === "path" && pathLabel !== null
        ? `, ${text("compare.labels.path", { name: classes[pathLabel] })}`
        : "";
    return { words: words + label, ...gridOf(column[part]) };
  });
  const own = drawing
    ? [{ words: drawingTexts(drawing, classes), pictures: drawing.picture, columns: 1 }]
    : [];
  return picturesSvg({
    rows: [...own, ...parts],
    lines: [name, ...(step === null ? [] : [text("compare.facts.step", { step })])],
    dark: theme === "dark",
    title: text("export.compared.column", { model: name }),
    description: [name, ...own.flatMap(({ words }) => words)].join(". "),
    colours: coloursOf(theme),
  });
}

function drawingTexts({ reconstruction, kl, squared_error: squared, label }, classes) {
  const values = { reconstruction: nats(reconstruction), kl: nats(kl), squared: decimal(squared, 1) };
  const words = [text("compare.panel.drawing"), ...(label ? [labelText(label, classes)] : [])];
  return [words.join(", "), text("export.chart.drawing_terms", values)];
}

function mapOf({ map, drawing, description: { model } }, dataset, theme) {
  const view = { ...map, of: dataset.test };
  return planeSvg({
    view,
    dataset,
    rings: hasStandardPrior(model) && model.latent > 1,
    posterior: drawing?.mean.length === view.across.length ? drawing : null,
    z: null,
    trace: [],
    colours: coloursOf(theme),
    description: `${axesText(view)}. ${planeStateText({ view })} ${shareText(view)}`,
  });
}
