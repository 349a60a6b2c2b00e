// The exploration panels: drawing, reconstruction, latent code and generated pictures, and the choice of the model shown.

import { computed, effect } from "@preact/signals-core";
import { editorOf } from "../explore/latent-code.js";
import { posteriors, priorOf } from "../explore/posterior-descriptions.js";
import { text } from "../messages/text.js";
import { dataOfShown, isOfOtherData, nameOnData } from "../settings/data-trained.js";
import { modelName, sourcesOffered } from "../settings/systems.js";
import { ClassesView } from "../views/classes.js";
import { connect } from "../views/connect.js";
import { setText } from "../views/dom.js";
import { ImagePicker } from "../views/image-picker.js";
import { LabelChoiceView } from "../views/label-choice.js";
import { LatentsView } from "../views/latents.js";
import { ModelSelect } from "../views/model-select.js";
import { PadView } from "../views/pad.js";
import { PictureGridView } from "../views/picture-grid.js";
import { ReconstructView } from "../views/reconstruct.js";
import { ShownNoteView } from "../views/shown-note.js";
import { TraversalsView } from "../views/traversals.js";
import { troubleText } from "./evaluation-panel.js";

const find = (id) => document.getElementById(id);

/** `systems`: the presets; `digits`: some test images, as in explore/test-images.js; `widths` of strokes, {pen, eraser}. */
export function openExplorePanels({ state, explore, shownModel, systems, digits, widths }) {
  const model = () => state.shown.value?.description.model;
  openDrawing(state, explore, digits, widths);
  openReconstruction(state, explore, model);
  openLatents(state, explore, model);
  openGrids(state, explore);
  openModelSelect(state, shownModel, systems);
  openShownNote(state, shownModel, systems);
  effect(() => markShown(state));
}

function openDrawing(state, explore, digits, widths) {
  const strokes = {
    begin: (stroke, time) => explore.beginStroke(stroke, time),
    extend: (points, time) => explore.extendStroke(points, time),
    end: (time) => explore.endStroke(time),
    cancel: (time) => explore.cancelStroke(time),
    undo: (time) => explore.undo(time),
    clear: (time) => explore.clear(time),
  };
  const pad = new PadView(find("draw-panel"), strokes, widths);
  connect(pad, () => ({ drawing: state.onPad.value, names: state.dataset.value.classes }));
  const picker = new ImagePicker(find("image-picker"), (index, time) => explore.chooseTestImage(index, time));
  connect(picker, () => ({ digits, dataset: state.dataset.value }));
  const centre = find("centre");
  centre.addEventListener("change", ({ timeStamp }) => explore.setCentre(centre.checked, timeStamp));
  effect(() => {
    centre.checked = state.centre.value; // a browser may have restored the box of before a reload
  });
}

function openReconstruction(state, explore, model) {
  const reconstruct = new ReconstructView(find("easel"), {
    resample: (time) => explore.resample(time),
    corrupt: (kind, time) => explore.setCorruption(kind, time),
  });
  connect(reconstruct, () => ({
    inference: state.inference.value,
    corruption: state.corruption.value,
    posterior: model()?.posterior ?? "diagonal",
  }));
  connect(new ClassesView(find("classes")), () => ({
    classifier: model()?.classifier ?? false,
    names: state.modelClasses.value,
    classes: state.inference.value?.classes ?? null,
  }));
}

function openLatents(state, explore, model) {
  const latents = new LatentsView(find("latents-panel"), {
    edit: (component, value, time) => explore.edit(component, value, time),
    select: (component) => explore.selectComponent(component),
    followDrawing: () => explore.followDrawing(),
    samplePrior: () => explore.samplePrior(),
    redraw: (level) => explore.redraw(level),
    sort: () => explore.sortComponents(),
    count: () => explore.countCodes(),
  });
  connect(latents, () => ({
    description: state.shown.value?.description ?? null,
    values: state.code.value,
    origin: state.codeOrigin.value,
    component: state.component.value,
    inference: state.inference.value,
    usage: state.usage.value,
    order: state.componentOrder.value,
    asGrid: state.asGrid.value,
    codebook: state.codebook.value,
    codeUsage: { ...state.codeUsage.value, trouble: troubleText(state.codeUsage.value.trouble) },
    counting: state.open.value.usage,
    decoded: state.decoded.value,
  }));
  openTraversals(state, explore, model);
  const label = new LabelChoiceView(find("label"), {
    choose: (label) => explore.setLabel(label),
    visible: (isVisible) => explore.setInSight("labels", isVisible),
  });
  connect(label, () => ({
    labelled: model()?.labelled ?? false,
    classifier: model()?.classifier ?? false,
    names: state.modelClasses.value,
    label: state.label.value,
    pictures: state.labelPictures.value,
  }));
  effect(() => {
    const count = state.code.value.length;
    if (count > 0) setText(find("latents-about"), text("explore.latents_about", { count }));
  });
}

