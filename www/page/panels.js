// Opens every panel of the page, once the first weights are shown.

import { MNIST } from "../data-sets/shipped.js";
import { openDataSelect } from "./data-choice.js";
import { openDrops } from "./drops.js";
import { openEvaluationPanels } from "./evaluation-panel.js";
import { openExplorePanels } from "./explore-panel.js";
import { openKeepPanel } from "./keep-panel.js";
import { watchLifecycle } from "./lifecycle.js";
import { openLinks } from "./links.js";
import { openSettingsPanel } from "./settings-panel.js";
import { showSeen } from "./shared-view.js";
import { openShortcuts } from "./shortcuts.js";
import { openStudy } from "./study-files.js";
import { openTimePanel } from "./time-panel.js";
import { openTrainingPanel } from "./training-panel.js";
import { openWorkbench } from "./workbench.js";

/**
 * `shared`: state and controllers; `digits`, `widths`: of the first load; `opened`: what is kept; `seen`: what the address brings; `rooms`: the
 * Rooms. Resolves to {openChart, startViews}: what the page must not wait for.
 */
export async function openPanels(
  shared,
  { digits, widths, opened, dataSets, dataChoice, training, snapshots, choice, seen, rooms },
) {
  const { state, systems, explore, notices, announcer } = shared;
  openExplorePanels({ ...shared, digits, widths });
  openSettingsPanel({ state, systems, choose: (system) => choice.choose(system) });
  const { openChart, runList } = openTrainingPanel({ ...shared, training });
  const { evaluation, openWorker } = openEvaluationPanels({ ...shared, dataSets });
  const startViews = openWorkbench({ state, evaluation, explore, rooms, kept: opened.entries });
  openShortcuts(document.getElementById("keys"), { training, explore, notices });
  watchLifecycle({ state, training, announcer });
  if (state.system.value !== systems[0] || state.dataset.value !== MNIST) await choice.start();
  openDataSelect({ state, dataSets, dataChoice });
  const { keep, runs } = await openKeepPanel({ ...shared, opened, choice, dataChoice, training, dataSets });
  openTimePanel({ ...shared, snapshots, training, choice, keep });
  await showSeen(shared, seen);
  const link = openLinks({ state, systems, digits });
  const openStudyFile = (file) => openStudy(file, { ...shared, rooms });
  const own = {
    digits,
    dataSets,
    dataChoice,
    training,
    choice,
    runList,
    evaluation,
    openWorker,
    keep,
    runs,
    link,
    openStudy: openStudyFile,
  };
  rooms.wire({ ...shared, ...own });
  openDrops({ ...shared, rooms, openStudy: openStudyFile });
  return { openChart, startViews };
}
