// The training panel: its views, connected to the state and to the training controller.

import { text } from "../messages/text.js";
import { closedForms, settingsOfRun } from "../training/run-settings.js";
import { connect } from "../views/connect.js";
import { chartInWords, LossChartView } from "../views/loss-chart.js";
import { LossSparkline } from "../views/loss-sparkline.js";
import { LossTableView } from "../views/loss-table.js";
import { ProgressView } from "../views/progress.js";

/** Returns a function that loads the library of the loss chart: the page works without it and should not wait for it. */
export function openTrainingPanel({ state, training, notices }) {
  const root = document.getElementById("train-panel");
  const bar = document.getElementById("bar");
  const progress = new ProgressView(root, bar, {
    play: () => training.toggle(),
    step: () => training.step(),
    restart: () => training.restart(),
    newSeed: () => training.newSeed(),
    recover: () => training.recover(),
  });
  const settings = () => settingsOfRun(state.run.value, state.runValues.value);
  connect(progress, () => ({
    run: state.run.value,
    data: state.trainingData.value,
    ofOtherSystem: state.runIsOfOtherSystem.value,
    settings: settings(),
    epochs: state.runValues.value.epochs,
    ...closedForms(state.run.value, state.values.value, state.runIsOfOtherSystem.value),
  }));
  connect(new LossTableView(root), () => ({ losses: state.losses.value, settings: settings() }));
  connect(new LossSparkline(bar.querySelector("#bar-losses")), () => ({
    curves: state.history.value,
    losses: state.losses.value,
    words: chartInWords(state.history.value),
  }));
  const chart = new LossChartView(root.querySelector("#chart"), root.querySelector("#chart-whole"));
  connect(chart, () => ({ curves: state.history.value, likelihood: settings().likelihood }));
  const refused = () => notices.show({ name: "chart", text: text("training.notice.no_chart"), kind: "info" });
  return () => chart.open().catch(refused);
}