function openTraversals(state, explore, model) {
  const view = new TraversalsView(find("traversals"), {
    edit: (component, value) => explore.edit(component, value),
    visible: (isVisible) => explore.setInSight("traversals", isVisible),
  });
  const isVector = () =>
    state.shown.value !== null && editorOf(state.shown.value.description.code) === "sliders";
  connect(view, () => ({
    shown: state.asGrid.value && isVector(),
    traversals: state.traversals.value,
    usage: state.usage.value,
    ordered: posteriors[model()?.posterior]?.ordered ?? false,
  }));
}

function openGrids(state, explore) {
  connect(new PictureGridView(find("test-images"), 4), () => ({
    pictures: state.testPictures.value,
    label: text("explore.grid.test_images"),
  }));
  connect(new PictureGridView(find("prior"), 2), () => {
    const { pictures = null, columns, labelled = false } = state.priorSamples.value ?? {};
    const label = labelled ? text("explore.grid.labelled_samples") : text("explore.grid.samples");
    return { pictures, columns, label };
  });
  connect(new PictureGridView(find("pseudo"), 5), () => {
    const pictures = state.pseudoInputs.value;
    return {
      pictures,
      label: pictures ? text("explore.grid.pseudo_inputs") : text("explore.panel.pseudo_empty"),
    };
  });
  find("prior-new").addEventListener("click", () => explore.newPriorSamples());
}

function openModelSelect(state, shownModel, systems) {
  const select = new ModelSelect(find("model"), (source) => shownModel.choose(source));
  connect(select, () => {
    const source = state.shown.value?.source ?? null;
    return {
      offered: sourcesOffered(state.system.value, source, systems, state.dataset.value.key),
      source,
      run: source === "training" || state.made.value !== null ? runText(state, systems) : null,
      file: state.file.value?.name ?? null,
    };
  });
  const [download, upload, file] = [find("download"), find("upload"), find("file")];
  download.addEventListener("click", () => shownModel.save());
  upload.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [given] = file.files;
    if (given) await shownModel.load(given);
    file.value = ""; // so that the same file can be chosen again
  });
  effect(() => {
    for (const button of [download, upload]) button.disabled = state.shown.value === null;
  });
}

/** Whose pictures are shown: a run replaces those of the pre-trained model, and both can be shown while it goes on. */
function openShownNote(state, shownModel, systems) {
  const note = new ShownNoteView(find("shown-note"), { show: (source) => shownModel.choose(source) });
  const nameOf = (source) => {
    const names = { source, file: state.file.value?.name ?? null, made: state.made.value };
    return nameOnData(modelName(names, systems), state);
  };
  const inFirstEpoch = computed(() => state.run.value.epoch < 1);
  connect(note, () => {
    const { source, snapshot } = state.shown.value;
    const other = source === "training" ? shownModel.before : state.made.value && "training";
    const untrained = source === "training" && state.made.value?.from === "scratch" && inFirstEpoch.value;
    return {
      kind: snapshot ? "snapshot" : untrained ? "untrained" : kindOf(source),
      name: nameOf(source),
      step: snapshot?.step,
      trained: isOfOtherData(state) ? dataOfShown(state) : null,
      present: state.dataset.value.name,
      other: other && { source: other, kind: kindOf(other) },
    };
  });
  effect(() => {
    const { source } = state.shown.value;
    const mixed = state.made.value && source !== "training";
    const of = text(`explore.shown_images.${mixed ? "other" : "own"}`, { name: nameOf(source) });
    setText(find("test-images-of"), of);
    const { model } = state.shown.value.description;
    const prior = text(`explore.prior.${priorOf(model)}`);
    const kind = model.labelled ? "labelled" : "unlabelled";
    setText(find("generate-about"), text(`explore.generate_about.${kind}`, { of, prior }));
  });
}

function kindOf(source) {
  return ["training", "file"].includes(source) ? source : "pretrained";
}

/** The run as a model to show: how far it is, and what it is where another system is chosen. */
function runText(state, systems) {
  const { made } = state.run.value;
  const step = state.stepShown.value;
  if (state.snapshot.value) return text("explore.model.snapshot", { step });
  if (!state.runIsOfOtherSystem.value) return text("explore.model.training", { step });
  return text("explore.model.training_other", {
    step,
    name: modelName({ source: "training", made }, systems),
  });
}

/** Which model the pictures show, for tests: set once its pictures are there. `showing`: whether newer ones are still to come. */
function markShown(state) {
  const { dataset } = document.documentElement;
  const shown = state.shown.value;
  const system = state.system.value.name;
  const showing = state.showing.value;
  dataset.showing = String(showing);
  const snapshot = String(shown?.snapshot?.step ?? "");
  if (shown && !showing) Object.assign(dataset, { model: shown.source, snapshot, system });
}
