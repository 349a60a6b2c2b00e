// Wires the evaluation: its worker, its controller, and the map.

import { bibtex } from "../evaluation/citation.js";
import { EvaluationController } from "../evaluation/evaluation-controller.js";
import { evaluatorClients } from "../evaluation/evaluator-worker.js";
import { decodeInParts } from "../explore/decode-in-parts.js";
import { decodedLabel } from "../explore/label.js";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { ownScript } from "../urls.js";
import { CiteView } from "../views/cite.js";
import { connect } from "../views/connect.js";
import { PlaneView } from "../views/plane.js";
import { isWorkerLost } from "../worker/worker-client.js";

const find = (id) => document.getElementById(id);

/** `viewer` decodes the pictures of the map, `explore` moves the sliders. Returns the controller, and what opens the evaluator's worker. */
export function openEvaluationPanels({ state, explore, viewer, announcer, dataSets, ...rest }) {
  const reportPhase = (phase) => (state.evaluatorPhase.value = phase);
  const { openWorker, ...clients } = evaluatorClients({ dataSets, reportPhase });
  const evaluation = new EvaluationController({ state, viewer, announcer, ...rest, ...clients });
  openPlane(state, evaluation, { explore, viewer, announcer });
  new CiteView(find("cite"), citation());
  return { evaluation, openWorker };
}

/** How to cite the page as it is now. */
export function citation() {
  return bibtex({ address: location.href, script: ownScript, year: new Date().getFullYear() });
}

function openPlane(state, evaluation, { explore, viewer, announcer }) {
  const decode = (z) => viewer.call("decode", { z, label: decodedLabel(state) });
  const view = new PlaneView(find("plane-panel"), {
    retry: () => evaluation.retryMap(),
    choose: (change) => evaluation.chooseMap(change),
    cover: (on) => {
      state.mapBackground.value = on;
    },
    look: (camera) => {
      state.mapCamera.value = camera;
    },
    moveTo: (z, component) => explore.goTo(z, component),
    say: (words) => announcer.say(words),
    decode,
    imageAt: (index) => evaluation.mapPicture(index),
    decodeMany: (z) => decodeInParts(decode, z, state.code.value.length),
  });
  connect(view, () => {
    const { trouble, ...map } = state.map.value;
    return {
      ...map,
      dataset: state.dataset.value,
      trouble: troubleText(trouble),
      description: state.shown.value?.description ?? null,
      open: state.open.value.plane,
      ...state.mapChoice.value,
      background: state.mapBackground.value,
      camera: state.mapCamera.peek(),
      usage: state.usage.value,
      z: state.code.value,
      inference: state.inference.value,
      trace: state.drawingTrace.value,
      pictures: state.decoded.value?.pictures ?? null,
    };
  });
}

/** What a person reads of an error, or null without one. */
export function troubleText(error) {
  if (!error) return null;
  return isWorkerLost(error) ? text("evaluation.worker_lost", { reason: sentence(error) }) : sentence(error);
}
