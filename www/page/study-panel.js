// Wires the results of a study: its configurations are listed, and their curves are drawn over those of the runs.

import { batch } from "@preact/signals-core";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { readStudy } from "../training/study-file.js";
import { connect } from "../views/connect.js";
import { StudyTableView } from "../views/study-table.js";

const NOTICE = "study";

/** Returns {open(file)}: shows the results in a File; where they are damaged, what was shown stays. */
export function openRoom({ state, runList, notices, announcer }) {
  const show = (study) =>
    batch(() => {
      state.configurationsWanted.value = {};
      state.study.value = study;
    });
  const table = new StudyTableView(document.getElementById("study"), {
    draw: (name, wanted) => {
      state.configurationsWanted.value = { ...state.configurationsWanted.peek(), [name]: wanted };
    },
    close: () => show(null),
  });
  connect(table, () => ({ file: state.study.value?.file ?? null, configurations: runList.configurations }));
  return {
    async open(file) {
      try {
        const study = await readStudy(file);
        notices.clear(NOTICE);
        show(study);
        state.view.value = "train";
        announcer.say(text("study.opened", { file: file.name, count: study.configurations.length }));
      } catch (error) {
        notices.show({
          name: NOTICE,
          text: text("study.refused", { file: file.name, reason: sentence(error) }),
        });
      }
    },
  };
}
