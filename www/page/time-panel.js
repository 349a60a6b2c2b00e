// Wires looking back: the handle on the small curve of the run, and the row of the snapshot shown.

import { TimeController } from "../time/time-controller.js";
import { presentAt } from "../training/curve-overlay.js";
import { connect } from "../views/connect.js";
import { TimeView } from "../views/time.js";

const find = (id) => document.getElementById(id);

/** `snapshots`: the RunSnapshots; `keep`: what keeps runs and their snapshots. */
export function openTimePanel({ state, systems, snapshots, shownModel, training, choice, keep, ...rest }) {
  snapshots.keepIn(keep);
  const time = new TimeController({ state, snapshots, shownModel, branch, ...rest });
  const view = new TimeView(
    { range: find("time-range"), row: find("time") },
    {
      goTo: (step) => time.goTo(step),
      move: (by) => time.move(by),
      present: () => time.present(),
      replay: () => time.replay(),
      stop: () => time.stop(),
      branch: () => time.branch(),
    },
  );
  connect(view, () => {
    const snapshot = state.snapshot.value;
    return {
      snapshots: state.snapshots.value,
      snapshot,
      step: state.run.value.step,
      replaying: state.replaying.value !== null,
      losses: snapshot ? lossesAt(state.history.value, snapshot.step) : null,
      branches: state.run.value.status !== "starting",
    };
  });

  /** Trains another run from the weights of a snapshot, with the settings of now; `begins()` is called before. */
  async function branch(snapshot, begins) {
    const { run, runIsOfOtherSystem } = state;
    if (runIsOfOtherSystem.peek()) choice.chooseOfRun(systems.find(({ name }) => name === run.peek().system));
    await training.branch(snapshot, snapshots.weights(snapshot), () => {
      snapshots.willBranch(snapshot.step);
      keep.willBranch();
      begins();
    });
  }
}

/** {train, test}: total losses of a snapshot in nats per image, as the curves have them, or null. */
function lossesAt(curves, step) {
  if (step === 0) return { train: null, test: null };
  const { train, quick, full } = presentAt(curves, step);
  const [test] = [quick, full].filter(Boolean).sort((a, b) => b.step - a.step);
  return { train: train?.total ?? null, test: test?.total ?? null };
}
