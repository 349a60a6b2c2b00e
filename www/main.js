// Wires the parts together: the viewer that answers at once, the run that trains, the weights behind the pictures.

import { Classroom } from "./training/training-controller.js";
import { Dataset } from "./files/dataset.js";
import { acceptDrops, fetchWeights } from "./files/weights-files.js";
import { keySwitch, listenToKeys } from "./page/shortcuts.js";
import { Lab } from "./worker/worker-client.js";
import { priorOf } from "./training/loss-descriptions.js";
import { openInquiry, overheard } from "./evaluation/questions.js";
import { defaults, toQuery } from "./settings/values.js";
import { digitOf, Studio } from "./explore/explore-controller.js";
import {
  chosen,
  modelName,
  settingsFromQuery,
  startsOffered,
  systemFromQuery,
  withSystem,
} from "./settings/systems.js";
import { Announcer } from "./views/announcer.js";
import { ClassesView } from "./views/classes.js";
import { ControlsView } from "./views/settings-form.js";
import { DigitView } from "./views/digit.js";
import { DigitsView } from "./views/digits.js";
import { DrawView, sampleButtons } from "./views/pad.js";
import { LatentsView } from "./views/latents.js";
import { NoticesView } from "./views/notices.js";
import { ReconstructView } from "./views/reconstruct.js";
import { SystemView } from "./views/system.js";
import { WeightsView } from "./views/model-select.js";
import { Weights } from "./explore/shown-model.js";

const find = (id) => document.getElementById(id);
const page = document.documentElement;
const notices = new NoticesView(find("notices"));
const announcer = new Announcer(find("live"));
/** Without a first drawing the big downloads wait this long, so that they never delay it. */
const PREPARE_MS = 4000;
const IDX_LABELS_HEADER = 8; // bytes

window.addEventListener("error", ({ message }) =>
  notices.show({
    name: "page",
    text: `Something in this page failed: ${message}. Reloading helps if it does not go on.`,
  }),
);
window.addEventListener("unhandledrejection", ({ reason }) =>
  notices.show({ name: "page", text: `Something in this page failed: ${reason?.message ?? reason}.` }),
);

start().catch((error) => {
  page.dataset.ready = "failed";
  find("boot").hidden = true;
  notices.show({ name: "start", text: startFailure(error), actions: { Reload: () => location.reload() } });
});

