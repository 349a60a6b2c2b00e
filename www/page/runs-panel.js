// Wires the table of runs.

import { cleanName } from "../keep/run-name.js";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { runCommand } from "../training/run-command.js";
import { connect } from "../views/connect.js";
import { RunTableView } from "../views/run-table.js";
import { showRefusal } from "./keep-panel.js";

/** `keep`: the KeepController; `runs`: the RunChoice; `runList`: the RunList. */
export function openRoom({ keep, runs, runList, notices }) {
  const label = (id, labels) =>
    keep.labelRun(id, labels).catch((error) => {
      notices.show({ name: "kept", text: text("keep.not_labelled", { reason: sentence(error) }) });
    });
  const table = new RunTableView(document.getElementById("runs"), {
    draw: (id, wanted) => runList.draw(id, wanted),
    resume: (id) => runs.resume(id),
    rename: (id, typed) => label(id, { name: cleanName(typed) }),
    pin: (id, pinned) => label(id, { pinned }),
    remove: (id) => runs.remove(id).catch((error) => showRefusal(error, notices)),
    command: (id) => {
      const recipe = runList.recipe(id);
      return recipe && runCommand(recipe);
    },
  });
  connect(table, () => ({ runs: runList.rows }));
}
