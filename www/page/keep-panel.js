// Wires what is kept between visits: what comes back at the start, the kept runs, the button that deletes all, and the sentences about
// what cannot be kept.

import { effect } from "@preact/signals-core";
import { KeepController } from "../keep/keep-controller.js";
import { keptValues } from "../keep/kept-values.js";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { connect } from "../views/connect.js";
import { KeptView } from "../views/kept.js";
import { KeptRunsView } from "../views/kept-runs.js";
import { restoreCode } from "./kept-code.js";
import { watchNewVersion } from "./new-version.js";
import { RunChoice } from "./run-choice.js";

const find = (id) => document.getElementById(id);

/** `opened`: as `openWorkspace` resolves to it. Resolves once what was kept is shown, or offered. */
export async function openKeepPanel({ state, systems, session, training, choice, opened, notices, ...rest }) {
  const keep = new KeepController({ state, session, opened, values: keptValues(state, systems) });
  const runs = new RunChoice({ state, systems, training, choice, keep, notices, opened });
  await restoreCode({ state, ...rest }, opened.entries.code);
  openPanels({ state, keep, runs, notices });
  connect({ update: (keeping) => showKeeping(keeping, notices) }, () => state.keeping.value);
  connect({ update: (failures) => showUnreadable(failures, keep, notices) }, () => state.unreadable.value);
  askBeforeLoss(state);
  watchNewVersion({ session, keep, notices });
  document.addEventListener("visibilitychange", () => document.hidden && keep.flush());
  window.addEventListener("pagehide", () => keep.flush());
  await keep.start();
  runs.offer();
}

function openPanels({ state, keep, runs, notices }) {
  const refused = (error) => showRefusal(error, notices);
  const view = new KeptView(find("kept"), {
    remove: () => keep.removeAll().catch(refused),
    opened: () => keep.measure().catch(refused),
  });
  connect(view, () => ({
    bytes: state.keptBytes.value,
    deleted: state.keeping.value.status === "deleted" && state.keptBytes.value !== null, // not before it is done
    offline: state.offline.value,
  }));
  const list = new KeptRunsView(find("kept-runs"), {
    resume: (id) => runs.resume(id),
    remove: (id) => keep.removeRun({ id }).catch(refused),
  });
  connect(list, () => ({ runs: runs.others }));
}

/** Says once what is not kept, and why. */
function showKeeping({ status, failure }, notices) {
  if (status === "elsewhere") notices.show({ name: "keeping", text: text("keep.elsewhere"), kind: "info" });
  else if (failure)
    notices.show({
      name: "keeping",
      text: sentence(failure),
      kind: failure.kind === "keep_full" ? "error" : "info",
    });
  else notices.clear("keeping");
}

function showUnreadable(failures, keep, notices) {
  if (failures.length === 0) return notices.clear("unreadable");
  const reasons = [...new Set(failures.map(sentence))].join(" ");
  const remove = () => keep.removeUnreadable().catch((error) => showRefusal(error, notices));
  const actions = { [text("keep.delete_unreadable")]: remove };
  notices.show({ name: "unreadable", text: text("keep.unreadable", { reasons }), actions });
}

function showRefusal(error, notices) {
  notices.show({ name: "kept", text: text("keep.not_deleted", { reason: sentence(error) }) });
}

/** The browser asks before the page is left where steps would be lost that cannot be kept. */
function askBeforeLoss(state) {
  const ask = (event) => {
    event.preventDefault();
    event.returnValue = true; // for browsers of before 2023
  };
  effect(() => {
    const { status, failure } = state.keeping.value;
    const canKeep = status !== "elsewhere" && failure === null;
    const wouldLose = !canKeep && state.run.value.step > state.runKept.value.step;
    if (wouldLose) window.addEventListener("beforeunload", ask);
    else window.removeEventListener("beforeunload", ask);
  });
}
