// Opens every panel of the page, once the first weights are shown.

import { openComparePanel } from "./compare-panel.js";
import { openEvaluationPanels } from "./evaluation-panel.js";
import { openExperiments } from "./experiments-panel.js";
import { openExplorePanels } from "./explore-panel.js";
import { openKeepPanel } from "./keep-panel.js";
import { watchLifecycle } from "./lifecycle.js";
import { openPathsPanel } from "./paths-panel.js";
import { openPosteriorPanel } from "./posterior-panel.js";
import { openSettingsPanel } from "./settings-panel.js";
import { openSharePanel } from "./share-panel.js";
import { showSeen } from "./shared-view.js";
import { openShortcuts } from "./shortcuts.js";
import { openTimePanel } from "./time-panel.js";
import { openTrainingPanel } from "./training-panel.js";
import { openWorkbench } from "./workbench.js";

/**
 * `shared`: state and controllers; `digits`, `widths`: of the first load; `opened`: what is kept; `seen`: what the address brings. Resolves
 * to {openChart, startViews}: what the page must not wait for.
 */
export async function openPanels(
  shared,
  { digits, widths, opened, dataset, training, snapshots, choice, seen },
) {
  const { state, systems, explore, notices, announcer } = shared;
  openExplorePanels({ ...shared, digits, widths });
  openSettingsPanel({ state, systems, choose: (system) => choice.choose(system) });
  const { openChart, runList } = openTrainingPanel({ ...shared, training });
  const { evaluation, openWorker } = openEvaluationPanels({ ...shared, dataset });
  openPathsPanel({ ...shared, digits, openWorker });
  const startViews = openWorkbench({ state, evaluation, explore, kept: opened.entries });
  openShortcuts(document.getElementById("keys"), { training, explore, notices });
  watchLifecycle({ state, training, announcer });
  if (state.system.value !== systems[0]) await choice.start();
  const kept = await openKeepPanel({ ...shared, opened, choice, training, dataset, runList });
  openComparePanel({ ...shared, digits, dataset, keptWeights: kept.weights });
  openExperiments({ ...shared, training, choice, resume: kept.resume });
  openTimePanel({ ...shared, snapshots, training, choice, keep: kept.keep });
  openPosteriorPanel(shared);
  await showSeen(shared, seen);
  openSharePanel({ ...shared, digits });
  return { openChart, startViews };
}