async function start() {
  const viewer = new Lab("cpu");
  const [weights, images, labels] = await Promise.all([
    fetchWeights("z20"),
    fetchDigits("digits-images-idx3-ubyte"),
    fetchDigits("digits-labels-idx1-ubyte"),
    viewer.opened,
  ]);
  const [digits, systems] = await Promise.all([
    viewer.call("images", { idx: images }),
    viewer.call("presets"),
  ]);
  const which = labels.slice(IDX_LABELS_HEADER);
  const dataset = new Dataset();
  const inquiry = openInquiry({
    dataset,
    weights: () => kept.bytes(),
    run: () => classroom.run,
    studio: () => studio,
    viewer,
    announcer,
  });
  const pad = new DrawView(find("draw-panel"), (time) => drawn(time));
  const studio = new Studio({
    viewer,
    pad,
    views: overheard(
      pictures(() => studio),
      inquiry,
    ),
    centre: () => find("centre").checked,
    digits,
    labels: which,
    failed: viewerFailed,
  });
  await studio.show("z20", weights);

  const asked = systemFromQuery(location.search, systems);
  let { system } = asked;
  const { values, complaints } = settingsFromQuery(location.search, system);
  complain([...asked.complaints, ...complaints]);
  const kept = new Weights({
    studio,
    systems,
    view: new WeightsView(find("model"), (source) => kept.choose(source)),
    notices,
    announcer,
    changed: shown,
  });
  let classroom = null;
  const controls = new ControlsView(find("settings"), find("setting-note"), values, (now) => {
    rewriteAddress(now, system, systems);
    chooser.update({ system, values: now });
    classroom?.settingsChanged();
  });
  const chooser = new SystemView(find("system"), systems, chooseSystem);
  chooser.update({ system, values });
  classroom = new Classroom({
    root: find("train-panel"),
    viewer,
    dataset,
    digits: [images, labels],
    studio,
    controls,
    weightsOf: (from) => kept.startingFrom(from),
    announcer,
    notices,
    shown: (source) => kept.shown(source),
  });
  kept.follow(classroom);

  sampleButtons(find("samples"), digits, (index, time) => {
    studio.tell(which[index]);
    pad.takeSample(digitOf(digits, index), which[index], time);
  });
  find("centre").addEventListener("change", ({ timeStamp }) => studio.drawn(timeStamp));
  find("resample").addEventListener("click", ({ timeStamp }) => studio.resample(timeStamp));
  find("spoil").addEventListener("change", ({ target, timeStamp }) => studio.spoil(target.value, timeStamp));
  find("latent-reset").addEventListener("click", () => studio.followDrawing());
  find("latent-sample").addEventListener("click", () => studio.samplePrior());
  find("prior-new").addEventListener("click", () => studio.newPriorSamples());
  find("download").addEventListener("click", () => kept.save());
  find("upload").addEventListener("click", () => find("file").click());
  find("file").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (file) await kept.load(file);
    target.value = ""; // so that the same file can be chosen again
  });
  acceptDrops(find("drop"), (file) => kept.load(file));
  const shortcuts = {
    " ": () => classroom.toggle(),
    ".": () => classroom.step(),
    "shift+r": () => classroom.restart(),
    s: () => studio.samplePrior(),
    c: ({ timeStamp }) => pad.clear(timeStamp),
    "ctrl+z": ({ timeStamp }) => pad.undo(timeStamp),
  };
  listenToKeys(shortcuts, { enabled: keySwitch(find("keys")) });

  if (system === systems[0]) kept.shown("z20");
  else await Promise.all([kept.take(system), spoilAs(system)]);
  find("boot").hidden = true;
  for (const id of ["download", "upload"]) find(id).disabled = false;
  page.dataset.ready = "true";
  classroom.openChart();
  prepareWhenIdle();

  async function drawn(time) {
    await studio.drawn(time);
    prepareSoon();
  }

  /** Another system: its settings into the form, its weights into the pictures; the next run is of that one. */
  async function chooseSystem(other) {
    const before = system;
    system = other;
    const paused = classroom.otherSystem();
    controls.set(chosen(controls.values, other));
    if (other.train.corruption !== before.train.corruption) spoilAs(other);
    await paused;
    if (system === other) await kept.take(other);
  }

  /** A system that learned to undo damage is shown damage. */
  function spoilAs({ train }) {
    find("spoil").value = train.corruption;
    return studio.spoil(train.corruption, null);
  }

  /** Other weights are behind the pictures. */
  function shown(source) {
    page.dataset.model = source;
    page.dataset.system = system.name;
    const name = modelName({ source, file: kept.fileName, made: classroom?.run.made }, systems);
    inquiry.shown({ source, name, description: studio.description });
    controls.offer(startsOffered(system, kept.hasFile));
    const { code, model } = studio.description;
    const draw = `z ~ ${priorOf(model).from}`;
    find("latents-about").textContent = `the ${code.length} numbers in between`;
    find("imagine-about").textContent = model.labelled
      ? `digits nobody drew: each row one ${draw}, decoded as ten digits`
      : `digits nobody drew: ${draw}, decoded`;
  }

  let prepared = false;
  function prepareSoon() {
    if (prepared || navigator.connection?.saveData) return;
    prepared = true;
    (window.requestIdleCallback ?? setTimeout)(() => classroom.prepare());
  }
  function prepareWhenIdle() {
    setTimeout(prepareSoon, PREPARE_MS);
  }
}

function pictures(studio) {
  return {
    reconstruct: new ReconstructView(find("reconstruct-panel")),
    classes: new ClassesView(find("classes")),
    latents: new LatentsView(find("latents-panel"), {
      bend: (c, value) => studio().bend(c, value),
      choose: (c) => studio().choose(c),
    }),
    digit: new DigitView(find("digit"), (digit) => studio().chooseDigit(digit)),
    tests: new DigitsView(find("test-digits"), 4),
    prior: new DigitsView(find("prior"), 2),
    pseudo: new DigitsView(find("pseudo"), 5),
  };
}

async function fetchDigits(name) {
  const response = await fetch(new URL(`./data/${name}`, import.meta.url));
  if (!response.ok)
    throw new Error(`data/${name} could not be fetched (the server answers ${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

function complain(complaints) {
  if (complaints.length > 0) notices.show({ name: "address", text: complaints.join(" "), kind: "info" });
}

function rewriteAddress(values, system, systems) {
  const query = toQuery(values, withSystem(location.search, system, systems), chosen(defaults(), system));
  if (query !== location.search) history.replaceState(null, "", query || location.pathname);
}

function viewerFailed(error) {
  notices.show({
    name: "viewer",
    text: `The part of this page that draws pictures stopped: ${error.message} A reload brings it back.`,
    actions: { Reload: () => location.reload() },
  });
}

function startFailure(error) {
  if (typeof WebAssembly === "undefined")
    return "This browser has WebAssembly switched off, and the model is written in it. Allow WebAssembly (or leave lockdown mode for this site) and reload.";
  return `Latent Lab could not start: ${error.message.replace(/\.?$/, ".")} It needs WebAssembly and the files beside this page; check that nothing blocks them, then reload.`;
}
