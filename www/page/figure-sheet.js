// The figure sheet: what is printed is one page with the drawing, its reconstruction, test images, map and losses of the model shown, and all
// that is needed to make it again. It is put together when the browser asks for it, by the menu or by its own command.

import { changedBefore, changedText } from "../evaluation/changed-settings.js";
import { longDay, nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { modelSettings } from "../settings/model-facts.js";
import { settingsOfShown } from "../settings/settings-shown.js";
import { modelName } from "../settings/systems.js";
import { create } from "../views/dom.js";
import { planeStateText, shareText } from "../views/plane-texts.js";
import { gridCanvas, inkCanvas } from "../views/saved-picture.js";
import { latentMap, lossChart } from "./saved-charts.js";

/** `state`, `systems` and `runList` of the page. */
export function openFigureSheet(parts) {
  let sheet = null;
  window.addEventListener("beforeprint", () => {
    sheet?.remove();
    sheet = figureSheet(parts);
    document.body.append(sheet);
  });
  window.addEventListener("afterprint", () => sheet?.remove());
}

function figureSheet({ state, systems, runList }) {
  const sheet = create("article", { id: "sheet" }, head(state, systems));
  const [map, losses] = [latentMap(state, "print"), lossChart(state, runList, "print")];
  const parts = [
    drawing(state),
    state.testPictures.value &&
      figure("test", text("export.sheet.test_images"), gridCanvas(state.testPictures.value)),
    state.priorSamples.value &&
      figure(
        "prior",
        text("export.sheet.prior_samples"),
        gridCanvas(state.priorSamples.value.pictures, state.priorSamples.value.columns),
      ),
    map && figure("map", mapCaption(state.map.value.view), drawn(map)),
    losses && figure("losses", text("export.sheet.losses"), drawn(losses)),
    settings(state, systems),
  ];
  sheet.append(...parts.filter(Boolean), foot(state.dataset.value));
  return sheet;
}

function head(state, systems) {
  const { source, description } = state.shown.value;
  const model = modelName({ source, file: state.file.value?.name, made: state.made.value }, systems);
  const facts = [
    text("export.sheet.components", { count: description.code.length }),
    source === "training" ? text("export.sheet.step", { step: state.stepShown.value }) : null,
  ];
  return create(
    "header",
    {},
    create("h1", { textContent: model }),
    create("p", { textContent: [...facts.filter(Boolean), longDay(Date.now())].join(" · ") }),
  );
}

function figure(name, caption, ...pictures) {
  const element = create("figure", {}, ...pictures, create("figcaption", { textContent: caption }));
  element.dataset.part = name;
  return element;
}

/** The drawing, its reconstruction at the mean, and the terms of the loss. */
function drawing({ inference }) {
  const { value } = inference;
  if (!value) return null;
  const picture = (pixels, words) => figure("digit", words, inkCanvas(pixels));
  const terms = ["reconstruction", "kl", "total"].map((term) =>
    create(
      "div",
      {},
      create("dt", { textContent: text(`explore.panel.term_${term}`) }),
      create("dd", { textContent: nats(value.at_mean[term]) }),
    ),
  );
  const list = create("dl", {}, ...terms);
  const caption = create("p", { textContent: text("export.sheet.terms") });
  return create(
    "section",
    { className: "sheet-drawing" },
    picture(value.framed, text("explore.panel.input")),
    picture(value.at_mean.picture, text("export.sheet.at_mean")),
    picture(value.at_sample.picture, text("export.sheet.at_sample")),
    create("div", {}, caption, list),
  );
}

function mapCaption(view) {
  return `${text("export.pictures.map")}. ${planeStateText({ view })} ${shareText(view)}`;
}

/** An SVG document as an element. */
function drawn(document) {
  const parsed = new DOMParser().parseFromString(document, "image/svg+xml");
  return globalThis.document.importNode(parsed.documentElement, true);
}

function settings(state, systems) {
  const { source, description } = state.shown.value;
  const shown = settingsOfShown(state, systems);
  const { record } = state.run.value;
  const changed = source === "training" ? changedText(changedBefore(record, state.stepShown.value)) : "";
  const rows = modelSettings(shown ?? description.model, shown !== null);
  const cells = rows.map(([name, value]) =>
    create("div", {}, create("dt", { textContent: name }), create("dd", { textContent: value })),
  );
  return create(
    "section",
    { className: "sheet-settings" },
    create("h2", { textContent: text("settings.panel.title") }),
    create("dl", {}, ...cells),
    changed ? create("p", { textContent: text("evaluation.changed.note", { changed }) }) : "",
  );
}

function foot(data) {
  return create(
    "footer",
    {},
    create("p", { textContent: text("export.sheet.data", data) }),
    create("p", { textContent: location.href }),
  );
}
