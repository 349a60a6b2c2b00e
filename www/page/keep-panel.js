// Wires what is kept between visits: what comes back at the start, the runs that can be continued, the button that deletes all, and the
// sentences about what cannot be kept.

import { effect } from "@preact/signals-core";
import { KeepController } from "../keep/keep-controller.js";
import { keptValues, runAddress } from "../keep/kept-values.js";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { isEmbedded } from "../settings/address.js";
import { connect } from "../views/connect.js";
import { KeptView } from "../views/kept.js";
import { RunOffersView } from "../views/run-offers.js";
import { watchNewVersion } from "./new-version.js";
import { restoreShown } from "./restore-shown.js";
import { RunChoice } from "./run-choice.js";
import { viewsKept } from "./views-kept.js";

const find = (id) => document.getElementById(id);
const OFFERED_TO_DELETE = 6; // runs, where the space is full

/** `opened`: as `openWorkspace` resolves to it. Resolves, once what was kept is shown or offered, to {keep, runs}: the KeepController and the RunChoice. */
export async function openKeepPanel({
  state,
  systems,
  session,
  training,
  choice,
  dataChoice,
  opened,
  dataSets,
  notices,
  ...rest
}) {
  const values = { ...keptValues(state, systems), views: viewsKept(state) };
  const keep = new KeepController({ state, session, opened, values, address: runAddress(state, systems) });
  const { shownModel } = rest;
  const runs = new RunChoice({
    state,
    systems,
    training,
    choice,
    keep,
    notices,
    opened,
    shownModel,
    dataSets,
    dataChoice,
  });
  await restoreShown({ state, notices, ...rest }, opened.entries, await keep.file());
  openPanels({ state, keep, runs, notices });
  openNotices({ state, keep, runs, notices });
  if (!isEmbedded()) askBeforeLoss(state);
  watchNewVersion({ session, keep, notices });
  effect(() => {
    if (state.keeping.value.status === "deleted" || isEmbedded()) dataSets.keepNothing();
  });
  document.addEventListener("visibilitychange", () => document.hidden && keep.flush());
  window.addEventListener("pagehide", () => keep.flush());
  await keep.start();
  runs.offer();
  return { keep, runs };
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
  connect(new RunOffersView(find("run-offers")), () => runs.offers);
}

function openNotices({ state, keep, runs, notices }) {
  const remove = (id) => keep.removeRun({ id }).catch((error) => showRefusal(error, notices));
  const keeping = new KeepingNotice(notices, remove);
  connect(keeping, () => {
    const { status, failure } = state.keeping.value;
    return { status, failure, runs: failure?.kind === "keep_full" ? runs.others : [] };
  });
  connect({ update: (failures) => showUnreadable(failures, keep, notices) }, () => state.unreadable.value);
}

/** Says once what is not kept, and why; where the space is full, asks which run to delete. */
class KeepingNotice {
  #notices;
  #remove;
  #shown = "";

  constructor(notices, remove) {
    this.#notices = notices;
    this.#remove = remove;
  }

  update({ status, failure, runs }) {
    const words = status === "elsewhere" && !failure ? text("keep.elsewhere") : failure && sentence(failure);
    const offered = runs.filter(({ unsaved }) => !unsaved).slice(-OFFERED_TO_DELETE);
    const shown = JSON.stringify([words, offered.map(({ id }) => id)]);
    if (shown === this.#shown) return; // a notice that was closed stays closed
    this.#shown = shown;
    if (!words) return this.#notices.clear("keeping");
    const full = failure?.kind === "keep_full";
    const actions = Object.fromEntries(
      offered.map((run) => [text("keep.delete_to_make_room", run), () => this.#remove(run.id)]),
    );
    const question = full && offered.length > 0 ? ` ${text("keep.which_to_delete")}` : "";
    const kind = full ? "error" : "info";
    this.#notices.show({ name: "keeping", text: words + question, kind, actions });
  }
}

function showUnreadable(failures, keep, notices) {
  if (failures.length === 0) return notices.clear("unreadable");
  const reasons = [...new Set(failures.map(sentence))].join(" ");
  const remove = () => keep.removeUnreadable().catch((error) => showRefusal(error, notices));
  const actions = { [text("keep.delete_unreadable")]: remove };
  notices.show({ name: "unreadable", text: text("keep.unreadable", { reasons }), actions });
}

export function showRefusal(error, notices) {
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
    const canKeep = ["keeping", "elsewhere"].includes(status) && failure === null;
    const present = state.run.value.step > state.runKept.value.step;
    const wouldLose = !canKeep && (present || state.keptRuns.value.some(({ unsaved }) => unsaved));
    if (wouldLose) window.addEventListener("beforeunload", ask);
    else window.removeEventListener("beforeunload", ask);
  });
}
