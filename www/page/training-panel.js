// The training panel: its views, connected to the state and to the training controller.

import { computed } from "@preact/signals-core";
import { text } from "../messages/text.js";
import { closedForms, settingsOfRun } from "../training/run-settings.js";
import { connect } from "../views/connect.js";
import { chartInWords, LossChartView } from "../views/loss-chart.js";
import { LossReadout } from "../views/loss-readout.js";
import { LossSparkline } from "../views/loss-sparkline.js";
import { LossTableView } from "../views/loss-table.js";
import { ProgressView } from "../views/progress.js";
import { RunList } from "./run-list.js";

/**
 * Returns {openChart, runList}: a function that loads the library of the loss chart, because the page works without it and should not wait
 * for it, and the RunList whose curves are in it.
 */
export function openTrainingPanel({ state, systems, training, notices }) {
  const runList = new RunList({ state, systems });
  const root = document.getElementById("train-panel");
  const bar = document.getElementById("bar");
  const progress = new ProgressView(root, bar, {
    play: () => training.toggle(),
    step: () => training.step(),
    restart: () => training.restart(),
    newSeed: () => training.newSeed(),
    recover: () => training.recover(),
  });
  // From what does not change with every report of progress.
  const settings = computed(() => settingsOfRun({ made: state.made.value }, state.runValues.value));
  const dataKey = computed(() => (state.run.value.dataset ?? state.dataset.value).key);
  const status = computed(() => state.run.value.status);
  const forms = computed(() => {
    const run = { status: status.value, made: state.made.value };
    return closedForms(run, state.values.value, state.runIsOfOtherSystem.value);
  });
  connect(progress, () => ({
    run: state.run.value,
    data: state.trainingData.value,
    ofOtherSystem: state.runIsOfOtherSystem.value,
    settings: settings.value,
    epochs: state.runValues.value.epochs,
    ...forms.value,
  }));
  connect(new LossTableView(root), () => ({
    losses: state.losses.value,
    settings: settings.value,
    data: dataKey.value,
  }));
  connect(new LossSparkline(bar.querySelector("#bar-losses")), () => ({
    curves: state.history.value,
    losses: state.losses.value,
    words: chartInWords(state.history.value),
  }));
  const find = (id) => root.querySelector(`#${id}`);
  const chart = new LossChartView(find("chart"), {
    toggle: find("chart-whole"),
    slider: find("chart-step"),
    readout: new LossReadout(find("readout")),
  });
  connect(chart, () => ({
    curves: state.history.value,
    overlay: runList.overlay,
    likelihood: settings.value.likelihood,
    data: dataKey.value,
    snapshot: state.snapshot.value,
  }));
  const refused = () => notices.show({ name: "chart", text: text("training.notice.no_chart"), kind: "info" });
  return { openChart: () => chart.open().catch(refused), runList };
}
