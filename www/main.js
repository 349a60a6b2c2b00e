// Wires the parts together: the viewer that answers at once, the run that trains, the weights behind the pictures.

import { Classroom } from "./classroom.js";
import { acceptDrops, fetchWeights, readWeights, saveWeights } from "./files.js";
import { listenToKeys } from "./keys.js";
import { Lab } from "./lab.js";
import { fromQuery, toQuery } from "./state.js";
import { digitOf, Studio } from "./studio.js";
import { Announcer } from "./views/announcer.js";
import { ControlsView } from "./views/controls.js";
import { DigitsView } from "./views/digits.js";
import { DrawView, sampleButtons } from "./views/draw.js";
import { LatentsView } from "./views/latents.js";
import { NoticesView } from "./views/notices.js";
import { ReconstructView } from "./views/reconstruct.js";

const find = (id) => document.getElementById(id);
const page = document.documentElement;
const notices = new NoticesView(find("notices"));
const announcer = new Announcer(find("live"));
/** Without a first drawing the big downloads wait this long, so that they never delay it. */
const PREPARE_MS = 4000;

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
  const digits = await viewer.call("images", { idx: images });
  const pad = new DrawView(find("draw-panel"), (time) => drawn(time));
  const studio = new Studio({
    viewer,
    pad,
    views: pictures(() => studio),
    centre: () => find("centre").checked,
    digits,
    failed: viewerFailed,
  });
  await studio.show("z20", weights);

  const { values, complaints } = fromQuery(location.search);
  if (complaints.length > 0) notices.show({ name: "address", text: complaints.join(" "), kind: "info" });
  let file = null; // {bytes}: weights that were loaded by hand
  const weightsOf = async (source) => (source === "file" ? file.bytes.slice() : fetchWeights(source));
  let classroom = null;
  const controls = new ControlsView(find("settings"), find("setting-note"), values, (now) => {
    rewriteAddress(now);
    classroom?.settingsChanged();
  });
  classroom = new Classroom({
    root: find("train-panel"),
    viewer,
    digits: [images, labels],
    studio,
    controls,
    weightsOf,
    announcer,
    notices,
    shown,
  });

  sampleButtons(find("samples"), digits, (digit, time) =>
    pad.takeSample(digitOf(digits, digit), digit, time),
  );
  find("centre").addEventListener("change", ({ timeStamp }) => studio.drawn(timeStamp));
  find("resample").addEventListener("click", ({ timeStamp }) => studio.resample(timeStamp));
  find("latent-reset").addEventListener("click", () => studio.followDrawing());
  find("latent-sample").addEventListener("click", () => studio.samplePrior());
  find("prior-new").addEventListener("click", () => studio.newPriorSamples());
  find("model").addEventListener("change", ({ target }) => choose(target.value));
  find("download").addEventListener("click", download);
  find("upload").addEventListener("click", () => find("file").click());
  find("file").addEventListener("change", async ({ target }) => {
    const [chosen] = target.files;
    if (chosen) await load(chosen);
    target.value = ""; // so that the same file can be chosen again
  });
  acceptDrops(find("drop"), load);
  listenToKeys({
    " ": () => classroom.toggle(),
    ".": () => classroom.step(),
    r: () => classroom.restart(),
    s: () => studio.samplePrior(),
    c: ({ timeStamp }) => pad.clear(timeStamp),
    "ctrl+z": ({ timeStamp }) => pad.undo(timeStamp),
  });

  find("boot").hidden = true;
  for (const id of ["download", "upload"]) find(id).disabled = false;
  shown("z20");
  page.dataset.ready = "true";
  classroom.openChart();
  prepareWhenIdle();

  async function drawn(time) {
    await studio.drawn(time);
    prepareSoon();
  }

  /** The pictures now show the weights of `source`. */
  function shown(source) {
    page.dataset.model = source;
    const select = find("model");
    select.querySelector(`[value="${source}"]`).disabled = false;
    select.value = source;
    const { latent } = studio.description.model;
    find("latents-about").textContent = `the ${latent} numbers in between`;
  }

  async function choose(source) {
    try {
      if (source === "training") {
        await classroom.follow(true);
      } else {
        const bytes = await weightsOf(source);
        await classroom.follow(false);
        await studio.show(source, bytes);
      }
      shown(source);
    } catch (error) {
      notices.show({ name: "weights", text: error.message });
      shown(studio.source);
    }
  }

  async function load(chosen) {
    const before = studio.source;
    try {
      const bytes = await readWeights(chosen);
      const kept = bytes.slice();
      await classroom.follow(false);
      await studio.show("file", bytes);
      file = { bytes: kept };
      find("model").querySelector('[value="file"]').textContent = `File: ${chosen.name}`;
      controls.offerFile();
      notices.clear("weights");
      announcer.say(`Weights from ${chosen.name} are shown.`);
      shown("file");
    } catch (error) {
      if (before === "training") await classroom.follow(true);
      const reason = error.message.replace(/\.$/, "");
      notices.show({
        name: "weights",
        text: `${chosen.name} was refused: ${reason}. The model on the page is unchanged.`,
      });
    }
  }

  async function download() {
    try {
      const { source, description } = studio;
      const bytes = source === "training" ? await classroom.weights() : await weightsOf(source);
      saveWeights(bytes, `latent-lab-z${description.model.latent}-${source}.safetensors`);
    } catch (error) {
      notices.show({ name: "weights", text: `The weights could not be saved: ${error.message}` });
    }
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
    latents: new LatentsView(find("latents-panel"), {
      bend: (c, value) => studio().bend(c, value),
      choose: (c) => studio().choose(c),
    }),
    tests: new DigitsView(find("test-digits"), 4),
    prior: new DigitsView(find("prior"), 2),
  };
}

async function fetchDigits(name) {
  const response = await fetch(new URL(`./data/${name}`, import.meta.url));
  if (!response.ok)
    throw new Error(`data/${name} could not be fetched (the server answers ${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

function rewriteAddress(values) {
  const query = toQuery(values, location.search);
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
