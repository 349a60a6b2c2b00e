// Wires the panels of the evaluation: latent plane, nearest, measure.

import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { connect } from "../views/connect.js";
import { MeasureView } from "../views/measure.js";
import { NearestView } from "../views/nearest.js";
import { PlaneView } from "../views/plane.js";
import { isWorkerLost } from "../worker/worker-client.js";

const find = (id) => document.getElementById(id);

/** `viewer` decodes the pictures behind the plane, `explore` moves the sliders. */
export function openEvaluationPanels({ state, evaluation, explore, viewer, announcer }) {
  openMeasure(state, evaluation);
  openPlane(state, evaluation, { explore, viewer, announcer });
  openNearest(state, evaluation);
}

function openMeasure(state, evaluation) {
  const view = new MeasureView(find("measure-panel"), {
    measure: (extent) => evaluation.measure(extent),
    stop: () => evaluation.stop(),
    remove: (result) => evaluation.remove(result),
  });
  connect(view, () => {
    const { status, progress, trouble, name } = state.measurement.value;
    return {
      status,
      progress,
      name,
      trouble: troubleText(trouble),
      phase: state.evaluatorPhase.value,
      ready: state.evaluated.value !== null,
      results: state.measurements.value,
    };
  });
}

function openPlane(state, evaluation, { explore, viewer, announcer }) {
  const view = new PlaneView(find("plane-panel"), {
    ...panelActions(evaluation),
    moveTo: (components, place) => {
      for (const [k, component] of components.entries()) explore.edit(component, place[k]);
    },
    say: (words) => announcer.say(words),
    decode: (z) => viewer.call("decode", { z }),
  });
  connect(view, () => ({
    ...encodedModel(state),
    open: state.open.value.plane,
    codes: state.testCodes.value.codes,
    digits: state.testCodes.value.digits,
    usage: state.usage.value,
    z: state.code.value,
    inference: state.inference.value,
    pictures: state.decoded.value?.pictures ?? null,
    trouble: troubleText(state.testCodes.value.trouble),
  }));
}

function openNearest(state, evaluation) {
  const view = new NearestView(find("nearest-panel"), panelActions(evaluation));
  connect(view, () => {
    const { answer, trouble } = state.neighbours.value;
    return {
      ...encodedModel(state),
      open: state.open.value.nearest,
      answer,
      trouble: troubleText(trouble ?? state.testCodes.value.trouble),
    };
  });
}

function panelActions(evaluation) {
  return {
    retry: () => evaluation.retry(),
    refresh: () => evaluation.refresh(),
  };
}

/** What both panels of test images show of the model evaluated. */
function encodedModel(state) {
  return {
    description: null,
    step: null,
    stale: false,
    ...state.evaluated.value,
    busy: state.measurement.value.status === "measuring",
    phase: state.evaluatorPhase.value,
    progress: state.testCodes.value.progress,
  };
}

/** What a person reads of an error, or null without one. */
export function troubleText(error) {
  if (!error) return null;
  return isWorkerLost(error) ? text("evaluation.worker_lost", { reason: sentence(error) }) : sentence(error);
}
