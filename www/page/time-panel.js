// Wires looking back: the handle on the small curve of the run, and the row of the moment shown.

import { TimeController } from "../time/time-controller.js";
import { presentAt } from "../training/curve-overlay.js";
import { connect } from "../views/connect.js";
import { TimeView } from "../views/time.js";

const find = (id) => document.getElementById(id);

/** `moments`: the RunMoments; `keep`: what keeps runs and their moments. */
export function openTimePanel({ state, systems, moments, shownModel, training, choice, keep, ...rest }) {
  moments.keepIn(keep);
  const time = new TimeController({ state, moments, shownModel, branch, ...rest });
  const view = new TimeView(
    { range: find("time-range"), row: find("time") },
    {
      look: (step) => time.look(step),
      move: (by) => time.move(by),
      present: () => time.present(),
      replay: () => time.replay(),
      stop: () => time.stop(),
      branch: () => time.branch(),
    },
  );
  connect(view, () => {
    const moment = state.moment.value;
    return {
      moments: state.moments.value,
      moment,
      step: state.run.value.step,
      replaying: state.replaying.value !== null,
      losses: moment ? lossesAt(state.history.value, moment.step) : null,
      branches: state.run.value.status !== "starting",
    };
  });

  /** Trains another run from the weights of a moment, with the settings of now; `begins()` is called before. */
  async function branch(moment, begins) {
    const { run, runIsOfOtherSystem } = state;
    if (runIsOfOtherSystem.peek()) choice.chooseOfRun(systems.find(({ name }) => name === run.peek().system));
    await training.branch(moment, moments.weights(moment), () => {
      moments.willBranch(moment.step);
      keep.willBranch();
      begins();
    });
  }
}

/** {train, test}: total losses of a moment in nats per image, as the curves have them, or null. */
function lossesAt(curves, step) {
  if (step === 0) return { train: null, test: null };
  const { train, quick, full } = presentAt(curves, step);
  const [test] = [quick, full].filter(Boolean).sort((a, b) => b.step - a.step);
  return { train: train?.total ?? null, test: test?.total ?? null };
}
