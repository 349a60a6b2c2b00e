// Wires the page: the worker that answers at once, the state, the controllers, and a panel for each subject.

import { EvaluationClient } from "./evaluation/evaluation-client.js";
import { EvaluationController } from "./evaluation/evaluation-controller.js";
import { ExploreController } from "./explore/explore-controller.js";
import { ShownModel } from "./explore/shown-model.js";
import { Dataset } from "./files/dataset.js";
import { openEvaluationPanels } from "./page/evaluation-panel.js";
import { openExplorePanels } from "./page/explore-panel.js";
import { reportFailedStart, reportLostViewer, reportUncaught } from "./page/failures.js";
import { firstLoad, prepareWhenIdle } from "./page/first-load.js";
import { watchLifecycle } from "./page/lifecycle.js";
import { NoticeBoard } from "./page/notice-board.js";
import { openSettingsPanel } from "./page/settings-panel.js";
import { openShortcuts } from "./page/shortcuts.js";
import { SystemChoice } from "./page/system-choice.js";
import { openTrainingPanel } from "./page/training-panel.js";
import { settingsFromQuery, systemFromQuery } from "./settings/address.js";
import { createState } from "./state.js";
import { openTraining } from "./training/open-training.js";
import { Announcer } from "./views/announcer.js";
import { WorkerClient } from "./worker/worker-client.js";

const find = (id) => document.getElementById(id);
const page = document.documentElement;
const notices = new NoticeBoard(find("notices"));
const announcer = new Announcer(find("live"));

reportUncaught(notices);
start().catch((error) => {
  page.dataset.ready = "failed";
  find("boot").hidden = true;
  reportFailedStart(notices, error);
});

async function start() {
  const viewer = new WorkerClient("cpu");
  const { systems, weights, digits } = await firstLoad(viewer);
  const state = stateFromAddress(systems);
  const dataset = new Dataset();
  const explore = new ExploreController({ state, viewer, digits, failed: (error) => reportLostViewer(notices, error) });
  const { session, trainers, data } = openTraining({ state, dataset, viewer, digits });
  const shownModel = new ShownModel({ state, explore, session, systems, notices, announcer });
  const training = new TrainingController({ state, session, trainers, data, viewer, explore, shownModel, announcer, notices });
  const client = new EvaluationClient({ dataset, phase: state.evaluatorPhase });
  const evaluation = new EvaluationController({ state, client, shownModel, session, systems, announcer });
}
