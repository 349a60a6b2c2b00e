// Wires the view of measurements: the numbers of the model shown, and the drawing among the test images.

import { asFormat } from "../evaluation/report-formats.js";
import { connect } from "../views/connect.js";
import { MeasureView } from "../views/measure.js";
import { NearestView } from "../views/nearest.js";
import { citation, troubleText } from "./evaluation-panel.js";

const find = (id) => document.getElementById(id);

/** `evaluation`: the EvaluationController. */
export function openRoom({ state, evaluation }) {
  openMeasure(state, evaluation);
  openNearest(state, evaluation);
}

function openMeasure(state, evaluation) {
  const view = new MeasureView(find("measure-panel"), {
    measure: (extent) => evaluation.measure(extent),
    stop: () => evaluation.stop(),
    remove: (result) => evaluation.remove(result),
    table: (format) => asFormat(format, state.measured.value, citation()),
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
      results: state.measured.value,
      elsewhere: state.measurements.value.length - state.measured.value.length,
      data: state.dataset.value.name,
    };
  });
}

function openNearest(state, evaluation) {
  const view = new NearestView(find("nearest-panel"), {
    retry: () => evaluation.retry(),
    refresh: () => evaluation.refresh(),
  });
  connect(view, () => {
    const { answer, trouble } = state.neighbours.value;
    return {
      description: null,
      step: null,
      stale: false,
      ...state.evaluated.value,
      busy: state.measurement.value.status === "measuring",
      phase: state.evaluatorPhase.value,
      progress: state.testCodes.value.progress,
      open: state.open.value.nearest,
      names: state.dataset.value.labelled ? state.dataset.value.classes : [],
      answer,
      trouble: troubleText(trouble ?? state.testCodes.value.trouble),
    };
  });
}
