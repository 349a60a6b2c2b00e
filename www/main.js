// Wires the page: the worker that answers at once, the state, the controllers, and a panel for each subject.

import { DataSets } from "./data-sets/data-sets.js";
import { ExploreController } from "./explore/explore-controller.js";
import { ShownModel } from "./explore/shown-model.js";
import { openWorkspace } from "./keep/open-workspace.js";
import { DataChoice } from "./page/data-choice.js";
import { reportFailedStart, reportLostViewer, reportUncaught } from "./page/failures.js";
import { firstLoad, prepareWhenIdle } from "./page/first-load.js";
import { NoticeBoard } from "./page/notice-board.js";
import { openPanels } from "./page/panels.js";
import { Rooms } from "./page/rooms.js";
import { startData } from "./page/start-data.js";
import { startState } from "./page/start-state.js";
import { SystemChoice } from "./page/system-choice.js";
import { ROOM_SCRIPTS } from "./room-scripts.js";
import { wordOf } from "./settings/address.js";
import { RunSnapshots } from "./time/run-snapshots.js";
import { Trainers } from "./training/open-trainer.js";
import { TrainingController } from "./training/training-controller.js";
import { TrainingData } from "./training/training-data.js";
import { TrainingSession } from "./training/training-session.js";
import { Announcer } from "./views/announcer.js";
import { WorkerClient } from "./worker/worker-client.js";

const find = (id) => document.getElementById(id);
const page = document.documentElement;
const notices = new NoticeBoard(find("notices"));
const announcer = new Announcer(find("live"));

page.dataset.ready = "starting";
reportUncaught(notices);
start().catch((error) => {
  page.dataset.ready = "failed";
  find("boot").hidden = true;
  reportFailedStart(notices, error);
});

async function start() {
  const viewer = new WorkerClient("cpu");
  const [loaded, opened] = await Promise.all([firstLoad(viewer), openWorkspace()]);
  const { systems, weights } = loaded;
  const dataSets = new DataSets({ digits: loaded.digits, call: (action, args) => viewer.call(action, args) });
  await startData({ dataSets, opened, notices }, location.search);
  const { digits, dataset } = dataSets;
  const { state, seen } = startState(location, { systems, digits, dataset }, notices, opened.entries);
  const rooms = new Rooms(ROOM_SCRIPTS, import.meta.url);
  if (rooms.has(state.view.value)) rooms.load(state.view.value);
  const failed = (error) => reportLostViewer(notices, error);
  const explore = new ExploreController({ state, viewer, digits, failed });
  const software = wordOf(location.search, "software") === "measure";
  const trainers = new Trainers({ viewer, loadGpu: () => rooms.load("gpu"), software });
  const data = new TrainingData({ dataSets, progress: state.trainingData });
  const sources = { data: (info) => data.raw(info), dataset: () => dataset.value };
  const settings = () => state.runValues.value;
  const session = new TrainingSession({ trainers, ...sources, settings });
  const snapshots = new RunSnapshots({ state, viewer, session });
  const shownModel = new ShownModel({ state, viewer, explore, session, notices, announcer });
  const shared = { state, viewer, explore, shownModel, session, systems, announcer, notices };
  const training = new TrainingController({ ...shared, trainers, data });
  const choice = new SystemChoice({ state, training, explore, shownModel });
  const dataChoice = new DataChoice({ ...shared, dataSets, training, choice });

  await explore.show("z20", weights);
  const parts = { ...loaded, opened, digits, dataSets, dataChoice, training, snapshots, choice, seen, rooms };
  const { openChart, startViews } = await openPanels(shared, parts);
  find("boot").hidden = true;
  page.dataset.ready = "true";
  openChart();
  startViews();
  prepareWhenIdle({ state, rooms, training, data });
}
